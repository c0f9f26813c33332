import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Claim, Requester, Source } from '../../src/session/claim.ts';
import { ValuePool } from '../../src/session/value-pool.ts';

/** Few texts, and such that look alike when they are put side by side. */
const TEXT = fc.constantFrom('a', 'b', 'a b', ' ', 'undefined', undefined);
const REQUESTER: fc.Arbitrary<Requester> = fc.record({
  type: TEXT,
  arn: TEXT,
  principalId: TEXT,
  accountId: TEXT,
  accessKeyId: TEXT,
  invokedBy: TEXT,
  createdAt: fc.constantFrom(1, 2, undefined),
  signInSessionArn: TEXT,
});
const SOURCE: fc.Arbitrary<Source> = fc.record({
  address: TEXT,
  userAgent: TEXT,
  vpcEndpointId: TEXT,
  vpcEndpointAccountId: TEXT,
});

function claimOf(requester: Requester, source: Source): Claim {
  const none = { eventId: undefined, sharedEventId: undefined, accountId: undefined, region: undefined };
  const life = { session: undefined, actsAs: undefined, expiresAt: undefined, expiresBasis: undefined };
  const what = {
    time: 1,
    kind: 'assumed_role',
    action: 'sts:AssumeRole',
    sourceIdentity: undefined,
  } as const;
  return { ...what, ...none, ...life, requester, source };
}

test('a pooled claim says what the claim said, whatever was pooled before', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(REQUESTER, SOURCE), { minLength: 1, maxLength: 60 }), (values) => {
      const pool = new ValuePool();
      for (const [requester, source] of values) {
        const claim = claimOf(requester, source);
        expect(pool.claim(claim)).toEqual(claim);
      }
    }),
  );
});

test('equal requesters and sources become one object each', () => {
  fc.assert(
    fc.property(REQUESTER, SOURCE, (requester, source) => {
      const pool = new ValuePool();
      const first = pool.claim(claimOf(requester, source));
      const second = pool.claim(claimOf({ ...requester }, { ...source }));
      expect(second.requester).toBe(first.requester);
      expect(second.source).toBe(first.source);
    }),
  );
});
