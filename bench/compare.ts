import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Measure, takeTurns, tell } from './measure.ts';
import { type ProcessUnderTest, runClient, startService } from './process-under-test.ts';
import { sampleOf, writeRecords } from './records.ts';

/**
 * The working tree against another commit of this repository, by turns in one run: `npm run bench:compare -- REF`.
 * Less than 0.9 of its requests or records, or more than 1.1 of its processor time or memory, is a regression.
 */
const PAIRS = Number(process.env['BENCH_PAIRS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const FILE_BYTES = 50e6;
const [ref = 'HEAD'] = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'detrails-bench-'));
const other = join(directory, 'other');

interface Round {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
  readonly megabytes: number;
}

execFileSync('git', ['worktree', 'add', '--detach', '--quiet', other, ref], { cwd: root });
try {
  symlinkSync(join(root, 'node_modules'), join(other, 'node_modules'));
  tell(await compare());
} finally {
  execFileSync('git', ['worktree', 'remove', '--force', other], { cwd: root });
  rmSync(directory, { recursive: true });
}

async function compare(): Promise<readonly Measure[]> {
  const ours = await startService();
  const theirs = await startService({}, join(other, 'src/server.ts'));
  const { records } = await sampleOf(ours.url);
  // Both have to have met the same records: which code V8 makes rests on what it has seen.
  await sampleOf(theirs.url);
  const recordsFile = join(directory, 'records.ndjson');
  const largeFile = join(directory, 'large.ndjson');
  writeFileSync(recordsFile, records.join('\n'));
  const count = await writeRecords(largeFile, records, FILE_BYTES);
  const measures: Measure[] = [];
  for (const connections of [1, 50]) {
    const singly = (target: ProcessUnderTest) => singlyRound(target, recordsFile, connections);
    for (const target of [ours, theirs]) await singly(target);
    const of = await takeTurns(
      PAIRS,
      () => singly(ours),
      () => singly(theirs),
    );
    measures.push(
      { what: `/enrich, ${connections} connections`, unit: 'req/s', ...of('perSecond'), atLeast: 0.9 },
      { what: '  processor time', unit: 'us', ...of('cpuMicroseconds'), atMost: 1.1 },
      { what: '  memory', unit: 'MB', ...of('megabytes'), atMost: 1.1 },
    );
  }
  const body = readFileSync(largeFile);
  const batch = await takeTurns(
    PAIRS,
    () => batchRound(ours, body, count),
    () => batchRound(theirs, body, count),
  );
  measures.push(
    { what: '/enrich/batch', unit: 'rec/s', ...batch('perSecond'), atLeast: 0.9 },
    { what: '  processor time', unit: 'us', ...batch('cpuMicroseconds'), atMost: 1.1 },
  );
  await ours.stop();
  await theirs.stop();
  return measures;
}

async function singlyRound(
  target: ProcessUnderTest,
  recordsFile: string,
  connections: number,
): Promise<Round> {
  const before = target.cpuMilliseconds();
  const options = { url: `${target.url}/enrich`, recordsFile, connections, seconds: SECONDS };
  const { answered } = await runClient(options);
  return roundOf(target, before, answered, SECONDS);
}

async function batchRound(target: ProcessUnderTest, body: Buffer, count: number): Promise<Round> {
  const before = target.cpuMilliseconds();
  const began = performance.now();
  const answer = await fetch(`${target.url}/enrich/batch`, { method: 'POST', body: new Uint8Array(body) });
  if (answer.body !== null) for await (const _ of answer.body);
  return roundOf(target, before, count, (performance.now() - began) / 1000);
}

function roundOf(target: ProcessUnderTest, before: number, count: number, seconds: number): Round {
  return {
    perSecond: count / seconds,
    cpuMicroseconds: ((target.cpuMilliseconds() - before) * 1000) / count,
    megabytes: target.rssBytes() / 1e6,
  };
}
