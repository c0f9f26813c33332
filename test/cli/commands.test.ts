import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const lines = readFileSync(new URL('../../examples/escalation.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n');
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'detrails-'));
  writeFileSync(join(directory, 'b.json.gz'), gzipSync(`{"Records":[${lines.slice(6).join(',')}]}`));
  writeFileSync(join(directory, 'a.ndjson'), lines.slice(0, 6).join('\n'));
  writeFileSync(join(directory, 'notes.txt'), 'not CloudTrail');
});
afterAll(() => rmSync(directory, { recursive: true }));

async function detrails(
  args: string[],
  input = '',
  environment: Record<string, string> = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [cli, ...args], { env: { ...process.env, ...environment } });
  child.stdin.end(input);
  const code = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}

const parsed = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('detrails enrich', () => {
  test('counts a directory on standard input as what cannot be read', () => {
    const input = openSync(directory, 'r');
    const { status, stderr } = spawnSync(process.execPath, [cli, 'enrich', '-'], {
      stdio: [input, 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    closeSync(input);
    expect([status, stderr]).toEqual([1, '-: EISDIR\n0 records in 1 files, 1 failed\n']);
  });

  test.skipIf(spawnSync('script', ['--version']).error !== undefined)(
    'ends on a terminal too, where a bar shows how far it is',
    () => {
      const onTerminal = (environment: Record<string, string>) =>
        spawnSync('script', ['-qec', `"${process.execPath}" "${cli}" enrich "${directory}"`, '/dev/null'], {
          env: { ...process.env, ...environment },
          input: '',
          encoding: 'utf8',
          timeout: 20_000,
        });
      expect(onTerminal({}).stdout).toContain('12 records in 2 files, 0 failed');
      const wrong = onTerminal({ DETRAILS_SESSION_MAX: 'one' });
      expect([wrong.status, wrong.stdout]).toEqual([2, expect.stringContaining('DETRAILS_SESSION_MAX')]);
    },
    60_000,
  );

  test.skipIf(process.getuid?.() === 0)(
    'counts a directory that it may not look into, and reads the others',
    async () => {
      const outer = mkdtempSync(join(tmpdir(), 'detrails-'));
      mkdirSync(join(outer, 'a'), 0);
      mkdirSync(join(outer, 'b'));
      writeFileSync(join(outer, 'b', 'c.ndjson'), lines.join('\n'));
      const { code, err } = await detrails(['enrich', outer]);
      rmSync(outer, { recursive: true });
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(/a: EACCES\n(.|\n)*12 records in 2 files, 1 failed/),
      ]);
    },
  );

  test('says that its output cannot be written', async () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [cli, 'enrich', directory], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect([status, stderr]).toEqual([2, 'standard output: ENOSPC\n']);
  });

  test('reads a directory in the order of names, gzip too, and keeps the memory of earlier files', async () => {
    const { code, out, err } = await detrails(['enrich', '--output', 'enrichment', directory]);
    const answers = parsed(out);
    expect(code).toBe(0);
    expect(err).toContain('12 records in 2 files, 0 failed');
    expect(answers).toHaveLength(lines.length);
    expect(answers[8].origin.root.arn).toBe('arn:aws:iam::111122223333:user/dev-intern');
  });

  test('merges an array from standard input as lines', async () => {
    const { code, out } = await detrails(['enrich', '--output', 'merged', '-'], `[${lines.join(',')}]`);
    expect(code).toBe(0);
    expect(parsed(out).map((record) => [record.eventName, record.detrails.version])).toEqual(
      lines.map((line) => [JSON.parse(line).eventName, '1.0.0']),
    );
  });

  test('counts what failed and exits 1, without showing it', async () => {
    const { code, out, err } = await detrails(['enrich', '-'], `${lines[0]}\n{"password":"SECRET"}\n`);
    expect(code).toBe(1);
    expect(err).toContain('2 records in 1 files, 1 failed');
    expect(parsed(out)[1].error).toMatchObject({ code: 'not_cloudtrail', index: 1 });
    expect(out + err).not.toContain('SECRET');
  });

  test('says of several files which had records that failed, and how many', async () => {
    const [one, two] = [join(directory, 'one-broken.txt'), join(directory, 'two-broken.txt')];
    writeFileSync(one, `${lines[0]}\nSECRET\n`);
    writeFileSync(two, `{}\n${lines[1]}\nSECRET\n`);
    const { code, err } = await detrails(['enrich', one, join(directory, 'a.ndjson'), two]);
    expect(code).toBe(1);
    expect(err).toBe(`${one}: 1 failed\n${two}: 2 failed\n11 records in 3 files, 3 failed\n`);
  });

  test.each([
    [['enrich']],
    [['enrich', 'no-such-file']],
    [['no-such-command']],
    [['enrich', '--output', 'ndjson', '-']],
  ])('exits 2 on a wrong command line: %j', async (args) => {
    expect((await detrails(args)).code).toBe(2);
  });
});

