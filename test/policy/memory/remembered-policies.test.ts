import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinRecords } from '../../../src/policy/memory/join-records.ts';
import {
  type Holding,
  LocalPolicyMemory,
  type PolicyRecord,
} from '../../../src/policy/memory/policy-memory.ts';
import { MOST_HOLDINGS, RememberedPolicies } from '../../../src/policy/memory/remembered-policies.ts';

const KEY = 'holder 111122223333 user/dev';

function heldAfter(changes: readonly Holding[]): string[] {
  const remembered = new RememberedPolicies(new LocalPolicyMemory());
  for (const change of changes) remembered.addHolding(KEY, change);
  return remembered.heldAt(KEY, Number.POSITIVE_INFINITY);
}

const times = Array.from({ length: 2 * MOST_HOLDINGS }, (_, index) => index + 1);

test.each<[string, Holding[]]>([
  ['written over and over', times.map((at) => ({ at, what: 'tick', held: true }))],
  ['attached and detached by turns', times.map((at) => ({ at, what: 'tick', held: at % 2 === 0 }))],
])('a policy that is %s drives out no other', (_name, changes) => {
  expect(heldAfter([{ at: 0, what: 'first', held: true }, ...changes])).toEqual(['first', 'tick']);
});

test('of more policies than are kept, those that were got last are', () => {
  const policies = times.map((at) => ({ at, what: `policy ${at}`, held: true }));
  expect(heldAfter(policies)).toEqual(policies.slice(-MOST_HOLDINGS).map(({ what }) => what));
});

test('a boundary in a row of an older release is read', () => {
  const memory = new LocalPolicyMemory();
  const held = (at: number, what: string, got: boolean): Holding => ({ at, what, held: got });
  memory.set('bound', { states: [], holdings: [held(1, 'policy a', true), held(2, 'policy b', true)] });
  memory.set('unbound', { states: [], holdings: [held(1, 'policy a', true), held(2, 'policy a', false)] });
  const remembered = new RememberedPolicies(memory);
  expect(remembered.boundaryAt('bound', 3)).toBe('policy b');
  expect(remembered.boundaryBefore('bound', 2, 'policy b')).toBe('policy a');
  expect(remembered.boundaryAt('unbound', 3)).toBeUndefined();
});

/** Records as replicas have them: each change is of another time, and there are more than are kept. */
const RECORDS: fc.Arbitrary<PolicyRecord[]> = fc
  .array(fc.tuple(fc.nat(2), fc.nat(150), fc.boolean()), { minLength: 300, maxLength: 600 })
  .map((changes) =>
    [0, 1, 2].map((replica) => ({
      states: [],
      holdings: changes
        .map(([at, what, held], index) => ({ replica: at, at: index, what: `policy ${what}`, held }))
        .filter((change) => change.replica === replica)
        .slice(-MOST_HOLDINGS)
        .map(({ at, what, held }) => ({ at, what, held })),
    })),
  );

test('records with more changes than are kept end as one, whichever are joined first', () => {
  fc.assert(
    fc.property(RECORDS, ([a, b, c]) => {
      if (a === undefined || b === undefined || c === undefined) return;
      const joined = joinRecords(joinRecords(a, b), c);
      expect(joinRecords(joined, a)).toEqual(joined);
      expect(lastOf(joinRecords(a, joinRecords(c, b)))).toEqual(lastOf(joined));
    }),
    { numRuns: 50 },
  );
});

/** What is known of each policy or group in the end. */
function lastOf({ holdings }: PolicyRecord): Map<string, boolean> {
  return new Map(holdings.map(({ what, held }) => [what, held]));
}
