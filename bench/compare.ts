import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { besideStream } from './beside-stream.ts';
import { type Measure, mediansOf, type RoundPair, rounds, tell } from './measure.ts';
import { loadEnrich, type ProcessUnderTest, postStream, startService } from './process-under-test.ts';
import { sampleOf, writeRecords } from './records.ts';

/**
 * The working tree against another commit of this repository, by turns in one run: `npm run bench:compare -- REF`. Less
 * than 0.9 of its requests or records, or more than 1.1 of its processor time or memory, is a regression.
 *
 * Each is started several times, and the medians are those of all rounds: what V8 makes of the same code differs by
 * some 8 % from start to start.
 */
const STARTS = Number(process.env['BENCH_STARTS'] ?? 3);
/** Of rounds, after each start. */
const PAIRS = Number(process.env['BENCH_PAIRS'] ?? 3);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const FILE_BYTES = 50e6;
const FIGURES = {
  cpuMicroseconds: { what: '  processor time', unit: 'us' },
  megabytes: { what: '  memory', unit: 'MB' },
} as const;
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

interface Kind {
  readonly what: string;
  readonly unit: string;
  /** What is told of it besides. */
  readonly figures: readonly (keyof typeof FIGURES)[];
  readonly run: (target: ProcessUnderTest) => Promise<Round>;
  readonly rounds: RoundPair<Round>[];
}

async function compare(): Promise<readonly Measure[]> {
  const kinds = await prepareKinds();
  for (let start = 0; start < STARTS; start++) {
    const ours = await startService();
    const theirs = await startService({}, join(other, 'src/server.ts'));
    for (const { run, rounds: done } of kinds) {
      // Both have to have met the same records: which code V8 makes rests on what it has seen.
      for (const target of [ours, theirs]) await run(target);
      done.push(
        ...(await rounds(
          PAIRS,
          () => run(ours),
          () => run(theirs),
        )),
      );
    }
    for (const target of [ours, theirs]) await target.stop();
  }
  return kinds.flatMap(measuresOf);
}

async function prepareKinds(): Promise<readonly Kind[]> {
  const service = await startService();
  const { records } = await sampleOf(service.url);
  await service.stop();
  const recordsFile = join(directory, 'records.ndjson');
  const largeFile = join(directory, 'large.ndjson');
  writeFileSync(recordsFile, records.join('\n'));
  const count = await writeRecords(largeFile, records, FILE_BYTES);
  const body = readFileSync(largeFile);
  return [
    ...[1, 50].map(
      (connections): Kind => ({
        what: `/enrich, ${connections} connections`,
        unit: 'req/s',
        figures: ['cpuMicroseconds', 'megabytes'],
        run: (target) => singlyRound(target, recordsFile, connections),
        rounds: [],
      }),
    ),
    {
      what: '/enrich, 16 connections, beside a stream',
      unit: 'req/s',
      figures: [],
      run: (target) => besideStream(target, body, () => singlyRound(target, recordsFile, 16)),
      rounds: [],
    },
    {
      what: '/enrich/batch',
      unit: 'rec/s',
      figures: ['cpuMicroseconds'],
      run: (target) => batchRound(target, body, count),
      rounds: [],
    },
  ];
}

function measuresOf({ what, unit, figures, rounds }: Kind): readonly Measure[] {
  const of = mediansOf(rounds);
  return [
    { what, unit, ...of('perSecond'), atLeast: 0.9 },
    ...figures.map((figure) => ({ ...FIGURES[figure], ...of(figure), atMost: 1.1 })),
  ];
}

async function singlyRound(
  target: ProcessUnderTest,
  recordsFile: string,
  connections: number,
): Promise<Round> {
  const round = await loadEnrich(target, { recordsFile, connections, seconds: SECONDS });
  return { ...round, megabytes: megabytesOf(target) };
}

async function batchRound(target: ProcessUnderTest, body: Buffer, count: number): Promise<Round> {
  const before = target.cpuMilliseconds();
  const began = performance.now();
  await postStream(target, body);
  return {
    perSecond: (count * 1000) / (performance.now() - began),
    cpuMicroseconds: ((target.cpuMilliseconds() - before) * 1000) / count,
    megabytes: megabytesOf(target),
  };
}

function megabytesOf(target: ProcessUnderTest): number {
  return target.rssBytes() / 1e6;
}
