import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { Circuit } from '../../src/shared-rows/circuit.ts';
import { FakeRowServer } from './fake-row-server.ts';

const TIMEOUT = 30;
let circuit: Circuit | undefined;
afterEach(() => circuit?.stop());

async function started(server: FakeRowServer): Promise<{ circuit: Circuit; changes: string[] }> {
  const changes: string[] = [];
  circuit = new Circuit({
    server,
    timeout: TIMEOUT,
    news: {
      changed: (isUp, reason) => changes.push(`${isUp ? 'up' : 'down'}: ${reason}`),
      writable: () => undefined,
    },
  });
  await circuit.start(200);
  return { circuit, changes };
}

async function until(condition: () => boolean, milliseconds = 3000): Promise<number> {
  const start = performance.now();
  while (!condition() && performance.now() - start < milliseconds) await wait(10);
  return performance.now() - start;
}

test('a server that answers is asked', async () => {
  const { circuit, changes } = await started(new FakeRowServer());
  expect(circuit.isUp).toBe(true);
  expect(changes).toEqual(['up: it answers']);
});

test('a server that is not there at the start is waited for, though not for long, and taken when it comes', async () => {
  const server = new FakeRowServer();
  server.isConnected = false;
  const { circuit, changes } = await started(server);
  expect(circuit.isUp).toBe(false);
  server.isConnected = true;
  await until(() => circuit.isUp);
  expect(changes).toEqual(['down: no answer yet', 'up: it answers']);
});

test('a lost connection opens it at once, and it closes by itself', async () => {
  const server = new FakeRowServer();
  const { circuit, changes } = await started(server);
  server.disconnect();
  expect(circuit.isUp).toBe(false);
  server.isConnected = true;
  expect(await until(() => circuit.isUp)).toBeLessThan(2000);
  expect(changes).toEqual(['up: it answers', 'down: the connection was lost', 'up: it answers']);
});

test('an answer that comes after the stop is no news', async () => {
  const server = new FakeRowServer();
  const { circuit, changes } = await started(server);
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  const ping = vi.spyOn(server, 'ping').mockReturnValue(answered);
  await until(() => ping.mock.calls.length > 0);
  let answers = 0;
  circuit.onAnswer(() => answers++);
  circuit.stop();
  answer();
  await wait(0);
  expect([circuit.isUp, answers, changes]).toEqual([false, 0, ['up: it answers']]);
});

test('while no connection comes back, each reason is told once', async () => {
  const server = new FakeRowServer();
  const { changes } = await started(server);
  server.disconnect();
  for (const trouble of ['ECONNREFUSED', 'NOAUTH', 'ECONNREFUSED', 'NOAUTH']) {
    server.trouble = trouble;
    await wait(450);
  }
  expect(changes.slice(1)).toEqual([
    'down: the connection was lost',
    'down: no new connection (ECONNREFUSED)',
    'down: no new connection (NOAUTH)',
  ]);
});

test('one late answer does not open it, three in a row do, with one line', async () => {
  const { circuit, changes } = await started(new FakeRowServer());
  const late = () => circuit.timedOut(performance.now());
  late();
  late();
  circuit.answered();
  late();
  late();
  expect(circuit.isUp).toBe(true);
  for (let i = 0; i < 10; i++) late();
  expect(circuit.isUp).toBe(false);
  expect(changes).toEqual(['up: it answers', 'down: answers took too long']);
});

test('a silent connection is given up', async () => {
  const server = new FakeRowServer();
  const { circuit } = await started(server);
  server.isSilent = true;
  await until(() => server.reconnects > 0, 5000);
  expect(server.reconnects).toBe(1);
  expect(circuit.isUp).toBe(false);
});

test('a server that comes and goes has to answer longer each time', async () => {
  const { circuit, changes } = await started(new FakeRowServer());
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    circuit.failed('a command failed');
    times.push(await until(() => circuit.isUp, 5000));
  }
  expect(times[2]).toBeGreaterThan((times[0] ?? 0) * 1.5);
  expect(changes.length).toBe(7);
});

test('many that were asked at once and are late together count once', async () => {
  const { circuit } = await started(new FakeRowServer());
  const askedAt = performance.now();
  for (let i = 0; i < 100; i++) circuit.timedOut(askedAt);
  expect(circuit.isUp).toBe(true);
});

test('a server that refuses what is written is told once, and again when it has refused nothing for ten seconds', async () => {
  const server = new FakeRowServer();
  const changes: string[] = [];
  circuit = new Circuit({
    server,
    timeout: TIMEOUT,
    news: {
      changed: () => undefined,
      writable: (isWritable, reason) => changes.push(`${isWritable}: ${reason}`),
    },
  });
  const now = vi.spyOn(performance, 'now');
  await circuit.start(200);
  circuit.took();
  circuit.refused('it answers OOM');
  circuit.took();
  circuit.refused('it answers OOM');
  expect([circuit.isWritable, changes]).toEqual([false, ['false: it answers OOM']]);
  const later = performance.now() + 11_000;
  now.mockReturnValue(later);
  await wait(450);
  expect(circuit.isWritable, 'nothing was written since').toBe(false);
  circuit.took();
  await wait(450);
  now.mockRestore();
  expect([circuit.isWritable, changes.at(-1)]).toEqual([true, 'true: it takes what is written']);
});
