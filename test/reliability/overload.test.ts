import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Pace } from '../../src/http/pace.ts';
import { overload } from './overload.ts';

test('ten times the capacity: nothing wrong, memory and waits bounded, and soon back to normal (longer: npm run bench:overload)', async () => {
  const { load, restingBytes, mostBytes, recovery } = await overload(3, 100);
  expect(load.failures).toEqual({});
  expect(load.answered).toBeGreaterThan(100);
  expect(load.latencies[Math.floor(load.latencies.length * 0.99)]).toBeLessThan(8_000);
  expect(mostBytes - restingBytes).toBeLessThan(300e6);
  expect(recovery).toBeLessThan(5_000);
}, 60_000);

describe('the pace', () => {
  const work = (milliseconds: number) => {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
  };
  const request = (order: number[], i: number, milliseconds = 0, bytes = 1) => ({
    bytes,
    head: performance.now(),
    run: () => {
      order.push(i);
      work(milliseconds);
    },
  });

  test('lets through what fits into a turn, and puts the rest in line, in order', async () => {
    const pace = new Pace();
    const order: number[] = [];
    expect(pace.hasTime()).toBe(true);
    work(5);
    expect(pace.hasTime()).toBe(false);
    for (let i = 0; i < 20; i++) pace.later(request(order, i, 1));
    expect(pace.hasTime(), 'who comes later stands behind').toBe(false);
    let turns = 0;
    while (pace.waiting > 0) {
      await new Promise(setImmediate);
      turns++;
    }
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(turns, 'other work had its turn in between').toBeGreaterThan(3);
    await new Promise(setImmediate);
    expect(pace.hasTime()).toBe(true);
  });

  test('tells who has waited for too long', async () => {
    const pace = new Pace();
    pace.hasTime();
    const told: boolean[] = [];
    for (const age of [0, 7_900, 8_100])
      pace.later({ bytes: 1, head: performance.now() - age, run: (isOverdue) => told.push(isOverdue) });
    await wait(10);
    expect(told).toEqual([false, false, true]);
  });

  test('puts nothing off when the line holds much: what is not read then waits in the kernel', () => {
    const pace = new Pace();
    pace.hasTime();
    work(5);
    expect(pace.hasTime()).toBe(false);
    pace.later(request([], 0, 0, 65 * 1024 * 1024));
    expect(pace.hasTime()).toBe(true);
  });
});
