import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasText, type SmallSet, sizeOf, textsOf, unionOf, withText } from '../../src/session/small-set.ts';

const texts = fc.array(fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('a', 'b', 'ASIA 1', 'é', '𝄞')));

describe('a small set', () => {
  test('is the sorted union of its texts, and of too many the smallest, in any order', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 8 }), (added, most) => {
        const set = added.reduce<SmallSet>((all, text) => withText(all, text, most), undefined);
        expect(textsOf(set)).toEqual([...new Set(added)].sort().slice(0, most));
        expect(sizeOf(set)).toBe(textsOf(set).length);
      }),
    );
  });

  test('of two sets is the smallest of all their texts, whichever comes first', () => {
    fc.assert(
      fc.property(texts, texts, fc.integer({ min: 1, max: 8 }), (some, others, most) => {
        const setOf = (added: readonly string[]) =>
          added.reduce<SmallSet>((all, text) => withText(all, text, most), undefined);
        const union = unionOf(setOf(some), setOf(others), most);
        expect(textsOf(union)).toEqual(textsOf(setOf([...others, ...some])));
      }),
    );
  });

  test('has what is in it and nothing else', () => {
    fc.assert(
      fc.property(texts, fc.string({ maxLength: 3 }), (added, other) => {
        const set = added.reduce<SmallSet>((all, text) => withText(all, text, 100), undefined);
        for (const text of added) expect(hasText(set, text)).toBe(true);
        expect(hasText(set, other)).toBe(added.includes(other));
      }),
    );
  });

  test('stays the very same where nothing is added', () => {
    const set = ['a', 'b', 'c'];
    expect(withText(set, 'b', 3)).toBe(set);
    expect(withText(set, 'd', 3)).toBe(set);
  });
});
