import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KnownRow, RowKind } from '../../src/shared-rows/known-row.ts';

const KEYS = Array.from({ length: 13 }, (_, i) => `key ${i}`);

test('one key has one row at a time, and a row that is not it any more says so', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...KEYS), { maxLength: 200 }), (keys) => {
      const kind = new RowKind<number>('t', 'x:', 6);
      const met = new Map<KnownRow<number>, string>();
      for (const key of keys) {
        const row = kind.of(key);
        row.held = { head: key, row: 1 };
        met.set(row, key);
        expect(kind.of(key), 'asked again').toBe(row);
        for (const [one, name] of met) {
          expect(one.isCurrent).toBe(kind.peek(name) === one);
          expect(one.held?.head).toBe(one.isCurrent ? name : undefined);
        }
      }
    }),
  );
});

test('a row that was forgotten leads to the one in its place', () => {
  const kind = new RowKind<number>('t', 'x:', 10);
  const row = kind.of('a');
  row.held = { head: '1:', row: 1 };
  expect(row.current()).toBe(row);
  for (const key of KEYS) kind.of(key);
  const other = row.current();
  expect(other).not.toBe(row);
  expect(other).toBe(kind.of('a'));
  expect(other.held, 'what is known of it is to be learned again').toBeUndefined();
  expect(other.name).toBe('x:t:a');
});

test('it keeps no more than it may, and of the rest what was asked for last', () => {
  const kind = new RowKind<number>('t', 'x:', 100);
  for (let i = 0; i < 1000; i++) {
    kind.of(String(i));
    kind.of('0');
  }
  const kept = Array.from({ length: 1000 }, (_, i) => i).filter((i) => kind.peek(String(i)) !== undefined);
  expect(kept.length).toBeLessThanOrEqual(100);
  expect(kept).toContain(0);
  expect(kept).toContain(999);
});

test('looking without asking keeps nothing young', () => {
  const kind = new RowKind<number>('t', 'x:', 10);
  kind.of('a');
  for (const key of KEYS) {
    kind.peek('a');
    kind.of(key);
  }
  expect(kind.peek('a')).toBeUndefined();
});
