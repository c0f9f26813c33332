import type { ClientOptions } from './client.ts';
import { type Measure, takeTurns, tell } from './measure.ts';
import { loadEnrich, type ProcessUnderTest, startBareFastify } from './process-under-test.ts';
import { meanLength, nearestInSize } from './records.ts';
import { type Rig, withRig } from './rig.ts';

/**
 * The service against a bare Fastify route that parses the same record and answers an object of the same size, by
 * turns in one run, so that what else the machine does meets both: as fast as 50 connections can, at 2,000 requests
 * a second, and through a client that does what Logstash's http filter does, with 1 to 25 workers.
 */
const PAIRS = Number(process.env['BENCH_PAIRS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const WORKERS = [1, 2, 4, 8, 16, 25];

type Load = Pick<ClientOptions, 'connections' | 'perSecond' | 'asHttpFilter'>;

export const measureAgainstFastify = (): Promise<readonly Measure[]> => withRig(compareWithFastify);

async function compareWithFastify({ service, answers, recordsFile }: Rig): Promise<readonly Measure[]> {
  const bare = await startBareFastify(nearestInSize(answers, meanLength(answers)));
  const round = (target: ProcessUnderTest, load: Load, seconds = SECONDS) =>
    loadEnrich(target, { recordsFile, seconds, ...load });
  const pairs = (load: Load) =>
    takeTurns(
      PAIRS,
      () => round(service, load),
      () => round(bare, load),
    );
  try {
    for (const target of [service, bare]) await round(target, { connections: 50 }, 5);
    const fast = await pairs({ connections: 50 });
    const steady = await pairs({ connections: 50, perSecond: 2000 });
    const measures: Measure[] = [
      { what: '/enrich, 50 connections', unit: 'req/s', ...fast('perSecond'), atLeast: 0.9 },
      { what: '  p50', unit: 'ms', ...fast('p50') },
      { what: '  p99', unit: 'ms', ...fast('p99') },
      { what: '  processor time of a request', unit: 'us', ...fast('cpuMicroseconds') },
      { what: '/enrich at 2,000 req/s, p50', unit: 'ms', ...steady('p50') },
      { what: '  p99', unit: 'ms', ...steady('p99'), atMost: 1.3 },
      { what: '  processor time of a request', unit: 'us', ...steady('cpuMicroseconds') },
    ];
    for (const workers of WORKERS) {
      const filter = await pairs({ connections: workers, asHttpFilter: true });
      const what = `as the http filter, ${workers} worker${workers === 1 ? '' : 's'}`;
      measures.push({ what, unit: 'events/s', ...filter('perSecond'), atLeast: 0.95 });
    }
    return measures;
  } finally {
    await bare.stop();
  }
}

if (import.meta.main) tell(await measureAgainstFastify());
