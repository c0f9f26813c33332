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

describe('the documentation of the pipelines is true', () => {
  const readme = readFileSync(`${PIPELINES}README.md`, 'utf8');

  test('it names every variable that a config reads, and no other', () => {
    const read = pipelineFiles().flatMap((file) => variablesIn(readFileSync(PIPELINES + file, 'utf8')));
    const table = readme.split('\n').filter((line) => /^\| [A-Z]+_[A-Z_, ]+ \|/.test(line));
    const named = table.flatMap((line) => line.split('|')[1]?.trim().split(', ') ?? []);
    expect(named.sort()).toEqual([...new Set([...read, 'DETRAILS_PIPELINES'])].sort());
  });

  test('the call that docs/logstash.md recommends passes the check', () => {
    const docs = readFileSync(new URL('../../docs/logstash.md', import.meta.url), 'utf8');
    const call = /```\nhttp \{([\s\S]*?)\n\}\n```/.exec(docs)?.[1];
    expect(checkConfig(`filter { http { id => "detrails" ${call} } }`, table)).toEqual([]);
  });

  test('every pipeline of pipelines.yml, commented or not, is a folder', () => {
    const paths = readFileSync(`${PIPELINES}pipelines.yml`, 'utf8').matchAll(
      /path\.config: "[^"]*\/([\w-]+)\/\*\.conf"/g,
    );
    const folders = [...paths].map((match) => match[1] ?? '');
    expect(folders).toHaveLength(4);
    for (const folder of folders) expect(readdirSync(PIPELINES + folder)).toContain('20-detrails.conf');
  });

  test('pipelines.yml, added to that of a Logstash as it is, starts one pipeline', () => {
    const started = readFileSync(`${PIPELINES}pipelines.yml`, 'utf8').match(/^- pipeline\.id: .*$/gm);
    expect(started).toEqual(['- pipeline.id: cloudtrail-s3']);
  });
});

function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$\{(\w+)/g)].map((match) => match[1] ?? '');
}
