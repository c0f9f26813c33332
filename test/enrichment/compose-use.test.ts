import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeOrigin, composeSourceCheck } from '../../src/enrichment/compose-origin.ts';
import { composeUse } from '../../src/enrichment/compose-use.ts';
import type { Lineage } from '../../src/session/lineage.ts';
import type { Origin } from '../../src/session/origin.ts';
import { type Comparison, checkOf, type SourceCheck } from '../../src/session/source-verdicts.ts';
import { CLAIMS } from '../session/claims.ts';

/** Of each field two values that are not the same. A field that is new in the type has to be told here too. */
type Two<Facts> = { readonly [Field in keyof Required<Facts>]: readonly [Facts[Field], Facts[Field]] };

type Credential = NonNullable<Origin['credential']>;

const CREDENTIAL: Two<Omit<Credential, 'ageSeconds'>> = {
  kind: ['assumed_role', 'saml'],
  accessKeyId: ['ASIAIOSFODNN7EXAMPLE', 'ASIAIOSFODNN7EXAMPL2'],
  issuedAt: [1_764_000_000_000, undefined],
  expiresAt: [1_764_003_600_000, 1_764_007_200_000],
  expiresBasis: ['response', 'default'],
  fromConsole: [false, true],
};

/** The lineage is what the last use is kept by; where there is one, what the event describes is not told. */
const ORIGIN: Two<Omit<Origin, 'credential' | 'lineage' | 'described'>> = {
  status: ['found', 'inferred'],
  join: ['access_key', 'role_session_time'],
  confidence: ['high', 'low'],
  reason: [undefined, 'not_seen'],
  sourceIdentity: [undefined, 'alice'],
  late: [false, true],
};

const COMPARISON: Two<Comparison> = {
  ip: ['198.51.100.23', '203.0.113.7'],
  against: ['198.51.100.24', '203.0.113.8'],
  ipEqual: [false, true],
  samePrefix: [true, undefined],
  asnEqual: [true, false],
  clientEqual: [undefined, false],
  vpceEqual: [undefined, true],
};

const CHECK: Two<Omit<SourceCheck, 'compared'>> = {
  verdict: ['same_network', 'same_source'],
  anomalous: [false, true],
  severity: ['none', 'high'],
  reasons: [['One.'], ['Another.']],
  baseline: ['issuance', 'first_use'],
  firstSeen: [1_764_000_060_000, undefined],
  distinctIps: [1, 2],
};

const first = <Facts>(two: Two<Facts>): Facts =>
  Object.fromEntries(Object.entries<readonly unknown[]>(two).map(([field, [a]]) => [field, a])) as Facts;

/** The facts but for one field, with the field's name, for each of them. */
const changed = <Facts>(two: Two<Facts>): readonly (readonly [string, Facts])[] =>
  Object.entries<readonly unknown[]>(two).map(([field, [, b]]) => [field, { ...first(two), [field]: b }]);

function originOf(lineage: Lineage, own = first(ORIGIN), credential = first(CREDENTIAL)): Origin {
  return { ...own, credential: { ...credential, ageSeconds: 60 }, lineage, described: undefined };
}

const checkWith = (
  own = first(CHECK),
  compared: Comparison | undefined = first(COMPARISON),
): SourceCheck => ({
  ...own,
  compared,
});

function newLineage(): Lineage {
  const steps = fc.sample(CLAIMS, { seed: 1, numRuns: 1 }).map((claim) => {
    const own = { subject: 'ASIAIOSFODNN7EXAMPLE', join: 'access_key', claim } as const;
    return { ...own, conflict: false, isAmbiguous: false, isAnothers: false };
  });
  return { steps, isComplete: true, conflict: false };
}

/** What a use is answered with after others of the same credential, which were answered with something else. */
function expectOwnAnswer(before: readonly [Origin, SourceCheck], use: readonly [Origin, SourceCheck]): void {
  const compose = ([origin, sourceCheck]: readonly [Origin, SourceCheck]) =>
    composeUse({ origin, sourceCheck, issued: undefined, problems: [] });
  for (let i = 0; i < 3; i++) compose(before);
  const [origin, check] = [composeOrigin(use[0]), composeSourceCheck(use[1])];
  const answer = compose(use);
  expect(answer).toMatchObject({ origin, check });
  expect([answer.originText, answer.checkText]).toEqual([JSON.stringify(origin), JSON.stringify(check)]);
}

describe('a use that differs from the last one is answered for itself, where it differs in', () => {
  test.each(changed(ORIGIN))('%s of its origin', (_field, own) => {
    const lineage = newLineage();
    expectOwnAnswer([originOf(lineage), checkWith()], [originOf(lineage, own), checkWith()]);
  });

  test.each(changed(CREDENTIAL))('%s of its credential', (_field, credential) => {
    const lineage = newLineage();
    const other = originOf(lineage, first(ORIGIN), credential);
    expectOwnAnswer([originOf(lineage), checkWith()], [other, checkWith()]);
  });

  test.each(changed(CHECK))('%s of its check', (_field, own) => {
    const origin = originOf(newLineage());
    expectOwnAnswer([origin, checkWith()], [origin, checkWith(own)]);
  });

  test.each(changed(COMPARISON))('%s of what was compared', (_field, compared) => {
    const origin = originOf(newLineage());
    expectOwnAnswer([origin, checkWith()], [origin, checkWith(first(CHECK), compared)]);
  });

  test('the presence of a comparison', () => {
    const origin = originOf(newLineage());
    const without = checkOf({ verdict: 'same_network' }, undefined, undefined, undefined);
    expectOwnAnswer([origin, { ...without, compared: first(COMPARISON) }], [origin, without]);
  });
});
