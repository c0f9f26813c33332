import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Claim } from '../../src/session/claim.ts';
import { compareClaims } from '../../src/session/compare-claims.ts';
import { ValuePool } from '../../src/session/value-pool.ts';
import { CLAIMS } from './claims.ts';

/** Two claims of which the second differs from the first in one field, or in none. */
const NEIGHBOURS = fc.tuple(CLAIMS, CLAIMS).chain(([claim, other]) => {
  const fields = Object.keys(claim) as (keyof Claim)[];
  const changes = fields.flatMap((field): object[] => {
    const value = other[field];
    if (typeof value !== 'object') return [{ [field]: value }];
    return Object.entries(value).map(([inner, said]) => ({
      [field]: { ...(claim[field] as object), [inner]: said },
    }));
  });
  return fc.constantFrom(...changes).map((change) => [claim, { ...claim, ...change } as Claim] as const);
});

test('two claims compare as equal where they say the same of every field, and else never', () => {
  fc.assert(
    fc.property(NEIGHBOURS, ([claim, neighbour]) => {
      const isSame = JSON.stringify(claim) === JSON.stringify(neighbour);
      expect(compareClaims(claim, neighbour) === 0).toBe(isSame);
    }),
    { numRuns: 1000 },
  );
});

test('of any claims the order is one, however they are kept', () => {
  const pool = new ValuePool();
  fc.assert(
    fc.property(CLAIMS, CLAIMS, CLAIMS, (a, b, c) => {
      const sign = Math.sign(compareClaims(a, b));
      expect(Math.sign(compareClaims(b, a))).toBe(0 - sign);
      expect(Math.sign(compareClaims(pool.claim(a), pool.claim(b)))).toBe(sign);
      expect(compareClaims(a, pool.claim(a))).toBe(0);
      if (compareClaims(a, b) <= 0 && compareClaims(b, c) <= 0)
        expect(compareClaims(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});
