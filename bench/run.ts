import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMet, type Measure, ratioOf, tell } from './measure.ts';

/**
 * All measurements, each in a process of its own, as one table, and as JSON in bench/results.json (or where
 * BENCH_RESULTS says). `npm run bench [-- NAME...]`; a name alone runs that one. Ends with 1 where a promise is missed.
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

const [first, second, third] = process.argv.slice(2);
if (first === OUTPUT) {
  const measures = await BENCHES[third ?? '']?.();
  writeFileSync(second ?? '', JSON.stringify(measures));
  process.exit(0);
}
runAll(process.argv.length > 2 ? process.argv.slice(2) : Object.keys(BENCHES));

function runAll(names: readonly string[]): void {
  const directory = mkdtempSync(join(tmpdir(), 'detrails-bench-'));
  const measures: Measure[] = [];
  for (const name of names) {
    if (BENCHES[name] === undefined) throw new Error(`${name} is none of ${Object.keys(BENCHES).join(', ')}`);
    const file = join(directory, `${name}.json`);
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), OUTPUT, file, name], {
      stdio: 'inherit',
    });
    if (status === 0) measures.push(...JSON.parse(readFileSync(file, 'utf8')));
    else {
      console.error(`${name} ended with ${status}`);
      process.exitCode = 1;
    }
  }
  rmSync(directory, { recursive: true });
  tell(measures);
  const results = {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    machine: `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}`,
    measures: measures.map((measure) => ({ ...measure, ratio: ratioOf(measure), met: isMet(measure) })),
  };
  const path = process.env['BENCH_RESULTS'] ?? fileURLToPath(new URL('results.json', import.meta.url));
  writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`);
}
