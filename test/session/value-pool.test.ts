import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeRow, encodeRow } from '../../src/session/session-row-text.ts';
import { ValuePool } from '../../src/session/value-pool.ts';
import { CLAIMS, saidBy } from './claims.ts';

test('a pooled claim says what the claim said, whatever was pooled before, and so does its row', () => {
  fc.assert(
    fc.property(fc.array(CLAIMS, { minLength: 1, maxLength: 60 }), (claims) => {
      const pool = new ValuePool();
      for (const claim of claims) {
        const pooled = pool.claim(claim);
        expect(saidBy(pooled)).toEqual(claim);
        const body = encodeRow(['creator', 'AKIAEXAMPLE000000001', [pooled]]);
        const read = decodeRow('creator', 'AKIAEXAMPLE000000001', { keepUntil: 0, body });
        expect(read).toEqual(['creator', 'AKIAEXAMPLE000000001', [claim]]);
      }
    }),
  );
});

test('equal requesters and sources become one object each', () => {
  fc.assert(
    fc.property(CLAIMS, CLAIMS, (claim, other) => {
      const pool = new ValuePool();
      const first = pool.claim(claim);
      const second = pool.claim({
        ...other,
        requester: { ...claim.requester },
        source: { ...claim.source },
      });
      expect(second.requester).toBe(first.requester);
      expect(second.source).toBe(first.source);
    }),
  );
});
