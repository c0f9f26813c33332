import { expect, test } from 'vitest';
import { overload } from '../../harness/overload.ts';

test('ten times the capacity: nothing wrong, memory and waits bounded, and soon back to normal (longer: npm run bench:overload)', async () => {
  const { load, restingBytes, mostBytes, recovery } = await overload(3, 100);
  expect(load.failures).toEqual({});
  expect(load.answered).toBeGreaterThan(100);
  expect(load.latencies[Math.floor(load.latencies.length * 0.99)]).toBeLessThan(8_000);
  expect(mostBytes - restingBytes).toBeLessThan(300e6);
  expect(recovery).toBeLessThan(5_000);
}, 60_000);
