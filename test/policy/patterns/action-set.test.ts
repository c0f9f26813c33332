import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ActionSet, spanOf } from '../../../src/policy/patterns/action-set.ts';

const SIZE = 400;
const indices = fc.array(fc.nat(SIZE - 1), { maxLength: 60 });

function setOf(members: readonly number[]): ActionSet {
  const set = ActionSet.empty(SIZE);
  set.addEach(members);
  return set;
}

const sorted = (members: Iterable<number>) => [...new Set(members)].sort((a, b) => a - b);

describe('a set of actions is the same as a set of numbers', () => {
  test('what it holds is the same', () => {
    fc.assert(
      fc.property(indices, fc.nat(SIZE - 1), (a, one) => {
        const set = setOf(a);
        expect(set.indices()).toEqual(sorted(a));
        expect(set.count()).toBe(new Set(a).size);
        expect(set.isEmpty()).toBe(a.length === 0);
        expect(set.has(one)).toBe(a.includes(one));
        expect(set.indices(undefined, 3)).toEqual(sorted(a).slice(0, 3));
        set.remove(one);
        expect(set.indices()).toEqual(sorted(a).filter((index) => index !== one));
        for (const index of a) set.remove(index);
        expect(set.isEmpty()).toBe(true);
        set.add(one);
        expect(set.indices()).toEqual([one]);
      }),
    );
  });

  test('what is made of two is the same', () => {
    fc.assert(
      fc.property(indices, indices, indices, (a, b, mask) => {
        const changed = (change: (set: ActionSet) => void) => {
          const set = setOf(a);
          const copy = set.copy();
          change(copy);
          expect(set.indices()).toEqual(sorted(a));
          return copy.indices();
        };
        expect(changed((set) => set.addAll(setOf(b)))).toEqual(sorted([...a, ...b]));
        expect(changed((set) => set.removeAll(setOf(b)))).toEqual(
          sorted(a.filter((index) => !b.includes(index))),
        );
        expect(changed((set) => set.keepAll(setOf(b)))).toEqual(
          sorted(a.filter((index) => b.includes(index))),
        );
        expect(changed((set) => set.addMasked(setOf(b), setOf(mask)))).toEqual(
          sorted([...a, ...b.filter((index) => mask.includes(index))]),
        );
        expect(changed((set) => set.addUnmasked(setOf(b), setOf(mask)))).toEqual(
          sorted([...a, ...b.filter((index) => !mask.includes(index))]),
        );
        expect(changed((set) => set.addSpan(spanOf(b)))).toEqual(sorted([...a, ...b]));
        expect(setOf(a).indices(setOf(b))).toEqual(sorted(a.filter((index) => b.includes(index))));
      }),
    );
  });

  test('what is asked of two is answered the same', () => {
    fc.assert(
      fc.property(indices, indices, (a, b) => {
        const includes = b.every((index) => a.includes(index));
        const meets = b.some((index) => a.includes(index));
        expect([setOf(a).includesAll(setOf(b)), setOf(a).includesSpan(spanOf(b))]).toEqual([
          includes,
          includes,
        ]);
        expect([setOf(a).meets(setOf(b)), setOf(a).meetsSpan(spanOf(b))]).toEqual([meets, meets]);
      }),
    );
  });
});
