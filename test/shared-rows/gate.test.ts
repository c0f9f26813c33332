import { describe, expect, test } from 'vitest';
import { type Arrival, Gate } from '../../src/shared-rows/gate.ts';

describe('a gate', () => {
  test('lets in as many as it may, and the next in line for each that leaves', () => {
    const gate = new Gate(2);
    const told: string[] = [];
    const entrant = (name: string): Arrival => ({ entered: () => told.push(name) });
    expect(['a', 'b', 'c', 'd'].map((name) => gate.enter(entrant(name)))).toEqual([true, true, false, false]);
    gate.leave();
    expect(told).toEqual(['c']);
    expect(gate.enter(entrant('e')), 'who comes later does not overtake').toBe(false);
    gate.leave();
    gate.leave();
    expect(told).toEqual(['c', 'd', 'e']);
    gate.leave();
    gate.leave();
    expect(gate.enter(entrant('f'))).toBe(true);
  });

  test('lets everybody through who leaves at once, however many stand in line', () => {
    const gate = new Gate(1);
    let through = 0;
    const hasty: Arrival = {
      entered: () => {
        through++;
        gate.leave();
      },
    };
    expect(gate.enter(hasty)).toBe(true);
    for (let i = 0; i < 100_000; i++) gate.enter(hasty);
    gate.leave();
    expect(through).toBe(100_000);
    expect(gate.enter(hasty)).toBe(true);
  });

  test('stays open to others where one that it lets in throws', () => {
    const gate = new Gate(2);
    const told: string[] = [];
    const broken: Arrival = {
      entered: () => {
        throw new Error('broken');
      },
    };
    const next: Arrival = { entered: () => told.push('next') };
    expect([next, next, broken, next].map((arrival) => gate.enter(arrival))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(() => gate.leave()).toThrow('broken');
    gate.leave();
    expect(told).toEqual(['next']);
  });
});
