import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { makeToken } from '../../src/http/tokens.ts';
import { SCOPES } from '../../src/scopes.ts';
import { type Service, startService } from '../../src/service.ts';
import { post, rawConnection } from '../reliability/raw-connection.ts';

const record = readFileSync(new URL('../../examples/create-policy-version.json', import.meta.url), 'utf8');
const policy = '{"policy":{"Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}}}';
let service: Service;

beforeAll(async () => {
  service = await startService(
    loadConfig({ DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'silent', DETRAILS_DRAIN_SECONDS: '0' }),
  );
});
afterAll(() => service.stop('the end of the tests'));

async function statusOf(
  path: string,
  headers: Record<string, string>,
  { url } = service,
): Promise<string | undefined> {
  const connection = await rawConnection(url);
  const body = path === '/policies/analyze' ? policy : record;
  await connection.write(post(path, body, headers) + body);
  const text = await connection.answers(1);
  connection.socket.destroy();
  return /^HTTP\/1\.1 (\d+)/.exec(text)?.[1];
}

const PATHS = ['/enrich', '/enrich/batch', '/sessions', '/policies/analyze'];

const FOREIGN: readonly Record<string, string>[] = [
  { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://attacker.example' },
  { 'Sec-Fetch-Site': 'same-site', Origin: 'http://localhost:3000', host: 'localhost:8080' },
  { origin: 'https://attacker.example' },
  { ORIGIN: 'null' },
];

test.each(PATHS.flatMap((path) => FOREIGN.map((headers) => [path, headers] as const)))(
  'what a page of another site sends to %s with %o is refused',
  async (path, headers) => {
    expect(await statusOf(path, headers)).toBe('403');
  },
);

const OWN: readonly Record<string, string>[] = [
  {},
  { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://detrails.example', host: 'behind-a-proxy' },
  { 'Sec-Fetch-Site': 'none' },
  { Origin: 'http://127.0.0.1:8080', host: '127.0.0.1:8080' },
];

test.each(PATHS.flatMap((path) => OWN.map((headers) => [path, headers] as const)))(
  'what a page of its own sends to %s with %o, or no browser, is answered',
  async (path, headers) => {
    expect(await statusOf(path, headers)).toBe('200');
  },
);

test('a token that lets a caller in does not let in a page of another site', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'detrails-'));
  const tokens = join(directory, 'tokens');
  const { line, token } = makeToken('page', SCOPES);
  writeFileSync(tokens, `${line}\n`);
  const guarded = await startService(
    loadConfig({
      DETRAILS_PORT: '0',
      DETRAILS_LOG_LEVEL: 'silent',
      DETRAILS_DRAIN_SECONDS: '0',
      DETRAILS_TOKENS_FILE: tokens,
    }),
  );
  const authorization = `Bearer ${token}`;
  const own = await statusOf('/enrich', { authorization }, guarded);
  const foreign = await statusOf('/enrich', { authorization, 'Sec-Fetch-Site': 'cross-site' }, guarded);
  await guarded.stop('the end of the test');
  rmSync(directory, { recursive: true });
  expect([own, foreign]).toEqual(['200', '403']);
});

test('a link of another site may be followed', async () => {
  const response = await service.app.inject({ url: '/livez', headers: { 'sec-fetch-site': 'cross-site' } });
  expect(response.statusCode).toBe(200);
});
