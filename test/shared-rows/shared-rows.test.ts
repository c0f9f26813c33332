import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { type Replica, startReplica } from '../../harness/replicas.ts';
import { NO_KNOWLEDGE, NOW, recordOf, sessionEvents } from '../../harness/session-events.ts';
import type { JsonObject } from '../../src/event/json.ts';
import { recallSession } from '../../src/session/recall-session.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import { traceSession } from '../../src/session/trace-session.ts';
import { ask, askLater, newStore } from '../session/trail.ts';
import { FakeRowServer } from './fake-row-server.ts';

const [ISSUANCE = {}, USE = {}] = sessionEvents({ sessions: 1, uses: 2, unissued: 0 });
const KEY = 'ASIAEXAMPLE000000000';
const HOUR = 3_600_000;

function trace(replica: Replica, event: JsonObject) {
  return traceSession(recordOf(event), replica.store, { ...NO_KNOWLEDGE, now: () => NOW, learn: true });
}

test('an issuance that one replica answered is used by the next at once', async () => {
  const server = new FakeRowServer();
  const [a, b] = [await startReplica(server), await startReplica(server)];
  await askLater(a.store, ISSUANCE);
  expect((await askLater(b.store, USE)).origin).toMatchObject({ status: 'found', join: 'access_key' });
});

test('an event of a session that is known costs one fetch and no write', async () => {
  const server = new FakeRowServer();
  const replica = await startReplica(server);
  for (const event of [ISSUANCE, USE]) await askLater(replica.store, event);
  const { fetches, swaps } = server;
  await askLater(replica.store, USE);
  expect(server.fetches - fetches).toBe(1);
  expect(server.swaps - swaps).toBe(0);
});

test('events of one turn are fetched together', async () => {
  const server = new FakeRowServer();
  const replica = await startReplica(server);
  const events = sessionEvents({ sessions: 40, uses: 1, unissued: 0 });
  for (const event of events) await askLater(replica.store, event);
  const before = server.fetches;
  await Promise.all(events.map((event) => askLater(replica.store, event)));
  expect(server.fetches - before, 'a hundred rows a command').toBeLessThanOrEqual(4);
});

test('a replica that was overtaken merges with what stands there, and loses nothing', async () => {
  const server = new FakeRowServer();
  const [a, b] = [await startReplica(server), await startReplica(server)];
  await askLater(a.store, ISSUANCE);
  await askLater(b.store, USE);
  const session = [...server.rows.keys()].find((key) => key.startsWith('s:')) ?? '';
  const other = (server.rows.get(session) ?? '')
    .replaceAll('198.51.100.0', '203.0.113.9')
    .replace(/^1:\w+/, '1:othertag');
  server.beforeSwap = (key) => {
    if (key !== session) return;
    server.beforeSwap = undefined;
    server.rows.set(session, other);
  };
  await askLater(a.store, { ...USE, eventID: 'other', sourceIPAddress: '192.0.2.1' });
  expect(server.rows.get(session)).toContain('["192.0.2.1","198.51.100.0","203.0.113.9"]');
});

test('rows live as long as the rule says, and an hour more so that a use need not always write', async () => {
  const server = new FakeRowServer();
  const replica = await startReplica(server);
  await askLater(replica.store, ISSUANCE);
  const hours = (server.lifetimes.get(`c:${KEY}`) ?? 0) / HOUR;
  expect(hours).toBeGreaterThan(25);
  expect(hours).toBeLessThan(26.1);
});

test('a use that prolongs a row by less than an hour is not written, one by more is', async () => {
  const server = new FakeRowServer();
  const replica = await startReplica(server);
  for (const event of [ISSUANCE, USE]) await askLater(replica.store, event);
  const before = server.swaps;
  await askLater(replica.store, USE, { now: () => NOW + HOUR / 2 });
  expect(server.swaps).toBe(before);
  await askLater(replica.store, USE, { now: () => NOW + HOUR * 2 });
  expect(server.swaps).toBeGreaterThan(before);
});

test.each([
  ['a key is recalled', (store: SessionStore, now: number) => recallSession(store, KEY, now)],
  [
    'a caller who may not learn asks',
    async (store: SessionStore, now: number) =>
      (await traceSession(recordOf(USE), store, { ...NO_KNOWLEDGE, now: () => now, learn: false })).origin,
  ],
] as const)('what has expired is not found by a replica either, where %s', async (_how, look) => {
  const replica = await startReplica(new FakeRowServer());
  const memory = newStore();
  for (const event of [ISSUANCE, USE]) {
    await askLater(replica.store, event);
    ask(memory, event);
  }
  for (const hours of [1, 62]) {
    const now = NOW + hours * HOUR;
    expect(await look(replica.store, now), `${hours} h later`).toEqual(await look(memory, now));
  }
});

