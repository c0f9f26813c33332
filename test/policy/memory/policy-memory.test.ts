import { describe, expect, test } from 'vitest';
import { LocalPolicyMemory, type PolicyRecord } from '../../../src/policy/memory/policy-memory.ts';
import { PolicyRows } from '../../../src/policy/memory/policy-rows.ts';
import { analyzer, policy } from '../analyzer.ts';

const { summary } = analyzer.analyze(policy({ Effect: 'Allow', Action: '*', Resource: '*' }), 'identity');
const state = { at: 1, inForce: true, summary };
const holding = { at: 1, what: 'policy p', held: true };
const record = JSON.parse(JSON.stringify({ states: [state], holdings: [holding] }));

/** The same row as a snapshot and a server hold it. */
function taken(value: unknown): readonly boolean[] {
  const memory = new LocalPolicyMemory();
  const rows = new PolicyRows(memory);
  const decoded = rows.decode('p', 'policy a', { body: JSON.stringify(value) } as Parameters<
    typeof rows.decode
  >[2]);
  return [memory.restore(['policy a', value]), decoded !== undefined];
}

/** The record with one value changed; the path is that into it. */
function withValue(path: readonly (string | number)[], value: unknown): PolicyRecord {
  const copy = structuredClone(record);
  const last = path.at(-1) as string;
  const place = path.slice(0, -1).reduce((at, key) => at[key], copy);
  place[last] = value;
  return copy;
}

describe('a row of a policy, from a snapshot or from a server,', () => {
  test('is taken as it was written', () => {
    expect(taken(record)).toEqual([true, true]);
    expect(taken({ states: [{ at: 1, inForce: true }], holdings: [] })).toEqual([true, true]);
  });

  test.each<[(string | number)[], unknown]>([
    [['states'], [null]],
    [['states'], {}],
    [['states', 0, 'at'], '1'],
    [['states', 0, 'inForce'], undefined],
    [['states', 0, 'summary'], {}],
    [['states', 0, 'summary', 'allows'], 1],
    [['states', 0, 'summary', 'analysis'], null],
    [['states', 0, 'summary', 'analysis', 'findings'], [{}]],
    [['states', 0, 'summary', 'analysis', 'externalAccounts'], undefined],
    [['states', 0, 'summary', 'analysis', 'lockout'], null],
    [['states', 0, 'summary', 'analysis', 'lockout'], {}],
    [['states', 0, 'summary', 'restrains'], 'yes'],
    [['states', 0, 'summary', 'denies'], '1'],
    [['states', 0, 'summary', 'steps'], {}],
    [['states', 0, 'summary', 'steps', 'onOwnUser'], { high: 1 }],
    [['holdings'], undefined],
    [['holdings', 0], 'policy p'],
    [['holdings', 0, 'what'], 1],
    [['holdings', 0, 'held'], 'yes'],
  ])('is taken from neither where %j is %j', (path, value) => {
    expect(taken(withValue(path, value))).toEqual([false, false]);
  });
});
