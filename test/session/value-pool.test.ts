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
        const makers = { kind: 'makers', key: 'AKIAEXAMPLE000000001' } as const;
        const body = encodeRow({ ...makers, claims: [pooled] });
        const read = decodeRow('makers', makers.key, { keepUntil: 0, body });
        expect(read).toEqual({ ...makers, claims: [claim] });
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
