import { RedisServer } from '../harness/redis-server.ts';
import { startReplica } from '../harness/replicas.ts';
import { NO_KNOWLEDGE, recordOf, sessionEvents } from '../harness/session-events.ts';
import { connectRedis } from '../src/redis/connect-redis.ts';
import { RedisRows } from '../src/redis/redis-rows.ts';
import { watchRedis } from '../src/redis/redis-watch.ts';
import { traceSession } from '../src/session/trace-session.ts';

/**
 * What sessions weigh in Redis: each is an issuance and a use, as in bench/session-store.ts, told to a replica whose
 * own memory is far smaller. `npm run bench:redis-size [-- SESSIONS]`
 */
const SESSIONS = Number(process.argv[2] ?? 100_000);
const UNDER_WAY = 500;

const redis = await RedisServer.start();
const none = { username: undefined, password: undefined, ca: undefined, cert: undefined, key: undefined };
const client = connectRedis({ urls: [redis.url], isCluster: false, ...none });
const watch = watchRedis(client, 'detrails:');
const rows = new RedisRows(client, 'detrails:', watch);
const replica = await startReplica(rows, {
  maxSessions: 20_000,
  mostHeld: 20_000,
  timeout: 10_000,
  now: Date.now,
});
while (watch?.number === 0) await new Promise(setImmediate);
const before = await usedMemory();
const start = performance.now();
for (let first = 0; first < SESSIONS; first += UNDER_WAY) {
  const events = sessionEvents({ sessions: UNDER_WAY, uses: 1, unissued: 0, first });
  for (const kind of ['issued', 'used']) {
    const some = events.filter((event) => (event['eventName'] === 'AssumeRole') === (kind === 'issued'));
    await Promise.all(
      some.map((event) =>
        traceSession(recordOf(event), replica.store, { ...NO_KNOWLEDGE, now: Date.now, learn: true }),
      ),
    );
  }
}
const seconds = (performance.now() - start) / 1000;
const used = (await usedMemory()) - before;
const admin = redis.client();
const read = Number(/^tracking_total_keys:(\d+)/m.exec(await admin.info('stats'))?.[1]);
console.log(
  `${SESSIONS.toLocaleString('en')} sessions, ${(await admin.dbsize()).toLocaleString('en')} rows: ` +
    `${(used / 1e6).toFixed(0)} MB in Redis, ${(used / SESSIONS).toFixed(0)} bytes a session, told in ${seconds.toFixed(0)} s; ` +
    `among it what Redis remembers of ${read.toLocaleString('en')} keys that this replica has read`,
);
admin.disconnect();
replica.circuit.stop();
await rows.close();
await redis.stop();

async function usedMemory(): Promise<number> {
  const admin = redis.client();
  const info = await admin.info('memory');
  admin.disconnect();
  return Number(/^used_memory:(\d+)/m.exec(info)?.[1]);
}
