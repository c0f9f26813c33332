import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startReplica } from '../../harness/replicas.ts';
import { NO_KNOWLEDGE, NOW, recordOf, sessionEvents } from '../../harness/session-events.ts';
import { SessionRows } from '../../src/session/session-rows.ts';
import { traceSession } from '../../src/session/trace-session.ts';
import { Circuit, type CircuitNews } from '../../src/shared-rows/circuit.ts';
import { type RowSpace, SharedRows } from '../../src/shared-rows/shared-rows.ts';
import { FakeRowServer } from './fake-row-server.ts';

const FAULT = new TypeError('a fault of ours');
const TRIPS = 'trips';

function trip(key: string): void {
  if (key === TRIPS) throw FAULT;
}

/** Texts as rows, of which one trips our own code where a test says so. */
class Texts implements RowSpace<string> {
  readonly kinds = ['t'];
  readonly texts = new Map<string, string>();
  tripsIn: 'decode' | 'absorb' | 'encode' | 'known' | undefined;

  known(_kind: string, key: string): string | undefined {
    if (this.tripsIn === 'known') trip(key);
    return this.texts.get(key);
  }
  absorb(key: string, row: string): void {
    if (this.tripsIn === 'absorb') trip(key);
    this.texts.set(key, row);
  }
  keepUntil(): number {
    return 0;
  }
  encode(row: string): string {
    if (this.tripsIn === 'encode') trip(row);
    return row;
  }
  decode(_kind: string, key: string, { body }: { body: string }): string {
    if (this.tripsIn === 'decode') trip(key);
    return body;
  }
  onForget(): void {}
  isUnchanged(before: string, after: string): boolean {
    return before === after;
  }
}

const changes: string[] = [];
const faults: Error[] = [];
let server: FakeRowServer;
let circuit: Circuit;
let space: Texts;
let rows: SharedRows<string>;
beforeEach(async () => {
  changes.length = 0;
  faults.length = 0;
  server = new FakeRowServer();
  const news: CircuitNews = {
    changed: (isUp, reason) => changes.push(`${isUp ? 'up' : 'down'}: ${reason}`),
    writable: () => undefined,
  };
  circuit = new Circuit({ server, timeout: 1000, news });
  space = new Texts();
  const onFault = (error: Error) => faults.push(error);
  rows = new SharedRows({ server, circuit, space, mostHeld: 100, mostWaiting: 10, now: Date.now, onFault });
  await circuit.start(1000);
});
afterEach(() => circuit.stop());

const row = (key: string) => rows.kind('t').of(key);

test.each(['decode', 'absorb', 'encode'] as const)(
  'a row that trips our own code in %s fails who waits for it, is told as our fault once, and leaves the server up',
  async (where) => {
    for (const key of [TRIPS, 'next']) server.rows.set(`t:${key}`, `1:aaaaaaaa:0:${key}`);
    space.tripsIn = where;
    await expect(rows.fetched([row(TRIPS), row('next')])).rejects.toBe(FAULT);
    expect(space.known('t', 'next'), 'the others of the same command are taken in').toBe('next');
    await rows.fetched([row(TRIPS)]);
    expect(faults).toEqual([FAULT]);
    expect(changes).toEqual(['up: it answers']);
  },
);

test('a row that cannot be written for a fault of ours is told so, and not tried again at each probe', async () => {
  space.tripsIn = 'encode';
  space.absorb(TRIPS, TRIPS);
  await expect(rows.put(row(TRIPS))).rejects.toBe(FAULT);
  await wait(500);
  expect(faults).toEqual([FAULT]);
  expect(rows.queue.size).toBe(0);
  expect(changes).toEqual(['up: it answers']);
});

test.each(['decode', 'encode', 'known'] as const)(
  'of rows that wait for the server, one that trips our own code in %s keeps none of the others from it',
  async (where) => {
    server.rows.set(`t:${TRIPS}`, `1:aaaaaaaa:0:${where === 'decode' ? 'another' : TRIPS}`);
    for (const key of [TRIPS, 'next']) {
      space.absorb(key, key);
      rows.putLater(row(key));
    }
    space.tripsIn = where;
    await expect.poll(() => server.rows.get('t:next'), { timeout: 3000 }).toContain('next');
    expect(server.fetches, 'and they are put as soon as they are read').toBe(1);
    await wait(500);
    expect(faults).toEqual([FAULT]);
    expect(rows.queue.size).toBe(0);
    expect(changes).toEqual(['up: it answers']);
  },
);

test('an event whose rows trip our own code is answered from what the replica knows, and says so', async () => {
  const [issuance = {}] = sessionEvents({ sessions: 1, uses: 0, unissued: 0 });
  const learn = { ...NO_KNOWLEDGE, now: () => NOW, learn: true };
  await traceSession(recordOf(issuance), (await startReplica(server)).store, learn);
  const replica = await startReplica(server);
  const absorb = vi.spyOn(SessionRows.prototype, 'absorb').mockImplementation(() => {
    throw FAULT;
  });
  const trace = await traceSession(recordOf(issuance), replica.store, learn);
  absorb.mockRestore();
  expect(trace.problems).toMatchObject([
    { code: 'store_unavailable', message: expect.stringContaining('could not be read') },
  ]);
  expect(replica.changes).toEqual(['up: it answers']);
  expect(replica.faults.length).toBeGreaterThan(0);
});

test('events whose answer trips our own code fail who asked, and let in no more than were let in before', async () => {
  const { store, rows, memory } = await startReplica(server);
  const ask = (key: string, tell: () => undefined) =>
    store.exchange(
      { now: NOW, learnedTime: undefined, issuance: undefined, use: undefined },
      (view) => view.session(key),
      tell,
    );
  for (let i = 0; i < 20; i++)
    await expect(
      ask(`AROAEXAMPLE${i}`, () => {
        throw FAULT;
      }),
    ).rejects.toBe(FAULT);
  server.isSilent = true;
  const fetch = vi.spyOn(rows, 'fetch');
  const answers = Array.from({ length: 300 }, (_, i) => ask(`AROAEXAMPLE${i}`, () => undefined));
  expect(fetch).toHaveBeenCalledTimes(100);
  server.isSilent = false;
  await Promise.all(answers);
  expect(memory.entries).toBe(0);
});
