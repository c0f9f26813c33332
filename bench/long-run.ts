import { type Measure, median, tell } from './measure.ts';
import { type ProcessUnderTest, runClient, startBareFastify } from './process-under-test.ts';
import { meanLength, nearestInSize } from './records.ts';
import { type Rig, withRig } from './rig.ts';

/**
 * Five minutes as fast as 50 connections can, each event with an id of its own: whether the memory of the last minute
 * is that of the second, and the latencies of both; after it the same load on a bare Fastify route for a third of a
 * minute. `npm run bench:long`, with another number in BENCH_MINUTES.
 */
const MINUTES = Number(process.env['BENCH_MINUTES'] ?? 5);
const MINUTE_SECONDS = 60;

export const measureLongRun = (): Promise<readonly Measure[]> => withRig(runLong);

async function runLong({ service, answers, recordsFile }: Rig): Promise<readonly Measure[]> {
  const bare = await startBareFastify(nearestInSize(answers, meanLength(answers)));
  const load = (target: ProcessUnderTest, seconds: number) =>
    runClient({
      url: `${target.url}/enrich`,
      recordsFile,
      connections: 50,
      seconds,
      windowSeconds: Math.min(seconds, MINUTE_SECONDS),
    });
  const rss: number[][] = [];
  const began = performance.now();
  const watch = setInterval(() => {
    const minute = Math.floor((performance.now() - began) / (MINUTE_SECONDS * 1000));
    rss[minute] ??= [];
    rss[minute]?.push(service.rssBytes() / 1e6);
  }, 1000);
  try {
    const { answered, windows } = await load(service, MINUTES * MINUTE_SECONDS);
    const theirs = (await load(bare, 20)).windows[0];
    const last = windows[MINUTES - 1];
    return [
      {
        what: `${answered.toLocaleString('en')} distinct events, memory of the last minute against the second`,
        unit: 'MB',
        ours: median(rss[MINUTES - 1] ?? []),
        theirs: median(rss[1] ?? []),
        atMost: 1.1,
      },
      {
        what: '  rate of the last minute against the second',
        unit: 'req/s',
        ours: last?.perSecond ?? Number.NaN,
        theirs: windows[1]?.perSecond ?? Number.NaN,
      },
      {
        what: '  p99 of the last minute against bare Fastify',
        unit: 'ms',
        ours: last?.p99 ?? Number.NaN,
        theirs: theirs?.p99 ?? Number.NaN,
      },
      { what: '  p99 of the second minute', unit: 'ms', ours: windows[1]?.p99 ?? Number.NaN },
    ];
  } finally {
    clearInterval(watch);
    await bare.stop();
  }
}

if (import.meta.main) tell(await measureLongRun());
