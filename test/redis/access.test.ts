import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort, REDIS_VERSION, RedisServer } from '../../harness/redis-server.ts';
import { loadConfig } from '../../src/config.ts';
import { createContext } from '../../src/context.ts';

const directory = mkdtempSync(`${tmpdir()}/redis-tls-`);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function isUp(settings: Record<string, string>): Promise<boolean> {
  const context = createContext(loadConfig({ DETRAILS_LOG_LEVEL: 'silent', ...settings }));
  await context.shared?.start();
  const up = context.shared?.isUp === true;
  await context.shared?.stop();
  return up;
}

describe.skipIf(REDIS_VERSION === undefined)('a Redis that asks who is there', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
    const admin = server.client();
    // What the service needs, and no more.
    const rules = ['on', '>s3cret/+%', '~detrails:*', '+get', '+set', '+mget', '+eval', '+ping', '+info'];
    await admin.call('ACL', 'SETUSER', 'detrails', ...rules);
    await admin.config('SET', 'requirepass', 'another');
    admin.disconnect();
  });
  afterAll(() => server.stop());

  test('a user and a password are taken from settings of their own', async () => {
    const login = { DETRAILS_REDIS_USERNAME: 'detrails', DETRAILS_REDIS_PASSWORD: 's3cret/+%' };
    expect(await isUp({ DETRAILS_REDIS_URL: server.url, ...login })).toBe(true);
  });

  test('a user and a password are taken from the URL', async () => {
    const url = server.url.replace('//', `//detrails:${encodeURIComponent('s3cret/+%')}@`);
    expect(await isUp({ DETRAILS_REDIS_URL: url })).toBe(true);
  });

  test('with a wrong password the service starts and the store is down', async () => {
    expect(await isUp({ DETRAILS_REDIS_URL: server.url, DETRAILS_REDIS_PASSWORD: 'wrong' })).toBe(false);
  });
});

describe.skipIf(REDIS_VERSION === undefined)('a Redis whose password is changed', () => {
  test('is told of with the reason why it is not reached any more', async () => {
    const server = await RedisServer.start(['--requirepass', 'first']);
    const told: string[] = [];
    const context = createContext(
      loadConfig({
        DETRAILS_LOG_LEVEL: 'silent',
        DETRAILS_REDIS_URL: server.url,
        DETRAILS_REDIS_PASSWORD: 'first',
      }),
    );
    const { log } = context;
    for (const level of ['info', 'warn'] as const)
      vi.spyOn(log, level).mockImplementation((line: unknown) => told.push(String(line)));
    await context.shared?.start();
    const admin = new Redis(server.url, { password: 'first' });
    await admin.config('SET', 'requirepass', 'second');
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    admin.disconnect();
    const end = performance.now() + 5_000;
    while (told.length < 3 && performance.now() < end) await wait(20);
    await context.shared?.stop();
    await server.stop();
    expect(told.join(', ').replaceAll('the shared store', 'it')).toMatch(
      /^\S+ is up: it answers, \S+ is down: the connection was lost; .*, \S+ is still down: .*(WRONGPASS|NOAUTH)/,
    );
  });
});

describe.skipIf(REDIS_VERSION === undefined || !hasOpenssl())('a Redis behind TLS', () => {
  let server: RedisServer;
  const file = (name: string) => `${directory}/${name}`;
  beforeAll(async () => {
    const openssl = (...options: string[]) => execFileSync('openssl', options, { stdio: 'ignore' });
    const key = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      file('ca.key'),
      '-out',
      file('ca.crt'),
      '-subj',
      '/CN=test authority',
    );
    const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const by = ['-CA', file('ca.crt'), '-CAkey', file('ca.key')];
    openssl('req', '-x509', ...key, ...by, '-keyout', file('own.key'), '-out', file('own.crt'), ...name);
    const port = await freePort();
    const plain = await freePort();
    server = await RedisServer.start(
      [
        ...['--tls-port', String(port), '--tls-ca-cert-file', file('ca.crt')],
        ...['--tls-cert-file', file('own.crt'), '--tls-key-file', file('own.key')],
      ],
      plain,
    );
    url = `rediss://127.0.0.1:${port}`;
  });
  afterAll(() => server.stop());
  let url = '';

  const own = () => ({ DETRAILS_REDIS_CERT_FILE: file('own.crt'), DETRAILS_REDIS_KEY_FILE: file('own.key') });

  test('is reached with its authority and a certificate', async () => {
    expect(await isUp({ DETRAILS_REDIS_URL: url, DETRAILS_REDIS_CA_FILE: file('ca.crt'), ...own() })).toBe(
      true,
    );
  });

  test('is not believed without its authority', async () => {
    expect(await isUp({ DETRAILS_REDIS_URL: url, ...own() })).toBe(false);
  });

  test('does not let in who shows no certificate', async () => {
    expect(await isUp({ DETRAILS_REDIS_URL: url, DETRAILS_REDIS_CA_FILE: file('ca.crt') })).toBe(false);
  });
});