test('what a replica had to drop it still knows from the others', async () => {
  const server = new FakeRowServer();
  const replica = await startReplica(server, { maxSessions: 20, mostHeld: 10 });
  const events = sessionEvents({ sessions: 200, uses: 1, unissued: 0 });
  for (const event of events) await askLater(replica.store, event);
  expect(replica.memory.evictions).toBeGreaterThan(100);
  for (const event of events.filter((one) => one['eventName'] !== 'AssumeRole'))
    expect((await askLater(replica.store, event)).origin?.status).toBe('found');
});

test('a row of a newer release is neither read nor replaced', async () => {
  const server = new FakeRowServer();
  const replica = await startReplica(server);
  server.rows.set(`c:${KEY}`, '2:aaaaaaaa:{"a new shape":true}');
  await askLater(replica.store, ISSUANCE);
  expect(server.rows.get(`c:${KEY}`)).toBe('2:aaaaaaaa:{"a new shape":true}');
  expect((await askLater(replica.store, USE)).origin?.status, 'this replica knows it').toBe('found');
});

test.each([
  '',
  'x',
  '1:aaaaaaaa:0:',
  '1:aaaaaaaa:0:{',
  '1:aaaaaaaa:0:null',
  '1:aaaaaaaa:0:{}',
  '1:aaaaaaaa:0:[]',
  '1:aaaaaaaa:0:[1]',
  '1:aaaaaaaa:0:[[1]]',
  '1:aaaaaaaa:x:[[null]]',
  '1:aaaaaaaa:0:[["a",2,[]]]',
])('a row that reads %j breaks no answer', async (text) => {
  const server = new FakeRowServer();
  const replica = await startReplica(server);
  await askLater(await startReplica(server).then((one) => one.store), USE);
  for (const key of server.rows.keys()) server.rows.set(key, text);
  server.rows.set(`c:${KEY}`, text);
  expect((await askLater(replica.store, USE)).origin?.status).toBe('unknown');
  expect((await askLater(replica.store, ISSUANCE)).issued?.access_key_id).toBe(KEY);
});

test('without the server a replica answers at once by itself, says so, and brings what it learned later', async () => {
  const server = new FakeRowServer();
  const [a, b] = [await startReplica(server), await startReplica(server)];
  server.disconnect();
  const issued = trace(a, ISSUANCE);
  expect(issued).not.toBeInstanceOf(Promise);
  const used = trace(a, USE);
  expect(used).toMatchObject({ origin: { status: 'found' }, problems: [{ code: 'store_unavailable' }] });
  expect(trace(b, USE)).toMatchObject({ origin: { status: 'unknown', reason: 'store_unavailable' } });
  expect(a.rows.queue.size).toBeGreaterThan(1);
  server.isConnected = true;
  for (let i = 0; i < 100 && !(b.circuit.isUp && a.rows.queue.size === 0); i++) await wait(20);
  expect(a.rows.queue.size).toBe(0);
  expect((await askLater(b.store, USE)).origin?.status).toBe('found');
});

test('what is learned while the queue is being written to the server waits for its own turn', async () => {
  const server = new FakeRowServer();
  const replica = await startReplica(server);
  server.disconnect();
  trace(replica, ISSUANCE);
  trace(replica, USE);
  server.isConnected = true;
  await new Promise<void>((resolve) => {
    server.beforeSwap = () => {
      server.beforeSwap = undefined;
      replica.circuit.failed('answers took too long');
      trace(replica, { ...USE, eventID: 'moved', sourceIPAddress: '192.0.2.77' });
      resolve();
    };
  });
  for (let i = 0; i < 200 && !(replica.circuit.isUp && replica.rows.queue.size === 0); i++) await wait(20);
  expect([...server.rows.values()].join('\n')).toContain('192.0.2.77');
});

test('a silent server costs three events the time they may wait, and the others nothing', async () => {
  const server = new FakeRowServer();
  const replica = await startReplica(server, { timeout: 50 });
  server.isSilent = true;
  const times: number[] = [];
  for (let i = 0; i < 10; i++) {
    const start = performance.now();
    await trace(replica, USE);
    times.push(performance.now() - start);
  }
  expect(Math.max(...times)).toBeLessThan(500);
  expect(times.filter((time) => time > 25).length).toBe(3);
  expect(replica.changes).toEqual(['up: it answers', 'down: answers took too long']);
});

