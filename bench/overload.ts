import { overload } from '../harness/overload.ts';

/**
 * Ten times what the service can do: no crash, no wrong answer, memory and the wait of accepted events bounded, and
 * back to normal soon after. Exits 1 otherwise. `npm run bench:overload [-- SECONDS CONNECTIONS]`
 */
const LONGEST_WAIT = 10_000;
const MOST_GROWTH = 300e6;
const LONGEST_RECOVERY = 5_000;
const [seconds = 20, connections = 1000] = process.argv.slice(2).map(Number);
const { capacity, offered, load, restingBytes, mostBytes, recovery } = await overload(seconds, connections);
const { [503]: refused = 0, ...wrong } = load.failures as Record<string, number>;
const p99 = load.latencies[Math.floor(load.latencies.length * 0.99)] ?? Number.NaN;
console.log(
  `capacity ${capacity} events a second; ${offered} offered over ${connections} connections for ${seconds} s`,
);
console.log(
  `answered ${load.latencies.length}, refused with 503 ${refused}, anything else ${JSON.stringify(wrong)}`,
);
console.log(
  `p99 of those answered ${p99.toFixed(0)} ms; RSS ${(restingBytes / 1e6).toFixed(0)} MB, at most ${(mostBytes / 1e6).toFixed(0)} MB`,
);
console.log(`back to normal after ${recovery.toFixed(0)} ms`);
const isGood =
  Object.keys(wrong).length === 0 &&
  p99 < LONGEST_WAIT &&
  mostBytes - restingBytes < MOST_GROWTH &&
  recovery < LONGEST_RECOVERY;
process.exitCode = isGood ? 0 : 1;
