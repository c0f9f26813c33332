import { readFileSync } from 'node:fs';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { PolicySchema } from '../../src/enrichment/policy-schema.ts';
import { LocalPolicyMemory } from '../../src/policy/memory/policy-memory.ts';
import { type Call, tell } from './tell-call.ts';

interface Story {
  readonly name: string;
  readonly events: readonly Call[];
}

const stories = JSON.parse(
  readFileSync(new URL('stories.cases.json', import.meta.url), 'utf8'),
) as readonly Story[];

/** The first is the order that they have. */
function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

const RENAMINGS = ['UpdateUser', 'UpdateGroup'];

describe('what is told of policies in events', () => {
  test.each(stories)('$name', ({ events }) => {
    const memory = new LocalPolicyMemory();
    for (const [minute, call] of events.entries()) {
      const { policy, problems } = tell(call, minute, memory);
      expect(problems).toEqual(call.problems ?? []);
      if (call.policy === undefined) {
        expect(policy).toBeUndefined();
        continue;
      }
      const { principal, ...expected } = call.policy;
      expect(policy).toMatchObject(expected);
      expect(Value.Check(PolicySchema, policy)).toBe(true);
      if (principal === null) expect(policy?.principal).toBeUndefined();
      if (principal) expect(policy?.principal).toMatchObject(principal as object);
    }
  });

  test('events that arrive late find their place: the last answer is the same', () => {
    for (const { events } of stories) {
      const inOrder = new LocalPolicyMemory();
      const late = new LocalPolicyMemory();
      const last = events.length - 1;
      const calls = events.slice(0, last).map((call, minute) => ({ call, minute }));
      for (const { call, minute } of calls) tell(call, minute, inOrder);
      // SetDefaultPolicyVersion tells a version by what was seen of it, so that the versions have to come first.
      const versions = calls.filter(({ call }) => call.call.startsWith('CreatePolicy'));
      const others = calls.filter((one) => !versions.includes(one));
      for (const { call, minute } of [...versions.reverse(), ...others.reverse()]) tell(call, minute, late);
      const final = events[last];
      if (final !== undefined) expect(tell(final, last, late)).toEqual(tell(final, last, inOrder));
    }
  });

  test('events that give other names may arrive in any order: the last answer is the same', () => {
    for (const { events, name } of stories) {
      const last = events.length - 1;
      const earlier = events.slice(0, last).map((call, minute) => ({ call, minute }));
      if (last > 5 || !earlier.some(({ call }) => RENAMINGS.includes(call.call))) continue;
      const final = events[last] as Call;
      const answers = permutations(earlier).map((order) => {
        const memory = new LocalPolicyMemory();
        for (const { call, minute } of order) tell(call, minute, memory);
        return tell(final, last, memory);
      });
      for (const answer of answers) expect(answer, name).toEqual(answers[0]);
    }
  });

  test('a memory that was written down and read back answers the same', () => {
    for (const { events } of stories) {
      const memory = new LocalPolicyMemory();
      const last = events.length - 1;
      for (const [minute, call] of events.slice(0, last).entries()) tell(call, minute, memory);
      const restored = new LocalPolicyMemory();
      const rows = JSON.parse(JSON.stringify([...memory.dump()]));
      for (const row of rows) expect(restored.restore(row)).toBe(true);
      expect([...restored.dump()]).toEqual(rows);
      const final = events[last];
      if (final !== undefined) expect(tell(final, last, restored)).toEqual(tell(final, last, memory));
    }
  });

  test('a row of something else is not taken', () => {
    const memory = new LocalPolicyMemory();
    for (const row of [null, 'x', [], ['key'], ['key', {}], [1, { states: [], holdings: [] }]]) {
      expect(memory.restore(row)).toBe(false);
    }
    expect(memory.size).toBe(0);
  });

  test('the same event seen twice is answered the same, and changes nothing', () => {
    const memory = new LocalPolicyMemory();
    const call = stories[1]?.events[1] as Call;
    tell(stories[1]?.events[0] as Call, 0, memory);
    const first = tell(call, 1, memory);
    expect(tell(call, 1, memory)).toEqual(first);
  });

  test('an event that completes a way to gain privileges is answered the same when it is seen twice', () => {
    const memory = new LocalPolicyMemory();
    const put = (policyName: string, Action: readonly string[]): Call => ({
      call: 'PutRolePolicy',
      request: {
        roleName: 'builder',
        policyName,
        policyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: '*' }] },
      },
    });
    tell(put('pass', ['iam:PassRole']), 0, memory);
    const run = put('run', ['glue:CreateJob', 'glue:StartJobRun']);
    const first = tell(run, 1, memory);
    expect(first.policy?.principal?.findings).toHaveLength(1);
    expect(tell(run, 1, memory)).toEqual(first);
    expect(tell(run, 2, memory).policy?.principal).toBeUndefined();
  });

  test('the memory forgets what was used longest ago, and never grows beyond its limit', () => {
    const memory = new LocalPolicyMemory(2_000);
    const call = stories[0]?.events[1] as Call;
    for (let at = 0; at < 50; at++) {
      const policyArn = `arn:aws:iam::111122223333:policy/p${at}`;
      tell({ ...call, request: { ...call.request, policyArn } }, at, memory);
    }
    expect(memory.size).toBeLessThan(10);
  });
});
