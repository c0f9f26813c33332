import { parseArgs } from 'node:util';
import { eventPool } from '../harness/fuzz/event-pool.ts';
import { runFuzz } from '../harness/fuzz/run-fuzz.ts';
import { startServiceProcess } from '../harness/service-process.ts';

/**
 * Generated and mutated events through /enrich and /enrich/batch of a process of its own: no 5xx, no crash, memory
 * that stays as it is, and a table of what was refused and why. Exits 1 where something of that is not so.
 * `npm run fuzz -- --events 1000000 --seed 1`
 */
const { values } = parseArgs({
  options: { events: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
const events = Number(values.events);
const seed = Number(values.seed);
const SESSION_MAX = '2000';
/** The memories fill up and then stay: what grows in the second half of a long run is a leak. */
const MOST_GROWTH = 1.1;
const FEWEST_FOR_GROWTH = 500_000;
const MOST_MEGABYTES = 700;

const service = await startServiceProcess({
  environment: { DETRAILS_SESSION_MAX: SESSION_MAX, DETRAILS_LOG_LEVEL: 'info' },
});
process.on('exit', () => service.child.kill('SIGKILL'));
const rss: number[] = [];
const began = performance.now();
const result = await runFuzz({
  url: service.url,
  pool: eventPool(seed, 5_000),
  events,
  seed,
  onProgress: (sent) => {
    rss.push(service.rssBytes() / 1e6);
    if (process.stderr.isTTY) process.stderr.write(`\r${sent} events`);
  },
});
const seconds = (performance.now() - began) / 1000;
service.child.kill('SIGINT');
const exitCode = await service.ended;

const total = [...result.answers.values()].reduce((sum, count) => sum + count, 0);
console.log(`${events} events in ${seconds.toFixed(0)} s, ${total} answers (seed ${seed})`);
for (const [code, count] of [...result.answers].sort((a, b) => b[1] - a[1])) {
  console.log(`  ${code.padEnd(22)} ${String(count).padStart(8)}  ${((count / total) * 100).toFixed(2)} %`);
}
const quarter = (i: number) => {
  const part = rss.slice(Math.floor((rss.length * i) / 4), Math.floor((rss.length * (i + 1)) / 4));
  return part.reduce((sum, one) => sum + one, 0) / part.length;
};
const quarters = [0, 1, 2, 3].map(quarter);
const growth = (quarters[3] ?? 0) / (quarters[1] ?? 1);
const most = Math.max(...rss);
console.log(
  `RSS by quarters        ${quarters.map((one) => one.toFixed(0)).join(', ')} MB, at most ${most.toFixed(0)} MB`,
);
console.log(`slowest /enrich        ${result.slowest.toFixed(0)} ms, the client's own time included`);
console.log(`failures               ${result.failures.length}, exit code ${exitCode}`);
for (const { what, input } of result.failures.slice(0, 5))
  console.log(`${what}\n  ${input.toString('base64').slice(0, 2000)}`);
const logged = service.log.filter((line) => line.includes('"log.level":"error"'));
for (const line of logged.slice(0, 5)) console.log(line);
const isFlat = most < MOST_MEGABYTES && (events < FEWEST_FOR_GROWTH || growth < MOST_GROWTH);
const isWell = result.failures.length === 0 && logged.length === 0 && exitCode === 0;
if (!isWell) for (const line of service.log.slice(-5)) console.log(line);
process.exitCode = isWell && isFlat ? 0 : 1;
