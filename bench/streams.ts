import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { besideStream } from './beside-stream.ts';
import { type Measure, median, takeTurns, tell } from './measure.ts';
import {
  cpuMillisecondsOf,
  FLAGS,
  loadEnrich,
  type ProcessUnderTest,
  postStream,
  runClient,
} from './process-under-test.ts';
import { withEventId, writeRecords } from './records.ts';
import { type Rig, withRig } from './rig.ts';

/**
 * Streams against the least that any enrichment must do with them: JSON.parse of the records and JSON.stringify of
 * the answers, in one process without a network. `/enrich/batch` as NDJSON and as an array, plain and gzip, by the
 * processor time of the service (a core's worth) and against /enrich in the same run; `detrails enrich` on a large
 * file, against the limit and against `jq -c`, with the most memory that it took. And what a stream leaves to /enrich,
 * against /enrich alone.
 */
const PAIRS = Number(process.env['BENCH_PAIRS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const FILE_BYTES = Number(process.env['BENCH_FILE_MB'] ?? 500) * 1e6;
const BATCH_RECORDS = 20_000;

export const measureStreams = (): Promise<readonly Measure[]> =>
  withRig(async (rig) => {
    const batch = await measureBatch(rig);
    await rig.service.stop();
    return [...batch, ...(await measureFiles(rig))];
  });

async function measureBatch({
  service,
  records,
  recordsFile,
  answersFile,
}: Rig): Promise<readonly Measure[]> {
  const many = Array.from({ length: BATCH_RECORDS }, (_, i) =>
    withEventId(records[i % records.length] ?? '', i),
  );
  const ndjson = Buffer.from(many.map((record) => `${record}\n`).join(''));
  const array = Buffer.from(`[${many.join(',')}]`);
  const pack = promisify(gzip);
  const forms: readonly (readonly [name: string, body: Buffer, encoding?: string])[] = [
    ['NDJSON', ndjson],
    ['array', array],
    ['NDJSON, gzip', await pack(ndjson), 'gzip'],
    ['array, gzip', await pack(array), 'gzip'],
  ];
  for (const [, body, encoding] of forms) await postBatches(service, body, encoding, 1);
  const limits: number[] = [];
  const singly: number[] = [];
  const alone: number[] = [];
  const rates = forms.map((): { cpu: number[]; wall: number[] } => ({ cpu: [], wall: [] }));
  for (let pair = 0; pair < PAIRS; pair++) {
    limits.push(await jsonLimit(recordsFile, answersFile));
    const client = { url: `${service.url}/enrich`, recordsFile, connections: 50, seconds: SECONDS };
    singly.push((await runClient(client)).answered / SECONDS);
    alone.push((await runClient({ ...client, connections: 1 })).answered / SECONDS);
    for (const [i, [, body, encoding]] of forms.entries()) {
      const { cpu, wall } = await postBatches(service, body, encoding, SECONDS);
      rates[i]?.cpu.push(cpu);
      rates[i]?.wall.push(wall);
    }
  }
  const beside = await measureBeside(service, recordsFile, ndjson);
  const against = forms.flatMap(([name], i): Measure[] => {
    const { cpu = [], wall = [] } = rates[i] ?? {};
    const ours = median(cpu);
    const isPlain = i < 2;
    return [
      {
        what: `/enrich/batch, ${name}, against parse and stringify`,
        unit: 'rec/core s',
        ours,
        theirs: median(limits),
        ...(isPlain && { atLeast: 0.6 }),
      },
      {
        what: '  against /enrich, a connection each',
        unit: 'rec/s',
        ours: median(wall),
        theirs: median(alone),
        ...(isPlain && { atLeast: 4 }),
      },
      {
        what: '  against /enrich over 50 connections',
        unit: 'rec/s',
        ours: median(wall),
        theirs: median(singly),
        ...(isPlain && { atLeast: 4 }),
      },
    ];
  });
  return [...against, ...beside];
}

/** As many connections as Logstash has workers on a large machine. */
const BESIDE_CONNECTIONS = 16;

async function measureBeside(
  service: ProcessUnderTest,
  recordsFile: string,
  body: Buffer,
): Promise<readonly Measure[]> {
  const load = () => loadEnrich(service, { recordsFile, connections: BESIDE_CONNECTIONS, seconds: SECONDS });
  const of = await takeTurns(PAIRS, () => besideStream(service, body, load), load);
  return [
    {
      what: `/enrich over ${BESIDE_CONNECTIONS} connections, beside a stream`,
      unit: 'req/s',
      ...of('perSecond'),
    },
    { what: '  p99', unit: 'ms', ...of('p99') },
  ];
}

/** Records a second of the service's processor time, and by the clock. */
async function postBatches(
  service: ProcessUnderTest,
  body: Buffer,
  encoding: string | undefined,
  seconds: number,
): Promise<{ cpu: number; wall: number }> {
  const began = performance.now();
  const before = service.cpuMilliseconds();
  let records = 0;
  while (performance.now() - began < seconds * 1000) {
    await postStream(service, body, encoding === undefined ? {} : { 'content-encoding': encoding });
    records += BATCH_RECORDS;
  }
  const cpuSeconds = (service.cpuMilliseconds() - before) / 1000;
  return { cpu: records / cpuSeconds, wall: (records * 1000) / (performance.now() - began) };
}

async function measureFiles({
  directory,
  records,
  recordsFile,
  answersFile,
}: Rig): Promise<readonly Measure[]> {
  const [small, large] = [join(directory, 'small.ndjson'), join(directory, 'large.ndjson')];
  await writeRecords(small, records, 0);
  const count = await writeRecords(large, records, FILE_BYTES);
  const cli = [
    process.execPath,
    ...FLAGS,
    fileURLToPath(new URL('../src/cli.ts', import.meta.url)),
    'enrich',
  ];
  const limits: number[] = [];
  const ours: number[] = [];
  const walls: number[] = [];
  const jq: number[] = [];
  let mostBytes = 0;
  for (let round = 0; round < 3; round++) {
    const start = await runCommand([...cli, small]);
    const run = await runCommand([...cli, large]);
    mostBytes = Math.max(mostBytes, run.mostBytes);
    // What it takes to start is the same for a file of any size.
    ours.push(count / (run.cpuSeconds - start.cpuSeconds));
    walls.push(count / run.seconds);
    limits.push(await jsonLimit(recordsFile, answersFile));
    const peer = await runCommand(['jq', '-c', '.', large]).catch(() => undefined);
    if (peer !== undefined) jq.push(count / peer.seconds);
  }
  const megabytes = Math.round(FILE_BYTES / 1e6);
  return [
    {
      what: `detrails enrich, ${megabytes} MB, against parse and stringify`,
      unit: 'rec/core s',
      ours: median(ours),
      theirs: median(limits),
      atLeast: 0.5,
    },
    {
      what: '  against jq -c, by the clock',
      unit: 'rec/s',
      ours: median(walls),
      ...(jq.length > 0 && { theirs: median(jq) }),
    },
    { what: '  most memory', unit: 'MB', ours: mostBytes / 1e6, atMost: 250 },
  ];
}

async function runCommand(
  command: readonly string[],
): Promise<{ seconds: number; cpuSeconds: number; mostBytes: number }> {
  const began = performance.now();
  const child = spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'ignore', 'ignore'] });
  let cpuSeconds = 0;
  let mostBytes = 0;
  const watch = setInterval(() => {
    const status = statusOf(child.pid);
    const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
    if (peak === 0) return;
    mostBytes = peak;
    cpuSeconds = cpuMillisecondsOf(child.pid) / 1000;
  }, 10);
  const [code] = await once(child, 'exit');
  clearInterval(watch);
  if (code !== 0) throw new Error(`${command[0]} ended with ${code}`);
  return { seconds: (performance.now() - began) / 1000, cpuSeconds, mostBytes };
}

function statusOf(pid: number | undefined): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

/** Records a second that JSON.parse and JSON.stringify let through, in a process of its own. */
async function jsonLimit(recordsFile: string, answersFile: string): Promise<number> {
  const script = fileURLToPath(new URL('json-limit.ts', import.meta.url));
  const child = spawn(process.execPath, [...FLAGS, script, recordsFile, answersFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return Number(text);
}

if (import.meta.main) tell(await measureStreams());
