import { expect, test } from 'vitest';
import calls from '../../bench/ordinary/calls.json' with { type: 'json' };
import { idsOf, Values } from '../../bench/ordinary/values.ts';
import { mulberry32 } from '../../harness/mulberry32.ts';

/** What each record gives its own values for. */
const GIVEN = ['now', 'earlier', 'iso', 'ms', 'seconds', 'region', 'account', 'caller'];
/** What records.ts reads of a call: no type holds what stands in a file. */
const READ = [
  ...['call', 'request', 'response', 'extra', 'resources', 'error', 'via', 'service', 'details'],
  ...['weight', 'writes', 'isData'],
];
const random = mulberry32(1);
const values = () =>
  new Values(random, idsOf(random), Object.fromEntries(GIVEN.map((name) => [name, 'given'])));

test.each(
  Object.entries(calls).flatMap(([group, ofGroup]) =>
    ofGroup.map((call, at) => [group, at, call.call, call] as const),
  ),
)('%s, %d: each placeholder of %s has a value', (_group, _at, _name, call) => {
  expect(JSON.stringify(values().fill(call))).not.toMatch(/\{[\w:-]+\}|NaN|undefined/);
});

test('a call has no part that no record shows', () => {
  const parts = new Set(
    Object.values(calls)
      .flat()
      .flatMap((call) => Object.keys(call)),
  );
  expect([...parts].sort()).toEqual([...READ].sort());
});

test('a placeholder that account.ts does not know is found', () => {
  expect(() => values().fill({ bucketName: 'a-{buket}' })).toThrow('no value for {buket}');
});
