import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPattern, takesIn as takesInRead } from '../../../src/policy/patterns/resource-cover.ts';
import { wildcardTest } from '../../../src/policy/patterns/wildcard.ts';

const takesIn = (wide: string, narrow: string) => takesInRead(readPattern(wide), readPattern(narrow));
const pattern = fc.array(fc.constantFrom('a', 'b', ':', '/', '*', '?')).map((units) => units.join(''));
const text = fc.array(fc.constantFrom('a', 'b', ':', '/')).map((units) => units.join(''));

const TAKES_IN: readonly (readonly [wide: string, narrow: string, yes: boolean])[] = [
  ['arn:aws:s3:::b*', 'arn:aws:s3:::b/*', true],
  ['arn:aws:s3:::b*/*', 'arn:aws:s3:::bucket/*', true],
  ['arn:*:s3:::b*', 'arn:aws:s3:::b', true],
  ['arn:*', 'arn:aws:s3:::b', true],
  ['*/b', 'arn:aws:s3:::a/b', true],
  ['b**', 'b*', true],
  ['b*?*', 'b', false],
  ['b?', 'b?', true],
  ['b?', 'b*', false],
  ['b?*', 'b*', false],
  ['ab*ba', 'aba', false],
  ['arn:aws:s3:::b/*', 'arn:aws:s3:::b*', false],
  ['arn:aws:s3:::b', 'arn:aws:s3:::*', false],
];

describe('a pattern that takes in another', () => {
  test.each(TAKES_IN)('%s and %s: %s', (wide, narrow, yes) => {
    expect(takesIn(wide, narrow)).toBe(yes);
  });

  test('fits every text that the other fits', () => {
    fc.assert(
      fc.property(pattern, pattern, text, (wide, narrow, name) => {
        fc.pre(takesIn(wide, narrow) && wildcardTest(narrow)(name));
        expect(wildcardTest(wide)(name)).toBe(true);
      }),
      { numRuns: 200, maxSkipsPerRun: 10_000 },
    );
  });
});
