import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesEverything, wildcardTest } from '../../../src/policy/patterns/wildcard.ts';

/** The same question put to the regular expression engine, which may take its time here. */
function byRegularExpression(pattern: string, text: string): boolean {
  const source = [...pattern].map((unit) =>
    unit === '*' ? '.*' : unit === '?' ? '.' : `\\u{${unit.codePointAt(0)?.toString(16)}}`,
  );
  return new RegExp(`^${source.join('')}$`, 'su').test(text);
}

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 12 });

describe('wildcards', () => {
  test('mean what a regular expression makes of them', () => {
    fc.assert(
      fc.property(patterns, letters, (pattern, text) => {
        expect(wildcardTest(pattern)(text)).toBe(byRegularExpression(pattern, text));
      }),
    );
  });

  test('a pattern that fits everything fits every text but the empty one', () => {
    fc.assert(
      fc.property(patterns, letters, (pattern, text) => {
        if (matchesEverything(pattern) && text !== '') expect(wildcardTest(pattern)(text)).toBe(true);
      }),
    );
  });

  test('a pattern that fits every text of one and two letters is told to fit everything', () => {
    const units = ['a', 'b', 'c'];
    const texts = [...units, ...units.flatMap((one) => units.map((other) => one + other))];
    fc.assert(
      fc.property(patterns, (pattern) => {
        expect(matchesEverything(pattern)).toBe(texts.every(wildcardTest(pattern)));
      }),
    );
  });

  test('a megabyte of stars takes no longer than reading it', () => {
    const stars = (pairs: number) => {
      const before = process.cpuUsage();
      expect(wildcardTest(`${'*a'.repeat(pairs)}*b`)('getobject')).toBe(false);
      return process.cpuUsage(before).user;
    };
    stars(50_000);
    const costs = [1, 2, 3].map(() => stars(500_000) / stars(50_000));
    expect(Math.min(...costs), 'of ten times the length; a square would be a hundred').toBeLessThan(50);
  });
});
