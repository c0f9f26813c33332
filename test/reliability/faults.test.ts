import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServiceProcess, startServiceProcess } from '../../harness/service-process.ts';
import { loadConfig } from '../../src/config.ts';
import { makeToken } from '../../src/http/tokens.ts';
import { type Service, startService } from '../../src/service.ts';
import { testService } from '../service.ts';
import { post, rawConnection } from './raw-connection.ts';

/** docs/faults.md says of each what happens and what is lost. */
const record = '{"eventName":"ListUsers","eventSource":"iam.amazonaws.com"}';
const directory = mkdtempSync(`${tmpdir()}/faults-`);
const unmount: string[] = [];
afterAll(() => {
  for (const place of unmount) execFileSync('umount', [place]);
  rmSync(directory, { recursive: true });
});

describe('on the wire', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(loadConfig({ DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'silent' }));
  });
  afterAll(() => service.stop('SIGINT'));

  test('a client that closes its half after the request is answered', async () => {
    const connection = await rawConnection(service.url, true);
    connection.socket.end(post('/enrich', record) + record);
    expect(await connection.answers(1)).toContain('200 OK');
    for (const records of [1, 2000]) {
      const body = Array(records).fill(record).join('\n');
      const batch = await rawConnection(service.url, true);
      batch.socket.end(post('/enrich/batch', body) + body);
      await batch.over;
      expect(batch.text().match(/"version"/g)).toHaveLength(records);
    }
  });

  test('a client that goes in the middle of a body, or before the answer, disturbs nobody', async () => {
    for (const [path, sent] of [
      ['/enrich', 20],
      ['/enrich', record.length],
      ['/enrich/batch', 20],
      ['/enrich/batch', record.length],
    ] as const) {
      const connection = await rawConnection(service.url);
      await connection.write(post(path, record) + record.slice(0, sent));
      connection.socket.resetAndDestroy();
    }
    await wait(100);
    const answer = await fetch(`${service.url}/enrich`, { method: 'POST', body: record });
    expect([answer.status, service.context.streams.inside]).toEqual([200, 0]);
  });

  test('a Content-Length that is too short cuts the body, and what is left is no request', async () => {
    const connection = await rawConnection(service.url);
    await connection.write(post('/enrich', record.slice(0, 30)) + record);
    await connection.over;
    expect(connection.text()).toMatch(/^HTTP\/1\.1 400 .*bad_request/s);
  });

  test('gzip that is cut off: what could be read is answered, then why it ends', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) =>
      record.replace('ListUsers', `List${i}${Math.random()}`),
    );
    const bytes = gzipSync(lines.join('\n'));
    const answer = await fetch(`${service.url}/enrich/batch`, {
      method: 'POST',
      body: bytes.subarray(0, bytes.length / 2),
    });
    const answers = (await answer.text()).trim().split('\n');
    expect(answers.length).toBeGreaterThan(500);
    const codes = answers.slice(0, -1).filter((line) => !line.startsWith('{"version"'));
    expect(codes).toEqual([]);
    expect(JSON.parse(answers.at(-1) ?? '')).toMatchObject({ error: { code: 'bad_compression' } });
  });

  test('a gzip bomb is one record that is too large, and takes no memory', async () => {
    const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024, ' x'));
    const before = process.memoryUsage.rss();
    const answer = await fetch(`${service.url}/enrich/batch`, { method: 'POST', body: bomb });
    const answers = (await answer.text()).trim().split('\n');
    expect(answers.map((line) => JSON.parse(line).error.code)).toEqual(['body_too_large']);
    expect(process.memoryUsage.rss() - before).toBeLessThan(150e6);
  }, 60_000);

  test('gzip in gzip is no record', async () => {
    const answer = await fetch(`${service.url}/enrich/batch`, {
      method: 'POST',
      body: gzipSync(gzipSync(record)),
    });
    for (const line of (await answer.text()).trim().split('\n'))
      expect(JSON.parse(line).error.code).toBe('not_json');
  });

  test('a client that does not read its answers is not read from either, and takes bounded memory', async () => {
    const connection = await rawConnection(service.url);
    connection.socket.pause();
    await connection.write('POST /enrich/batch HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
    const chunk = `${record}\n`.repeat(1000);
    let isHeldBack = false;
    for (let sent = 0; sent < 2000 && !isHeldBack; sent++) {
      const isTaken = connection.socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
      if (!isTaken) isHeldBack = await Promise.race([wait(1000, true), drained(connection.socket)]);
    }
    expect(isHeldBack).toBe(true);
    connection.socket.destroy();
  }, 60_000);
});

