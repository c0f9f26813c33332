import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { RedisServer } from '../harness/redis-server.ts';
import { sessionEvents } from '../harness/session-events.ts';
import { type Measure, takeTurns, tell } from './measure.ts';
import { withUsualFields } from './ordinary/usual-fields.ts';
import { type LoadRound, loadEnrich, type ProcessUnderTest, startService } from './process-under-test.ts';

/**
 * The service with its memory in Redis against the same with a memory of its own, by turns in one run. The events are
 * those of many sessions, each issued in a record and then used, shuffled; every tenth comes from a session of which
 * no issuance was recorded. Through /enrich, and through /enrich/batch.
 */
const PAIRS = Number(process.env['BENCH_PAIRS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 6);
const SESSIONS = 2000;
const SMALLEST_RATIO = 0.7;

const redis = await RedisServer.start();
const settings = { DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'info' };
const own = await startService(settings);
// Speed is measured here, not patience: cores that client and Redis have to share make answers late.
const patient = { DETRAILS_REDIS_URL: redis.url, DETRAILS_REDIS_TIMEOUT_MS: '2000' };
const shared = await startService({ ...settings, ...patient });

const events = sessionEvents({ sessions: SESSIONS, uses: 9, unissued: 0.1 });
const bodies = shuffled(events.map((event) => JSON.stringify(withUsualFields(event))));
const batch = Buffer.from(bodies.map((body) => `${body}\n`).join(''));
const directory = mkdtempSync(join(tmpdir(), 'detrails-bench-'));
const recordsFile = join(directory, 'records.ndjson');
writeFileSync(recordsFile, batch);
console.log(`${events.length} events of ${SESSIONS} sessions, ${PAIRS} pairs of ${SECONDS} s`);
for (const target of [own, shared]) await postBatch(target);

for (const target of [own, shared]) await postSingly(target, 3);
tell([
  ...(await compare('/enrich, 50 connections', (target) => postSingly(target, SECONDS))),
  ...(await compare('/enrich/batch, one stream', postBatches)),
]);
const metrics = await (await fetch(`${shared.url}/metrics`)).text();
if (!metrics.includes('detrails_session_store_up 1')) throw new Error('there is no metric of the store');
if (!metrics.includes('detrails_session_store_watching 1')) throw new Error('Redis tells of no changes');
if (metrics.includes('code="store_unavailable"')) throw new Error('some answers came without Redis');
await own.stop();
await shared.stop();
await redis.stop();
rmSync(directory, { recursive: true });

type Round = Pick<LoadRound, 'perSecond' | 'cpuMicroseconds'>;

async function compare(
  what: string,
  run: (target: ProcessUnderTest) => Promise<Round>,
): Promise<readonly Measure[]> {
  const of = await takeTurns(
    PAIRS,
    () => run(shared),
    () => run(own),
  );
  return [
    { what: `${what}: Redis against memory`, unit: 'events/s', ...of('perSecond'), atLeast: SMALLEST_RATIO },
    { what: '  processor time of the service', unit: 'us', ...of('cpuMicroseconds') },
  ];
}

function postSingly(target: ProcessUnderTest, seconds: number): Promise<Round> {
  return loadEnrich(target, { recordsFile, connections: 50, seconds });
}

async function postBatches(target: ProcessUnderTest): Promise<Round> {
  const start = performance.now();
  const before = target.cpuMilliseconds();
  let rounds = 0;
  while (performance.now() - start < SECONDS * 1000) {
    await postBatch(target);
    rounds++;
  }
  const events = rounds * bodies.length;
  return {
    perSecond: (events * 1000) / (performance.now() - start),
    cpuMicroseconds: ((target.cpuMilliseconds() - before) * 1000) / events,
  };
}

/** The client shares two cores with the service and with Redis: it makes no text of 35 MB of answers. */
async function postBatch(target: ProcessUnderTest): Promise<void> {
  const response = await fetch(`${target.url}/enrich/batch`, { method: 'POST', body: batch });
  if (response.status !== 200 || response.body === null) throw new Error('a batch failed');
  const answers = await buffer(response.body);
  if (answers.includes('store_unavailable')) throw new Error('Redis was not asked');
}

function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
