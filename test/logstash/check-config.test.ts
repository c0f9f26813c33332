import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { checkConfig } from '../../scripts/logstash/check-config.ts';
import { readKnownPlugins } from '../../scripts/logstash/known-plugins.ts';
import broken from './broken-pipelines.cases.json' with { type: 'json' };
import { PIPELINES, pipelineFiles } from './pipelines.ts';

const table = readKnownPlugins();

/** A call with nothing wrong, for the cases that spoil one thing of it. */
const CALL = `filter {
  http {
    id => "detrails"
    url => "\${DETRAILS_URL:http://127.0.0.1:8080}/enrich"
    verb => "POST"
    body => "%{message}"
    body_format => "json"
    target_body => "[detrails]"
    target_headers => "[@metadata][detrails_headers]"
    retry_non_idempotent => true
    connect_timeout => 1
    socket_timeout => 10
    cookies => false
    tag_on_request_failure => ["_detrails_failed"]
    tag_on_json_failure => ["_detrails_badjson"]
  }
}`;

interface Case {
  readonly name: string;
  readonly says: string;
  readonly config?: string;
  readonly without?: string;
  readonly replace?: readonly string[];
}

function configOf({ config, without, replace }: Case): string {
  if (config !== undefined) return config;
  if (without !== undefined) return CALL.replace(new RegExp(`^ *${without} .*\\n`, 'm'), '');
  const [from = '', to = ''] = replace ?? [];
  return CALL.replace(from, to);
}

describe('the check of pipelines', () => {
  test.each(pipelineFiles())('finds nothing wrong with %s', (file) => {
    expect(checkConfig(readFileSync(PIPELINES + file, 'utf8'), table)).toEqual([]);
  });

  test('finds nothing wrong with the call that the cases spoil', () => {
    expect(checkConfig(CALL, table)).toEqual([]);
  });

  test.each(broken as readonly Case[])('finds $name', (entry) => {
    const messages = checkConfig(configOf(entry), table).map(({ message }) => message);
    expect(messages.join('\n')).toContain(entry.says);
  });

  test('names the line', () => {
    const [finding] = checkConfig('input {\n  s3 {\n    id => "a"\n    bukket => "b"\n  }\n}', table).slice(
      -1,
    );
    expect(finding).toEqual({ line: 4, message: 's3 has no option bukket' });
  });

  test('has seen every file: each folder is a whole pipeline', () => {
    for (const folder of ['s3-codec-cloudtrail', 'beats-message', 'parsed-event', 're-enrich']) {
      const files = readdirSync(PIPELINES + folder).filter((name) => name.endsWith('.conf'));
      expect(files).toEqual(['10-input.conf', '20-detrails.conf', '30-output.conf']);
    }
  });
});

test('the table of plugins fits its schema', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../data/schema/logstash-plugins.json', import.meta.url), 'utf8'),
  );
  const ajv = new Ajv();
  addFormats.default(ajv);
  const isTable = ajv.compile(schema);
  expect(isTable(table) || isTable.errors).toBe(true);
});
