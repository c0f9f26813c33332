import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Measure, tell } from './measure.ts';
import { type BenchRun, withRuns } from './results.ts';

/**
 * All measurements, each in a process of its own, as one table, and as JSON in bench/results.json (or where
 * BENCH_RESULTS says). `npm run bench [-- NAME...]`; a name alone runs that one, and keeps what the file says of the
 * others. Ends with 1 where a promise is missed.
 */
const BENCHES: Readonly<Record<string, () => Promise<readonly Measure[]>>> = {
  start: async () => (await import('./first-light.ts')).measureFirstLight(),
  fastify: async () => (await import('./fastify.ts')).measureAgainstFastify(),
  streams: async () => (await import('./streams.ts')).measureStreams(),
  sessions: async () => (await import('./session-store.ts')).measureSessions(),
  growth: async () => (await import('./session-growth.ts')).measureGrowth(),
  peers: async () => (await import('./peers/cloudsplaining.ts')).measureAgainstCloudsplaining(),
  long: async () => (await import('./long-run.ts')).measureLongRun(),
};
const OUTPUT = '--to';
const HERE = {
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  machine: `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}`,
};

const [first, second, third] = process.argv.slice(2);
if (first === OUTPUT) {
  const measures = await BENCHES[third ?? '']?.();
  writeFileSync(second ?? '', JSON.stringify(measures));
  process.exit(0);
}
runAll(process.argv.length > 2 ? process.argv.slice(2) : Object.keys(BENCHES));

function runAll(names: readonly string[]): void {
  const unknown = names.find((name) => BENCHES[name] === undefined);
  if (unknown !== undefined) throw new Error(`${unknown} is none of ${Object.keys(BENCHES).join(', ')}`);
  const runs = names.flatMap((bench) => runApart(bench) ?? []);
  tell(runs.flatMap(({ measures }) => measures));
  const path = process.env['BENCH_RESULTS'] ?? fileURLToPath(new URL('results.json', import.meta.url));
  const known: BenchRun[] = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
  writeFileSync(path, `${JSON.stringify(withRuns(known, runs, Object.keys(BENCHES)), undefined, 2)}\n`);
}

/** Undefined where it failed. */
function runApart(bench: string): BenchRun | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'detrails-bench-'));
  try {
    const file = join(directory, `${bench}.json`);
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), OUTPUT, file, bench], {
      stdio: 'inherit',
    });
    if (status === 0) return { bench, ...HERE, measures: JSON.parse(readFileSync(file, 'utf8')) };
    console.error(`${bench} ended with ${status}`);
    process.exitCode = 1;
    return undefined;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
