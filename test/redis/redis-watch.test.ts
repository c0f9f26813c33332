import { setTimeout as wait } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { REDIS_VERSION, RedisServer } from '../../harness/redis-server.ts';
import { sessionEvents } from '../../harness/session-events.ts';
import type { ServiceContext } from '../../src/http/service-context.ts';
import { RedisWatch } from '../../src/redis/redis-watch.ts';
import { enrichAt, ReplicaContexts, watching } from './replica-contexts.ts';

const SESSIONS = 400;
const UNDER_WAY = 40;

/** Of each session its issuance and two uses. */
const STORIES = Array.from({ length: SESSIONS }, (_, i) => {
  const events = sessionEvents({ sessions: 1, uses: 2, unissued: 0, first: i });
  const [issuance = '', use = '', later = ''] = events.map((event) => JSON.stringify(event));
  return { issuance, use, later };
});

describe.skipIf(REDIS_VERSION === undefined)('a Redis that tells of changes', () => {
  let server: RedisServer;
  let admin: Redis;
  const contexts = new ReplicaContexts();
  beforeEach(async () => {
    server = await RedisServer.start();
    admin = server.client();
  });
  afterEach(async () => {
    await contexts.stop();
    admin.disconnect();
    await server.stop();
  });
  const replica = async () => watching(await contexts.start(server));

  test('is asked for no row of a session that is known, and for those that another replica changed', async () => {
    const [a, b] = [await replica(), await replica()];
    const { issuance, use, later } = STORIES[0] ?? { issuance: '', use: '', later: '' };
    for (const text of [issuance, use, use]) await enrichAt(a, text);
    for (const text of [use, use]) await enrichAt(b, text);
    await enrichAt(a, use);
    const before = await scriptsRun(admin);
    for (const text of [use, later, use]) await enrichAt(a, text);
    expect(await scriptsRun(admin)).toBe(before);
    const eventTime = '2026-11-24T08:00:01Z';
    await enrichAt(b, JSON.stringify({ ...JSON.parse(use), eventID: 'earlier', eventTime }));
    expect((await enrichAt(a, later)).source_check?.first_seen).toBe(eventTime);
  });

  const disturbances: Record<string, (admin: Redis, all: readonly ServiceContext[]) => Promise<unknown>> = {
    'nothing happens': async () => undefined,
    'Redis remembers little of what was read': (admin) =>
      admin.config('SET', 'tracking-table-max-keys', '10'),
    'the connections that tell of changes are cut': (admin) => admin.client('KILL', 'TYPE', 'pubsub'),
    'the connections that read are cut': (admin, all) => cut(admin, all, ['normal']),
    'all connections are cut': (admin, all) => cut(admin, all, ['pubsub', 'normal']),
  };
  test.each(Object.entries(disturbances))(
    'a session that was looked for in vain is found as soon as another replica was told of its issuance, though %s',
    async (_name, disturb) => {
      const [a, b] = [await replica(), await replica()];
      let found = 0;
      for (let first = 0; first < SESSIONS; first += UNDER_WAY) {
        if (first === SESSIONS / 2) await disturb(admin, [a, b]);
        await Promise.all(
          STORIES.slice(first, first + UNDER_WAY).map(async ({ issuance, use, later }) => {
            await enrichAt(b, use);
            await enrichAt(b, use);
            await enrichAt(a, issuance);
            if ((await enrichAt(b, later)).origin?.status === 'found') found++;
          }),
        );
      }
      expect(found).toBe(SESSIONS);
      for (const context of [a, b]) await watching(context);
    },
  );

  test('two connections that lead to two servers, as after a failover, are not believed', async () => {
    const other = await RedisServer.start();
    // Ids of connections are counted: that of the other server is here somebody else's.
    const strangers = Array.from({ length: 30 }, () => server.client());
    await Promise.all(strangers.map((stranger) => stranger.ping()));
    const client = server.client();
    const elsewhere = other.client();
    client.duplicate = () => elsewhere;
    const watch = new RedisWatch(client, 'detrails:');
    while ((await trackingClients(admin)) === 0) await wait(5);
    await wait(200);
    expect(watch.number).toBe(0);
    for (const connection of [...strangers, client]) connection.disconnect();
    watch.close();
    await other.stop();
  });

  const refusals: Record<string, { refuse: (admin: Redis) => unknown; take: (admin: Redis) => unknown }> = {
    'was full': {
      refuse: (admin) => admin.config('SET', 'maxmemory', '1'),
      take: (admin) => admin.config('SET', 'maxmemory', '0'),
    },
    'was a read-only replica': {
      refuse: (admin) => admin.replicaof('127.0.0.1', 1),
      take: (admin) => admin.replicaof('NO', 'ONE'),
    },
  };
  test.each(Object.entries(refusals))(
    'a server that %s when it was asked tells of changes as soon as it takes writes again',
    async (_name, { refuse, take }) => {
      const a = await replica();
      await refuse(admin);
      await admin.client('KILL', 'TYPE', 'pubsub');
      await wait(300);
      expect(a.shared?.isWatching).toBe(false);
      await take(admin);
      await watching(a);
    },
  );

  test('what was erased is not taken for known', async () => {
    const a = await replica();
    const { issuance, use } = STORIES[0] ?? { issuance: '', use: '' };
    for (const text of [issuance, use, use]) await enrichAt(a, text);
    await admin.flushall();
    await enrichAt(a, use);
    expect(await admin.dbsize()).toBeGreaterThan(0);
  });

  test('a user who may not ask for that is answered all the same', async () => {
    const rules = ['on', '>secret', '~detrails:*', '+get', '+set', '+mget', '+eval', '+ping', '+info'];
    await admin.call('ACL', 'SETUSER', 'detrails', ...rules);
    const login = { DETRAILS_REDIS_USERNAME: 'detrails', DETRAILS_REDIS_PASSWORD: 'secret' };
    const [a, b] = [await contexts.start(server, login), await contexts.start(server, login)];
    const { issuance, use } = STORIES[0] ?? { issuance: '', use: '' };
    await enrichAt(a, issuance);
    for (let i = 0; i < 100; i++) await enrichAt(b, use);
    const answer = await enrichAt(b, use);
    expect(answer).toMatchObject({ origin: { status: 'found' } });
    expect(answer.problems ?? []).toEqual([]);
    expect([a, b].some(({ shared }) => shared?.isWatching)).toBe(false);
  });

  test('the rights that the documentation names are enough', async () => {
    const rules = ['on', '>secret', '~detrails:*', '&__redis__:invalidate'];
    const commands = ['+get', '+set', '+mget', '+eval', '+ping', '+info', '+subscribe'];
    await admin.call('ACL', 'SETUSER', 'detrails', ...rules, ...commands, '+client|id', '+client|tracking');
    const login = { DETRAILS_REDIS_USERNAME: 'detrails', DETRAILS_REDIS_PASSWORD: 'secret' };
    await watching(await contexts.start(server, login));
  });
});

async function cut(admin: Redis, all: readonly ServiceContext[], types: readonly string[]): Promise<void> {
  for (const type of types) await admin.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
  await Promise.all(
    all.map(async ({ shared }) => {
      const isUp = () => shared?.isUp === true;
      while (isUp()) await new Promise(setImmediate);
      while (!isUp()) await new Promise(setImmediate);
    }),
  );
}

async function trackingClients(admin: Redis): Promise<number> {
  return Number(/tracking_clients:(\d+)/.exec(await admin.info('clients'))?.[1] ?? 0);
}

/** Of ours: rows are fetched and swapped by scripts. */
async function scriptsRun(admin: Redis): Promise<number> {
  return Number(/cmdstat_eval:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);
}