const drained = (socket: { once(event: 'drain', listener: () => void): unknown }) =>
  new Promise<boolean>((resolve) => socket.once('drain', () => resolve(false)));

const started: ServiceProcess[] = [];
async function start(environment: Record<string, string>): Promise<ServiceProcess> {
  const service = await startServiceProcess({ environment: { DETRAILS_DRAIN_SECONDS: '0', ...environment } });
  started.push(service);
  return service;
}
afterAll(() => {
  for (const { child } of started) child.kill('SIGKILL');
});

async function ask(url: string, body: string): Promise<Record<string, never>> {
  const answer = await fetch(`${url}/enrich`, { method: 'POST', body });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, never>;
}

const KEY = 'ASIAEXAMPLEFAULTS001';
const issue = JSON.stringify({
  eventTime: new Date().toISOString(),
  eventSource: 'sts.amazonaws.com',
  eventName: 'AssumeRole',
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/alice', accountId: '111122223333' },
  requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/Deploy', roleSessionName: 's' },
  responseElements: { credentials: { accessKeyId: KEY } },
});
const isKnown = async (url: string) => (await fetch(`${url}/sessions/${KEY}`)).status === 200;

describe('on the disk', () => {
  test('a snapshot that cannot be written is said, and stops nothing; nothing is lost while the process lives', async () => {
    const service = await start({ DETRAILS_SESSION_SNAPSHOT: `${directory}/nowhere/sessions` });
    await ask(service.url, issue);
    expect(await isKnown(service.url)).toBe(true);
    service.child.kill('SIGINT');
    expect(await service.ended).toBe(1);
    expect(service.log.join('\n')).toContain('could not be written: ENOENT');
  });

  const small = `${directory}/small`;
  test.skipIf(!canMount(small))(
    'a full disk leaves the old snapshot whole (needs leave to mount)',
    async () => {
      const path = `${small}/sessions`;
      const first = await start({ DETRAILS_SESSION_SNAPSHOT: path });
      await ask(first.url, issue);
      first.child.kill('SIGINT');
      await first.ended;
      const before = readFileSync(path, 'utf8');
      const second = await start({ DETRAILS_SESSION_SNAPSHOT: path });
      const more = Array.from({ length: 500 }, (_, i) =>
        issue.replace(KEY, `ASIAEXAMPLE${String(i).padStart(9, '0')}`),
      );
      await (await fetch(`${second.url}/sessions`, { method: 'POST', body: more.join('\n') })).text();
      second.child.kill('SIGINT');
      expect(await second.ended).toBe(1);
      expect(second.log.join('\n')).toContain('could not be written: ENOSPC');
      expect(readFileSync(path, 'utf8')).toBe(before);
      const third = await start({ DETRAILS_SESSION_SNAPSHOT: path });
      expect(await isKnown(third.url)).toBe(true);
    },
    40_000,
  );

  test('a corrupted snapshot is set aside, and the service starts without it', async () => {
    const path = `${directory}/broken-sessions`;
    writeFileSync(path, '{"format":"detrails-sessions","version":1}\n["claims",');
    const service = await start({ DETRAILS_SESSION_SNAPSHOT: path });
    await ask(service.url, issue);
    expect(existsSync(path)).toBe(false);
    expect(service.log.join('\n')).toContain('was set aside');
  });

  test('corrupted tables stop the start with a line that names the file', async () => {
    const tables = `${directory}/tables`;
    cpSync(fileURLToPath(new URL('../../data', import.meta.url)), tables, { recursive: true });
    writeFileSync(`${tables}/curated/risk-weights.json`, '[{"id":1}]');
    await expect(startServiceProcess({ environment: { DETRAILS_TABLES_DIR: tables } })).rejects.toThrow(
      /ended with 1 .*risk-weights/s,
    );
  });

  test('kill -9 loses what was learned since the last snapshot, and that alone', async () => {
    const path = `${directory}/killed`;
    const service = await start({
      DETRAILS_SESSION_SNAPSHOT: path,
      DETRAILS_SESSION_SNAPSHOT_MINUTES: '0.005',
    });
    await ask(service.url, issue);
    while (!existsSync(path)) await wait(20);
    await wait(700);
    service.child.kill('SIGKILL');
    await service.ended;
    const next = await start({ DETRAILS_SESSION_SNAPSHOT: path });
    expect(await isKnown(next.url)).toBe(true);
  });

  function canMount(place: string): boolean {
    try {
      mkdirSync(place);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', place], { stdio: 'ignore' });
      unmount.push(place);
      return true;
    } catch {
      return false;
    }
  }
});