describe('settings', () => {
  const commands = [
    ['enrich', '-'],
    ['policy', '-'],
    ['report', '--html', '/dev/null', '-'],
  ];
  const policy = '{"Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}}';

  test.each(commands)('of the service and of Logstash do not concern detrails %s', async (...args) => {
    const environment = {
      DETRAILS_HOST: '0.0.0.0',
      DETRAILS_URL: 'http://127.0.0.1:8080',
      DETRAILS_REDIS_URL: 'http://192.0.2.1',
      DETRAILS_TOKENS_FILE: '/no/such/file',
    };
    const input = args[0] === 'policy' ? policy : `${lines[0]}`;
    expect(await detrails(args, input, environment)).toMatchObject({ code: 0 });
  });

  test.each([
    ...commands.map((args) => [args, 'DETRAILS_SESSION_MAX']),
    [['enrich', '-'], 'DETRAILS_ALLOWED_NETWORKS'],
  ] as [string[], string][])('detrails %j says in one line that %s is wrong', async (args, name) => {
    const { code, out, err } = await detrails(args, '', { [name]: 'SECRET' });
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(new RegExp(`^.*${name}.*\n$`));
    expect(err).not.toContain('SECRET');
  });
});

describe('detrails policy', () => {
  const admin = '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

  test('says in a table what a document allows', async () => {
    const { code, out } = await detrails(['policy', '-'], admin);
    expect(code).toBe(0);
    expect(out).toContain('as good as AdministratorAccess');
    expect(out).toContain('privilege escalation');
  });

  test('says it as JSON, in either mode', async () => {
    const effective = await detrails(['policy', '--json', '-'], admin);
    expect(JSON.parse(effective.out)).toMatchObject({ mode: 'effective', admin: true });
    const cloudsplaining = await detrails(['policy', '--mode', 'cloudsplaining', '-'], admin);
    expect(JSON.parse(cloudsplaining.out).privilege_escalation[0].type).toBe('CreateAccessKey');
  });

  test('flags all risky actions as Cloudsplaining does, and refuses to in the other mode', async () => {
    const one =
      '{"Statement":{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::111122223333:role/one"}}';
    const flagged = await detrails(['policy', '--mode', 'cloudsplaining', '--flag-all', '-'], one);
    expect(JSON.parse(flagged.out).resource_exposure).toEqual(['iam:PassRole']);
    const { code, out, err } = await detrails(['policy', '--flag-all', '-'], one);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('flag_all: ');
  });

  test('exits 1 on a document that cannot be read, 2 on a file that is not there', async () => {
    const broken = await detrails(['policy', '-'], '{"Statement": "SECRET');
    expect([broken.code, broken.out]).toEqual([1, '']);
    expect(broken.err).not.toContain('SECRET');
    expect((await detrails(['policy', 'no-such-file'])).code).toBe(2);
  });

  test('exits 1 on an object that is no policy', async () => {
    const { code, out, err } = await detrails(['policy', '-'], '{"Tags":[]}');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('policy.Statement');
  });

  test.each([
    ['the document itself', admin],
    ['what the AWS CLI prints', JSON.stringify({ PolicyVersion: { Document: JSON.parse(admin) } })],
  ])('a file may begin with a byte order mark: %s', async (_what, printed) => {
    const file = join(directory, 'marked-policy.txt');
    writeFileSync(file, `\ufeff${printed}`);
    const { code, out } = await detrails(['policy', '--json', file]);
    expect([code, JSON.parse(out).kind]).toEqual([0, 'identity']);
  });

  test('takes the document, its kind and its account out of what the AWS CLI prints', async () => {
    const own =
      '{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}}';
    const output = JSON.stringify({
      Role: { Arn: 'arn:aws:iam::111122223333:role/one', AssumeRolePolicyDocument: JSON.parse(own) },
    });
    const printed = await detrails(['policy', '--json', '-'], output);
    expect(JSON.parse(printed.out)).toMatchObject({ kind: 'trust', external_accounts: [] });
    const elsewhere = await detrails(['policy', '--json', '--account', '444455556666', '-'], output);
    expect(JSON.parse(elsewhere.out)).toMatchObject({ kind: 'trust', external_accounts: ['111122223333'] });
  });

  test('an account that is none is refused', async () => {
    const { code, out, err } = await detrails(['policy', '--account', 'one', '-'], admin);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('twelve digits');
  });
});
