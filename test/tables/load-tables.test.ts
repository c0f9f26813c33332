import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config.ts';
import { loadTables } from '../../src/tables/load-tables.ts';

const data = fileURLToPath(new URL('../../data', import.meta.url));
const root = mkdtempSync(`${tmpdir()}/tables-`);
afterAll(() => rmSync(root, { recursive: true }));

/** A directory of the tables of the project, of which one has another content, or is not there. */
function tablesWith(name: string, content: string | undefined): string {
  const directory = mkdtempSync(`${root}/one-`);
  const link = (below: string): void => {
    for (const entry of readdirSync(`${data}/${below}`)) {
      const path = below === '' ? entry : `${below}/${entry}`;
      if (path === name) continue;
      if (!statSync(`${data}/${path}`).isDirectory()) symlinkSync(`${data}/${path}`, `${directory}/${path}`);
      else {
        mkdirSync(`${directory}/${path}`);
        link(path);
      }
    }
  };
  link('');
  if (content !== undefined) writeFileSync(`${directory}/${name}`, content);
  return directory;
}

describe('a table that is broken is named', () => {
  test.each([
    ['sources.json', '[{"table":', 'is not JSON'],
    ['sources.json', '{}', 'is not a list'],
    ['decision-dates.json', '{}', 'is not a list'],
    ['sources.json', '[{"table":"actions"}]', 'at /0'],
    ['decision-dates.json', '[{"table":"attack-events","sha256":"SECRET"}]', 'at /0'],
    ['generated/actions.json', '[["SECRET', 'is not JSON'],
    ['generated/actions.json', undefined, 'cannot be read: ENOENT'],
    ['generated/managed-policies.json', '[\n["arn:', 'is not JSON'],
    ['generated/managed-policies.json', undefined, 'cannot be read: ENOENT'],
    ['curated/attack-rules.json', '', 'is not JSON'],
    ['curated/risk-weights.json', '[{"id":1}]', 'at /0'],
    ['schema/risk-weights.json', '{', 'is not JSON'],
  ])('%s that holds %j', (name, content, reason) => {
    const load = () => loadTables(tablesWith(name, content));
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(`the table ${name} ${reason}`);
    expect(load).not.toThrow('SECRET');
  });

  test('one that is only at odds with the others is named', () => {
    const load = () => loadTables(tablesWith('generated/networks.bin', 'something else'));
    expect(load).toThrow(
      new ConfigError('the tables do not fit together: networks.bin is not a networks table of this format'),
    );
  });

  test.each([
    ['policy-escalations', 'CreateAccessKey', ['iam:createaccesskey']],
    ['policy-escalations', 'UpdateExistingGlueDevEndpoint', ['glue:updatedevendpoint']],
    ['credential-actions', 'iam:createaccesskey', []],
    ['exfiltration-actions', 'ssm:GetParameter', []],
  ])(
    'the row of %s that names an action which AWS does not have is named: %s',
    (table, row, [action = row]) => {
      const text = readFileSync(`${data}/curated/${table}.json`, 'utf8');
      const load = () =>
        loadTables(tablesWith(`curated/${table}.json`, text.replaceAll(`"${action}"`, `"${action}x"`)));
      expect(load).toThrow(ConfigError);
      expect(load).toThrow(new RegExp(`${table}: .*${action}x is not in the table of actions`));
    },
  );

  test('the technique that a parameter adds is named where it is none of ATT&CK', () => {
    const table = 'curated/telling-calls.json';
    const text = readFileSync(`${data}/${table}`, 'utf8').replaceAll(
      '"T1486", "tactics"',
      '"T1562", "tactics"',
    );
    expect(() => loadTables(tablesWith(table, text))).toThrow(
      new ConfigError('the tables do not fit together: T1562 is not an active id of the ATT&CK tables'),
    );
  });

  test.each([
    ['a number beside a text', { tests: [{ parameter: 'x', atMost: 7, equals: ['none'] }] }],
    ['an account beside a text', { tests: [{ parameter: 'x', otherAccount: true, startsWith: ['arn:'] }] }],
    ['an account beside a number', { tests: [{ parameter: 'x', otherAccount: true, atLeast: 1 }] }],
    ['every element of nothing', { tests: [{ parameter: 'x' }], elements: 'every' }],
    [
      'a network, which only harmless calls are asked for',
      { tests: [{ parameter: 'x', networks: ['10.0.0.0/8'] }] },
    ],
    [
      'a prefix beside an account',
      { tests: [{ parameter: 'x', prefixAtMost: { ipv4: 8, ipv6: 32 }, otherAccount: true }] },
    ],
  ])('a telling call that asks for what nothing would look at is named: %s', (_what, asked) => {
    const row = {
      eventSource: 's3.amazonaws.com',
      events: ['PutObject'],
      ...asked,
      more: { level: 'high' },
      reason: 'A reason.',
      reference: 'https://docs.aws.amazon.com/x',
    };
    const load = () => loadTables(tablesWith('curated/telling-calls.json', JSON.stringify([row])));
    expect(load).toThrow('the table curated/telling-calls.json at /0');
  });

  test.each([
    ['a renaming that does not say to what', { operation: 'rename' }],
    ['an end that says a new name', { operation: 'end', newName: ['requestParameters.to'] }],
    ['a put that says a new name', { operation: 'put', newName: ['requestParameters.to'] }],
    ['an end with a document', { operation: 'end', document: ['requestParameters.policy'] }],
  ])('a policy event that asks for what nothing would look at is named: %s', (_what, asked) => {
    const row = {
      eventSource: 'iam.amazonaws.com',
      events: ['DeleteUser'],
      kind: 'identity',
      subject: { type: 'user', name: ['requestParameters.userName'] },
      effective: 'always',
      ...asked,
      reason: 'A reason.',
      reference: 'https://docs.aws.amazon.com/x',
    };
    const load = () => loadTables(tablesWith('curated/policy-events.json', JSON.stringify([row])));
    expect(load).toThrow('the table curated/policy-events.json at /0');
  });

  test('a row that only follows Cloudsplaining may name such an action, as its own list does', () => {
    const table = 'curated/credential-actions.json';
    const text = readFileSync(`${data}/${table}`, 'utf8').replace(
      'gamelist:getcomputeaccess',
      'gamelist:none',
    );
    expect(() => loadTables(tablesWith(table, text))).not.toThrow();
  });

  test('the setting is named where the directory is none', () => {
    for (const directory of [`${root}/nowhere`, `${data}/sources.json`])
      expect(() => loadTables(directory)).toThrow(
        new ConfigError('DETRAILS_TABLES_DIR is not the name of a directory'),
      );
  });
});
