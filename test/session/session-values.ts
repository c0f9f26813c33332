import fc from 'fast-check';
import type { Claim } from '../../src/session/claim.ts';
import type { SessionFacts, Sighting } from '../../src/session/session-facts.ts';
import type { SmallSet } from '../../src/session/small-set.ts';

/** Short, as long as a cell has room for and one letter longer, and of letters that take more than a byte. */
const TEXT = fc.constantFrom(
  '',
  'a',
  'b',
  'é',
  'ключ',
  ...[23, 24, 39, 40, 63, 64].map((n) => 'x'.repeat(n)),
);
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });
const MAYBE_TEXT = maybe(TEXT);
const TIME = fc.constantFrom(0, 1_795_507_200_000, 1_795_507_200_001.5, 8.64e15);
const SET: fc.Arbitrary<SmallSet> = fc
  .uniqueArray(TEXT, { maxLength: 3 })
  .map((texts) => (texts.length > 1 ? texts.sort() : texts[0]));

const REQUESTER = fc.record({
  type: MAYBE_TEXT,
  arn: MAYBE_TEXT,
  principalId: MAYBE_TEXT,
  accountId: MAYBE_TEXT,
  accessKeyId: MAYBE_TEXT,
  invokedBy: MAYBE_TEXT,
  createdAt: maybe(TIME),
  signInSessionArn: MAYBE_TEXT,
});
const SOURCE = fc.record({
  address: MAYBE_TEXT,
  userAgent: MAYBE_TEXT,
  vpcEndpointId: MAYBE_TEXT,
  vpcEndpointAccountId: MAYBE_TEXT,
});

export const CLAIM: fc.Arbitrary<Claim> = fc.record({
  time: TIME,
  eventId: MAYBE_TEXT,
  sharedEventId: fc.option(TEXT, { nil: undefined, freq: 1 }),
  kind: fc.constantFrom('assumed_role', 'saml'),
  action: TEXT,
  accountId: MAYBE_TEXT,
  region: MAYBE_TEXT,
  session: MAYBE_TEXT,
  actsAs: MAYBE_TEXT,
  expiresAt: maybe(TIME),
  expiresBasis: fc.constantFrom('response', undefined),
  requester: REQUESTER,
  source: SOURCE,
  sourceIdentity: MAYBE_TEXT,
});

const sighting = (isPrivate: boolean): fc.Arbitrary<Sighting> =>
  fc.record({
    time: TIME,
    eventId: MAYBE_TEXT,
    address: TEXT,
    isPrivate: fc.constant(isPrivate),
    client: MAYBE_TEXT,
    vpcEndpointId: MAYBE_TEXT,
    vpcEndpointAccountId: MAYBE_TEXT,
  });
const PUBLIC = sighting(false);
const PRIVATE = sighting(true);

const ANY_FACTS: fc.Arbitrary<SessionFacts> = fc.record({
  firstSeen: maybe(TIME),
  earliestPublic: maybe(PUBLIC),
  earliestPrivate: maybe(PRIVATE),
  addresses: SET,
  isConsole: fc.boolean(),
  isWorkload: fc.boolean(),
  issued: SET,
  pending: SET,
  pendingUnnamed: fc.constantFrom(0, 3),
});
/** As nearly all are: seen from one address, and waiting for nothing. */
const USUAL_FACTS = ANY_FACTS.map((facts): SessionFacts => {
  const { earliestPublic, earliestPrivate } = facts;
  const isPublic = earliestPublic !== undefined;
  const addresses = (earliestPublic ?? earliestPrivate)?.address;
  const seen = { ...facts, earliestPrivate: isPublic ? undefined : earliestPrivate, addresses };
  return { ...seen, pending: undefined, pendingUnnamed: 0 };
});
export const FACTS = fc.oneof(ANY_FACTS, USUAL_FACTS);
