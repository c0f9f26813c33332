import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { type ProcessUnderTest, startProcess } from './process-under-test.ts';

/**
 * The service against a bare Fastify route, by turns in one run, so that what else the machine does hits both alike.
 * The client is a process of its own (autocannon's worker); 50 connections, the events of a scenario in turn, and a
 * constant answer of their mean size from the bare route.
 */
const PAIRS = Number(process.env['BENCH_PAIRS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 6);
const script = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const scenario = readFileSync(new URL('../examples/scenarios/pacu.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n');
/** An event that carries a policy is answered with pages of findings: rare, and measured by bench/peers. */
const LONGEST_ANSWER = 4000;

interface Round {
  readonly rps: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMicroseconds: number;
}

const service = await startProcess(script('../src/server.ts'), {
  DETRAILS_PORT: '0',
  DETRAILS_LOG_LEVEL: 'info',
});
const requests: { body: string }[] = [];
const answers: string[] = [];
for (const body of scenario) {
  const text = await (await fetch(`${service.url}/enrich`, { method: 'POST', body })).text();
  if (text.length > LONGEST_ANSWER) continue;
  requests.push({ body });
  answers.push(text);
}
const bodies = requests.map(({ body }) => body);
const bare = await startProcess(script('bare-fastify.ts'), {
  BENCH_ANSWER: nearestInSize(answers, mean(answers)),
});
console.log(
  `${bodies.length} records of ${mean(bodies).toFixed(0)} bytes, answers of ${mean(answers).toFixed(0)}, ${PAIRS} pairs of ${SECONDS} s`,
);

await round(service, undefined, 3);
await round(bare, undefined, 3);
await compare('as fast as it goes, 50 connections', undefined);
await compare('2,000 requests a second', 2000);
await service.stop();
await bare.stop();

async function compare(name: string, rate: number | undefined): Promise<void> {
  const ours: Round[] = [];
  const theirs: Round[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    ours.push(await round(service, rate, SECONDS));
    theirs.push(await round(bare, rate, SECONDS));
  }
  console.log(`\n${name}`);
  for (const key of ['rps', 'p50', 'p99', 'cpuMicroseconds'] as const) {
    const [a, b] = [median(ours.map((one) => one[key])), median(theirs.map((one) => one[key]))];
    console.log(
      `  ${key.padEnd(16)} service ${a.toFixed(2).padStart(10)}   bare ${b.toFixed(2).padStart(10)}   ratio ${(a / b).toFixed(3)}`,
    );
  }
}

async function round(target: ProcessUnderTest, rate: number | undefined, seconds: number): Promise<Round> {
  const before = target.cpuMilliseconds();
  const result = await autocannon({
    url: `${target.url}/enrich`,
    method: 'POST',
    requests,
    headers: { 'content-type': 'application/json' },
    connections: 50,
    duration: seconds,
    workers: 1,
    ...(rate !== undefined && { overallRate: rate }),
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error('requests failed');
  const total = result.requests.total;
  return {
    rps: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    cpuMicroseconds: ((target.cpuMilliseconds() - before) * 1000) / total,
  };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function mean(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0) / texts.length;
}

function nearestInSize(texts: readonly string[], size: number): string {
  return texts.reduce((best, text) =>
    Math.abs(text.length - size) < Math.abs(best.length - size) ? text : best,
  );
}
