import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeSourceCheck } from '../../src/enrichment/compose-origin.ts';
import type { OriginOutput } from '../../src/enrichment/origin-schema.ts';
import { ownTexts, sourceCheckText } from '../../src/enrichment/use-texts.ts';
import { checkOf, SOURCE_VERDICTS } from '../../src/session/source-verdicts.ts';

const maybe = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined });
const TRUTH = maybe(fc.boolean());
const IP = fc.constantFrom('198.51.100.23', '2001:db8::1', '::ffff:192.0.2.1');
const TIME = fc.integer({ min: 0, max: 4_102_444_800_000 });
const ISO = TIME.map((time) => new Date(time).toISOString());
/** What others call their roles and sessions. */
const NAME = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '\n', '\u{1f511}', '\ud800'));

const COMPARISON = fc.record({
  ip: IP,
  against: IP,
  ipEqual: fc.boolean(),
  samePrefix: TRUTH,
  asnEqual: TRUTH,
  clientEqual: TRUTH,
  vpceEqual: TRUTH,
});

const CHECK = fc
  .tuple(
    fc.record(
      {
        verdict: fc.constantFrom(...SOURCE_VERDICTS),
        compared: COMPARISON,
        detail: fc.constantFrom('not_seen', 'The event carries no address to compare.'),
      },
      { requiredKeys: ['verdict'] },
    ),
    maybe(fc.constantFrom('issuance', 'first_use', 'in_scope_of')),
    maybe(TIME),
    maybe(fc.integer({ min: 1, max: 33 })),
  )
  .map(([judgement, baseline, firstSeen, ips]) => checkOf(judgement, baseline, firstSeen, ips));

/** In the order of compose-origin.ts. */
const ORIGIN: fc.Arbitrary<OriginOutput> = fc
  .record({
    status: fc.constantFrom('found', 'inferred'),
    join: maybe(fc.constantFrom('access_key', 'role_session_time')),
    confidence: maybe(fc.constantFrom('high', 'low')),
    reason: maybe(fc.constantFrom('not_seen', 'evicted')),
    credential: fc.record({
      kind: fc.oneof(fc.constantFrom('assumed_role', 'console_session'), NAME),
      from_console: fc.boolean(),
      access_key_id: maybe(NAME),
      issued_at: maybe(ISO),
      expires_at: maybe(ISO),
      expires_basis: maybe(NAME),
      age_seconds: fc.integer(),
    }),
    source_identity: maybe(NAME),
    late: TRUTH,
  })
  .map((origin) => origin as OriginOutput);

describe('the text of what is said of a use is that of JSON.stringify', () => {
  test('for a check of its source, whatever the verdict', () => {
    fc.assert(
      fc.property(CHECK, (check) => {
        const output = composeSourceCheck(check);
        expect(sourceCheckText(output)).toBe(JSON.stringify(output));
      }),
      { numRuns: 1000 },
    );
  });

  test('for its origin, around the age of the credential, whatever those who named it wrote', () => {
    fc.assert(
      fc.property(ORIGIN, (origin) => {
        const { before, after } = ownTexts(origin);
        expect(`${before}${origin.credential?.age_seconds}${after}}`).toBe(JSON.stringify(origin));
      }),
      { numRuns: 1000 },
    );
  });
});