test('more new sessions at once than a quick server takes in time wait for their turn, and none is answered without it', async () => {
  const server = new FakeRowServer();
  const replica = await startReplica(server, { maxSessions: 10_000, mostHeld: 10_000, timeout: 100 });
  server.commandTime = 4;
  const events = sessionEvents({ sessions: 3000, uses: 0, unissued: 0 });
  const traces = await Promise.all(events.map((event) => trace(replica, event)));
  expect(traces.filter(({ problems }) => problems.length > 0)).toEqual([]);
  expect(replica.changes).toEqual(['up: it answers']);
});

test('those who stand in line when the server falls silent do not wait for it one after the other', async () => {
  const server = new FakeRowServer();
  const limits = { maxSessions: 10_000, mostHeld: 10_000, mostWaiting: 10_000, timeout: 50 };
  const replica = await startReplica(server, limits);
  server.isSilent = true;
  const events = sessionEvents({ sessions: 2000, uses: 0, unissued: 0 });
  const late = vi.spyOn(replica.circuit, 'timedOut');
  const traces = await Promise.all(events.map((event) => trace(replica, event)));
  expect(late.mock.calls.length, 'three times those who are let in at once').toBeLessThanOrEqual(300);
  expect(traces.every(({ problems }) => problems[0]?.code === 'store_unavailable')).toBe(true);
  server.isSilent = false;
  const written = () => [...server.rows.keys()].filter((key) => key.startsWith('c:ASIA')).length;
  for (let i = 0; i < 500 && written() < 2000; i++) await wait(20);
  expect(written(), 'what they learned is written later').toBe(2000);
});

test('a server that takes no writes still answers, and what waits is written when it takes them again', async () => {
  const server = new FakeRowServer();
  const [a, b] = [await startReplica(server), await startReplica(server)];
  server.refusal = 'OOM';
  expect(await trace(a, ISSUANCE)).toMatchObject({ problems: [{ code: 'store_unavailable' }] });
  expect([a.circuit.isUp, a.circuit.isWritable]).toEqual([true, false]);
  server.refusal = undefined;
  for (let i = 0; i < 100 && a.rows.queue.size > 0; i++) await wait(20);
  expect((await askLater(b.store, USE)).origin?.status).toBe('found');
});

test('the queue of what waits is bounded, and counts what it gave up', async () => {
  const server = new FakeRowServer();
  const replica = await startReplica(server, { mostWaiting: 10 });
  server.disconnect();
  for (const event of sessionEvents({ sessions: 50, uses: 0, unissued: 0 })) trace(replica, event);
  expect(replica.rows.queue.size).toBe(10);
  expect(replica.rows.queue.dropped).toBeGreaterThanOrEqual(100 + 1 - 10);
});

test('a key or a name of a megabyte goes nowhere', async () => {
  const server = new FakeRowServer();
  const replica = await startReplica(server);
  const long = 'A'.repeat(1_000_000);
  const identity = USE['userIdentity'] as JsonObject;
  for (const field of ['accessKeyId', 'principalId', 'arn']) {
    await trace(replica, { ...USE, userIdentity: { ...identity, [field]: `ASIA${long}` } });
  }
  server.disconnect();
  await trace(replica, { ...USE, userIdentity: { ...identity, accessKeyId: `ASIA${long}` } });
  expect(
    [...server.rows.keys(), ...replica.rows.queue.first(100).map(({ name }) => name)].every(
      (key) => key.length < 3000,
    ),
  ).toBe(true);
});

test('what a known session added while the server was silent is brought there later', async () => {
  const server = new FakeRowServer();
  const replica = await startReplica(server, { timeout: 50 });
  for (const event of [ISSUANCE, USE]) await askLater(replica.store, event);
  server.isSilent = true;
  const moved = { ...USE, eventID: 'moved', sourceIPAddress: '192.0.2.77' };
  expect(await trace(replica, moved)).toMatchObject({ problems: [{ code: 'store_unavailable' }] });
  expect(replica.rows.queue.size).toBeGreaterThan(0);
  server.isSilent = false;
  await expect.poll(() => [...server.rows.values()].join('\n'), { timeout: 4000 }).toContain('192.0.2.77');
});

test('rows that were forgotten while an event is under way are asked for again, and nothing is lost', async () => {
  const server = new FakeRowServer();
  const replica = await startReplica(server, { maxSessions: 5000, mostHeld: 10 });
  const events = sessionEvents({ sessions: 600, uses: 2, unissued: 0.2 });
  await Promise.all(events.map((event) => askLater(replica.store, event)));
  const again = await Promise.all(
    events
      .filter((event) => event['eventName'] !== 'AssumeRole')
      .map((event) => askLater(replica.store, event)),
  );
  expect(again.filter((answer) => answer.origin?.status === 'found')).toHaveLength(480 * 2);
});
