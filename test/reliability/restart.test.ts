import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

const SERVER = fileURLToPath(new URL('../../src/server.ts', import.meta.url));
const directory = mkdtempSync(`${tmpdir()}/restart-`);
const snapshot = `${directory}/sessions`;
const KEYS = Array.from({ length: 50 }, (_, i) => `ASIAEXAMPLE${String(i).padStart(9, '0')}`);

interface Running {
  readonly process: ChildProcess;
  readonly url: string;
}

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  for (const file of readdirSync(directory)) rmSync(`${directory}/${file}`);
});

async function start(minutes: number): Promise<Running> {
  const child = spawn(process.execPath, [SERVER], {
    env: {
      DETRAILS_PORT: '0',
      DETRAILS_DRAIN_SECONDS: '0',
      DETRAILS_SESSION_SNAPSHOT: snapshot,
      DETRAILS_SESSION_SNAPSHOT_MINUTES: String(minutes),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let log = '';
  for await (const chunk of child.stdout ?? []) {
    log += String(chunk);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(log)?.[0];
    if (url !== undefined) {
      child.stdout?.resume();
      return { process: child, url };
    }
  }
  throw new Error(`the service did not start: ${log}`);
}

async function stop({ process: child }: Running, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** Who obtained each key, as the service tells it. */
async function recall({ url }: Running): Promise<unknown[]> {
  return Promise.all(KEYS.map(async (key) => (await fetch(`${url}/sessions/${key}`)).json()));
}

async function learn({ url }: Running): Promise<void> {
  const body = KEYS.map((accessKeyId, i) =>
    JSON.stringify({
      eventTime: new Date(Date.now() - 60_000).toISOString(),
      eventID: `issue-${i}`,
      eventSource: 'sts.amazonaws.com',
      eventName: 'GetSessionToken',
      sourceIPAddress: '203.0.113.10',
      recipientAccountId: '111122223333',
      userIdentity: {
        type: 'IAMUser',
        principalId: `AIDAEXAMPLE${i}`,
        arn: `arn:aws:iam::111122223333:user/user-${i}`,
        accountId: '111122223333',
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      },
      responseElements: { credentials: { accessKeyId } },
    }),
  ).join('\n');
  const answer = await fetch(`${url}/sessions`, { method: 'POST', body });
  expect(await answer.json()).toMatchObject({ learned: KEYS.length });
}

test('after SIGTERM and a start not one session is lost', async () => {
  const before = await start(60);
  await learn(before);
  const known = await recall(before);
  expect(known[7]).toMatchObject({ origin: { root: { arn: 'arn:aws:iam::111122223333:user/user-7' } } });
  await stop(before, 'SIGTERM');
  const after = await start(60);
  expect(await recall(after)).toEqual(known);
});

test('after kill -9 no more is lost than came since the last snapshot', async () => {
  const before = await start(0.02);
  await learn(before);
  const known = await recall(before);
  // The first one may have been begun before: the second one was not.
  for (let i = 0; i < 2; i++) {
    rmSync(snapshot, { force: true });
    while (!existsSync(snapshot)) await wait(20);
  }
  await stop(before, 'SIGKILL');
  const after = await start(60);
  expect(await recall(after)).toEqual(known);
});

test('a broken snapshot is set aside, and the service starts', async () => {
  writeFileSync(snapshot, 'not a snapshot');
  const service = await start(60);
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
  expect(readdirSync(directory).some((file) => file.startsWith('sessions.broken-'))).toBe(true);
});
