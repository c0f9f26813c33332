import fc from 'fast-check';
import type { Claim, Requester, Source } from '../../src/session/claim.ts';

/** Few texts, and such that look alike when they are put side by side. */
const TEXT = fc.constantFrom('a', 'b', 'a b', ' ', 'undefined', undefined);
const NAME = fc.constantFrom('sts:AssumeRole', 'sts:GetSessionToken');
const TIME = fc.constantFrom(0, 1, 1_795_000_000_000, 1_795_000_000_001, 4_102_444_800_000);

export const REQUESTERS: fc.Arbitrary<Requester> = fc.record({
  type: TEXT,
  arn: TEXT,
  principalId: TEXT,
  accountId: TEXT,
  accessKeyId: TEXT,
  invokedBy: TEXT,
  createdAt: fc.option(TIME, { nil: undefined }),
  signInSessionArn: TEXT,
  scopeType: TEXT,
  scopeArn: TEXT,
});

export const SOURCES: fc.Arbitrary<Source> = fc.record({
  address: TEXT,
  userAgent: TEXT,
  vpcEndpointId: TEXT,
  vpcEndpointAccountId: TEXT,
});

/** Claims that agree in nearly everything, so that each of their fields is at times all that tells two apart. */
export const CLAIMS: fc.Arbitrary<Claim> = fc.record({
  time: TIME,
  eventId: TEXT,
  sharedEventId: TEXT,
  kind: fc.constantFrom('assumed_role', 'session_token'),
  action: NAME,
  accountId: TEXT,
  region: TEXT,
  session: TEXT,
  actsAs: TEXT,
  expiresAt: fc.option(TIME, { nil: undefined }),
  expiresBasis: fc.constantFrom('response', 'default', undefined),
  requester: REQUESTERS,
  source: SOURCES,
  sourceIdentity: TEXT,
});

const FIELDS = ['time', 'eventId', 'sharedEventId', 'kind', 'action', 'accountId', 'region'] as const;
const MORE = ['session', 'actsAs', 'expiresAt', 'expiresBasis', 'requester', 'source'] as const;

/** What a claim says, whichever way it is kept. */
export function saidBy(claim: Claim): Claim {
  const said = [...FIELDS, ...MORE, 'sourceIdentity' as const].map((field) => [field, claim[field]]);
  return Object.fromEntries(said) as Claim;
}