describe('around the process', () => {
  test('a storm of SIGHUP is few reloads, and events are answered all the while', async () => {
    const service = await start({});
    let isOver = false;
    let slowest = 0;
    const events = (async () => {
      while (!isOver) {
        const began = performance.now();
        await ask(service.url, record);
        slowest = Math.max(slowest, performance.now() - began);
      }
    })();
    for (let i = 0; i < 200; i++) {
      process.kill(service.nodeId, 'SIGHUP');
      await wait(5);
    }
    isOver = true;
    await events;
    const reloads = service.log.filter((line) => line.includes('are in use')).length;
    expect(reloads).toBeGreaterThan(0);
    expect(reloads).toBeLessThan(20);
    expect(slowest).toBeLessThan(8_000);
  });

  test('a tokens file that goes, breaks and comes back lets those in that it let in before', async () => {
    const path = `${directory}/tokens`;
    const [old, late] = [makeToken('a', ['read']), makeToken('b', ['read'])];
    writeFileSync(path, old.line);
    const service = await start({ DETRAILS_TOKENS_FILE: path });
    const status = async ({ token }: { token: string }) =>
      (await fetch(`${service.url}/openapi.json`, { headers: { authorization: `Bearer ${token}` } })).status;
    rmSync(path);
    process.kill(service.nodeId, 'SIGHUP');
    while (!service.log.join('\n').includes('were not reloaded')) await wait(20);
    expect([await status(old), await status(late)]).toEqual([200, 401]);
    // Without a signal: the file is looked at every two seconds.
    writeFileSync(path, late.line);
    while (!service.log.join('\n').includes('1 tokens are in use')) await wait(50);
    expect([await status(old), await status(late)]).toEqual([401, 200]);
    expect(service.log.join('\n')).not.toContain(late.token);
    writeFileSync(path, '');
    while (!service.log.join('\n').includes('the tokens file names no token')) await wait(50);
    expect([await status(old), await status(late)]).toEqual([401, 401]);
  });

  test('a tokens file that is empty from the start is warned of', async () => {
    const service = await start({ DETRAILS_TOKENS_FILE: emptyTokens() });
    expect(service.log.join('\n')).toContain('the tokens file names no token');
  });

  test('a log that nobody reads any more stops nothing', async () => {
    const service = await start({ DETRAILS_TOKENS_FILE: emptyTokens() });
    service.child.stdout?.destroy();
    service.child.stderr?.destroy();
    for (let i = 0; i < 3; i++) {
      const answer = await fetch(`${service.url}/metrics`, { headers: { authorization: 'Bearer x' } });
      expect(answer.status).toBe(401);
      process.kill(service.nodeId, 'SIGHUP');
      await wait(300);
    }
    expect((await fetch(`${service.url}/livez`)).status).toBe(200);
  });

  function emptyTokens(): string {
    writeFileSync(`${directory}/no-tokens`, '# nobody yet\n');
    copyFileSync(`${directory}/no-tokens`, `${directory}/none`);
    return `${directory}/none`;
  }
});

describe('the clock', () => {
  let now = Date.now();
  const service = testService({}, () => now);
  const send = async (eventTime: number, key = KEY) => {
    const payload = issue
      .replace(KEY, key)
      .replace(/"eventTime":"[^"]+"/, `"eventTime":"${new Date(eventTime).toISOString()}"`);
    const answer = await service.app.inject({ method: 'POST', url: '/enrich', payload });
    expect(answer.statusCode).toBe(200);
  };
  const knows = async (key: string) =>
    (await service.app.inject({ url: `/sessions/${key}` })).statusCode === 200;
  const YEAR = 365 * 86_400_000;

  test('that jumps ahead makes credentials expire early, and those seen from then on are kept', async () => {
    await send(now);
    now += YEAR;
    expect(await knows(KEY)).toBe(false);
    await send(now, 'ASIAEXAMPLEFAULTS002');
    expect(await knows('ASIAEXAMPLEFAULTS002')).toBe(true);
  });

  test('that jumps back answers every event, and learns none that is still to come', async () => {
    const before = now;
    now -= YEAR;
    await send(before, 'ASIAEXAMPLEFAULTS003');
    expect(await knows('ASIAEXAMPLEFAULTS003')).toBe(false);
    now = before;
    await send(now, 'ASIAEXAMPLEFAULTS003');
    expect(await knows('ASIAEXAMPLEFAULTS003')).toBe(true);
  });
});
