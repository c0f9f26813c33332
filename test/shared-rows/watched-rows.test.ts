import { expect, test } from 'vitest';
import { startReplica } from '../../harness/replicas.ts';
import { NO_KNOWLEDGE, NOW, recordOf, sessionEvents } from '../../harness/session-events.ts';
import { traceSession } from '../../src/session/trace-session.ts';
import { askLater } from '../session/trail.ts';
import { FakeRowServer } from './fake-row-server.ts';

const [ISSUANCE = {}, USE = {}, LATER = {}] = sessionEvents({ sessions: 1, uses: 2, unissued: 0 });
/** Later than any test waits. */
const NEVER = 100_000;

function watchedServer(): FakeRowServer {
  const server = new FakeRowServer();
  server.watch = 1;
  return server;
}

async function knowing(server: FakeRowServer, options = {}) {
  const replica = await startReplica(server, options);
  for (const event of [ISSUANCE, USE, LATER, LATER]) await askLater(replica.store, event);
  return replica;
}

test('an event of rows that are watched costs no fetch and no promise once it is caught up with', async () => {
  const server = watchedServer();
  const replica = await knowing(server);
  const { fetches, swaps, catchUps } = server;
  const moment = await replica.store.catchUp();
  const context = { ...NO_KNOWLEDGE, now: () => NOW, learn: true };
  const trace = moment?.run(() => traceSession(recordOf(LATER), replica.store, context));
  expect(trace).toMatchObject({ origin: { status: 'found' }, problems: [] });
  expect(server.fetches - fetches).toBe(0);
  expect(server.swaps - swaps).toBe(0);
  expect(server.catchUps - catchUps).toBe(1);
});

test('an event that did not wait for that is asked for as ever', async () => {
  const server = watchedServer();
  const replica = await knowing(server);
  const { fetches } = server;
  await traceSession(recordOf(LATER), replica.store, { ...NO_KNOWLEDGE, now: () => NOW, learn: true });
  expect(server.fetches - fetches).toBe(1);
});

test('what was looked for in vain is found once another replica was told of it, however late the news is', async () => {
  const server = watchedServer();
  server.newsDelay = NEVER;
  const [a, b] = [await startReplica(server), await startReplica(server)];
  for (const event of [USE, USE]) await askLater(b.store, event);
  await askLater(a.store, ISSUANCE);
  expect((await askLater(b.store, LATER)).origin?.status).toBe('found');
});

test('a reply that was overtaken by the news of a change is not taken for what is there', async () => {
  const server = watchedServer();
  const [a, b] = [await startReplica(server), await startReplica(server)];
  await askLater(b.store, USE);
  server.replyDelay = 20;
  const onItsWay = askLater(b.store, USE);
  server.replyDelay = 0;
  await askLater(a.store, ISSUANCE);
  await onItsWay;
  expect((await askLater(b.store, LATER)).origin?.status).toBe('found');
});

test('after an interruption every row is asked for again', async () => {
  const server = watchedServer();
  const replica = await knowing(server);
  server.watch = 2;
  const { fetches } = server;
  await askLater(replica.store, LATER);
  expect(server.fetches - fetches).toBe(1);
  await askLater(replica.store, LATER);
  expect(server.fetches - fetches).toBe(1);
});

test('a row that the memory had to drop is asked for again, though nobody has changed it', async () => {
  const server = watchedServer();
  const replica = await knowing(server, { maxSessions: 20 });
  const others = sessionEvents({ sessions: 200, uses: 2, unissued: 0, first: 1000 });
  for (const event of others) await askLater(replica.store, event);
  expect(replica.memory.claims('ASIAEXAMPLE000000000')).toBeUndefined();
  expect((await askLater(replica.store, LATER)).origin?.status).toBe('found');
});

test('a row that the memory drops while the server answers that nothing has changed is asked for again', async () => {
  const server = watchedServer();
  const replica = await knowing(server, { maxSessions: 20 });
  const context = { ...NO_KNOWLEDGE, now: () => NOW, learn: true };
  server.replyDelay = 20;
  const onItsWay = traceSession(recordOf(LATER), replica.store, context);
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  for (const event of sessionEvents({ sessions: 200, uses: 2, unissued: 0, first: 1000 }))
    traceSession(recordOf(event), replica.memory, context);
  expect(replica.memory.claims('ASIAEXAMPLE000000000')).toBeUndefined();
  await onItsWay;
  const { rows } = replica;
  expect(rows.isWatched(rows.kind('c').of('ASIAEXAMPLE000000000'))).toBe(false);
  expect((await askLater(replica.store, LATER)).origin?.status).toBe('found');
});

test('a server that does not say it in time is not asked once more, and the answer says so', async () => {
  const server = watchedServer();
  const replica = await startReplica(server, { timeout: 50 });
  server.isSilent = true;
  const moment = await replica.store.catchUp();
  const trace = moment?.run(() =>
    traceSession(recordOf(USE), replica.store, { ...NO_KNOWLEDGE, now: () => NOW, learn: true }),
  );
  expect(trace).toMatchObject({ problems: [{ code: 'store_unavailable' }] });
  expect(replica.rows.queue.size, 'what was learned waits for it').toBeGreaterThan(0);
  for (let i = 0; i < 2; i++) await replica.store.catchUp();
  expect(replica.changes.at(-1)).toBe('down: answers took too long');
  expect(replica.store.catchUp()).toBeUndefined();
});

test('where only the news are broken, rows are asked for', async () => {
  const server = watchedServer();
  const replica = await knowing(server);
  server.isNewsBroken = true;
  const { fetches } = server;
  expect((await askLater(replica.store, LATER)).origin?.status).toBe('found');
  expect(server.fetches - fetches).toBe(1);
});
