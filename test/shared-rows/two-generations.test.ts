import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TwoGenerations } from '../../src/shared-rows/two-generations.ts';

test('what it still knows is what was set last', () => {
  const STEP = fc.tuple(fc.constantFrom('get', 'set', 'delete'), fc.nat(12).map(String));
  fc.assert(
    fc.property(fc.array(STEP, { maxLength: 200 }), (steps) => {
      const map = new TwoGenerations<number>(6);
      const model = new Map<string, number>();
      steps.forEach(([step, key], i) => {
        if (step === 'set') {
          map.set(key, i);
          model.set(key, i);
        } else if (step === 'delete') {
          map.delete(key);
          model.delete(key);
        }
        expect([undefined, model.get(key)]).toContain(map.get(key));
        if (step === 'set') expect(map.get(key)).toBe(i);
      });
    }),
  );
});

test('it keeps no more than it may, and of the rest what was asked for last', () => {
  const map = new TwoGenerations<number>(100);
  for (let i = 0; i < 1000; i++) {
    map.set(String(i), i);
    map.get('0');
  }
  const kept = Array.from({ length: 1000 }, (_, i) => i).filter((i) => map.get(String(i)) !== undefined);
  expect(kept.length).toBeLessThanOrEqual(100);
  expect(kept).toContain(0);
  expect(kept).toContain(999);
});
