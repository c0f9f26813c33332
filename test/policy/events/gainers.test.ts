import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LocalPolicyMemory } from '../../../src/policy/memory/policy-memory.ts';
import { allow, policy } from '../analyzer.ts';
import { type Call, tell } from '../tell-call.ts';

const ARN = 'arn:aws:iam::111122223333:policy/shared';

const ofRole = (policyName: string, ...actions: readonly string[]): Call => ({
  call: 'PutRolePolicy',
  request: { roleName: 'builder', policyName, policyDocument: policy(allow(actions)) },
});
const ofUser = (...actions: readonly string[]): Call => ({
  call: 'PutUserPolicy',
  request: { userName: 'dev', policyName: 'own', policyDocument: policy(allow(actions)) },
});
const ofGroup = (...actions: readonly string[]): Call => ({
  call: 'PutGroupPolicy',
  request: { groupName: 'builders', policyName: 'shared', policyDocument: policy(allow(actions)) },
});
const join: Call = { call: 'AddUserToGroup', request: { userName: 'dev', groupName: 'builders' } };
const create = (...actions: readonly string[]): Call => ({
  call: 'CreatePolicy',
  request: { policyName: 'shared', policyDocument: policy(allow(actions)) },
  response: { policy: { arn: ARN, defaultVersionId: 'v1' } },
});
const attach: Call = { call: 'AttachUserPolicy', request: { userName: 'dev', policyArn: ARN } };
const attachToGroup: Call = {
  call: 'AttachGroupPolicy',
  request: { groupName: 'builders', policyArn: ARN },
};
const detach: Call = { call: 'DetachUserPolicy', request: { userName: 'dev', policyArn: ARN } };
const makeVersion = (setAsDefault: boolean, actions: readonly string[]): Call => ({
  call: 'CreatePolicyVersion',
  request: { policyArn: ARN, setAsDefault, policyDocument: policy(allow(actions)) },
  response: { policyVersion: { versionId: 'v2' } },
});
const version = (...actions: readonly string[]) => makeVersion(false, actions);
const defaultVersion = (...actions: readonly string[]) => makeVersion(true, actions);
const makeDefault: Call = {
  call: 'SetDefaultPolicyVersion',
  request: { policyArn: ARN, versionId: 'v2' },
};

const PASS = ['iam:PassRole'];
const RUN = ['lambda:CreateFunction', 'lambda:InvokeFunction'];
const METHOD = 'PassExistingRoleToNewLambdaThenInvoke';

/** Calls by the minutes of their times, in the order in which they arrive. */
type Arrivals = readonly (readonly [minute: number, call: Call])[];

function toldOf(arrivals: Arrivals, memory = new LocalPolicyMemory()) {
  return arrivals.map(([minute, call]) => tell(call, minute, memory).policy);
}

/** The methods that each answer tells its principal has by several policies. */
function jointOf(arrivals: Arrivals): (readonly (string | undefined)[])[] {
  return toldOf(arrivals).map((told) => (told?.principal?.findings ?? []).map(({ method }) => method));
}

/** In the order of their times, then in every other one. */
function orders(calls: readonly Call[]): Arrivals[] {
  const timed = calls.map((call, minute) => [minute, call] as const);
  const permuted = (items: Arrivals): Arrivals[] =>
    items.length < 2
      ? [items]
      : items.flatMap((item, at) => permuted(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
  return permuted(timed);
}

describe('what several policies open together', () => {
  test.each([
    ['two policies of a role', [ofRole('a', ...PASS), ofRole('b', ...RUN)]],
    ['a policy and a group', [ofGroup(...PASS), ofUser(...RUN), join]],
    ['a policy and one that is attached', [create(...RUN), ofUser(...PASS), attach]],
  ])('is told once, by whichever call arrives last: %s', (_name, calls) => {
    for (const order of orders(calls)) {
      const told = jointOf(order);
      expect(told.slice(0, -1).flat(), JSON.stringify(order)).toEqual([]);
      expect(told.at(-1), JSON.stringify(order)).toContain(METHOD);
    }
  });

  const none = 's3:ListBucket';
  test.each([
    [
      'a policy that changed after it was attached',
      [create(none), ofUser(...RUN), attach, defaultVersion(...PASS)],
    ],
    [
      'another version that became the default after it was attached',
      [create(none), ofUser(...RUN), attach, version(...PASS), makeDefault],
    ],
    ['a group that got a policy after the user joined', [ofUser(...RUN), join, ofGroup(...PASS)]],
    [
      'a group that was attached one after the user joined',
      [ofUser(...RUN), create(...PASS), join, attachToGroup],
    ],
  ])('is told once, whichever call arrives last: %s', (_name, calls) => {
    for (const order of orders(calls)) {
      const told = jointOf(order).flat();
      expect(
        told.filter((method) => method === METHOD),
        JSON.stringify(order),
      ).toEqual([METHOD]);
    }
  });

  test('is not told of a policy that is known to be detached before it changed', () => {
    const calls = [detach, create(none), ofUser(...RUN), attach, defaultVersion(...PASS)];
    const times = [3, 0, 1, 2, 4];
    const known = orders(calls).filter(([first]) => first?.[1] === detach);
    for (const order of known) {
      const arrivals = order.map(([at, call]) => [times[at] ?? 0, call] as const);
      expect(jointOf(arrivals).flat(), JSON.stringify(arrivals)).toEqual([]);
    }
  });

  test.each([
    [6, 'told', [METHOD]],
    [7, 'not told', []],
  ])('that was gone before %i later changes is %s', (changes, _told, methods) => {
    const [pass, run] = [ofRole('a', ...PASS), ofRole('b', ...RUN)];
    const gone: Call = { call: 'DeleteRolePolicy', request: { roleName: 'builder', policyName: 'b' } };
    const others = Array.from({ length: changes }, (_, at) => [4 + at, ofRole(`c${at}`, none)] as const);
    expect(jointOf([[2, run], [3, gone], ...others, [1, pass]]).at(-1)).toEqual(methods);
  });

  test('is not told again by another policy, whenever that is from', () => {
    const [pass, run, other] = [ofRole('a', ...PASS), ofRole('b', ...RUN), ofRole('c', none)];
    const arrivals = [
      [2, run],
      [1, pass],
    ] as const;
    for (const minute of [0, 3, 9]) expect(jointOf([...arrivals, [minute, other]])[2]).toEqual([]);
  });

  test('is told where a later call has taken one of them away already', () => {
    const gone: Call = {
      call: 'DeleteRolePolicy',
      request: { roleName: 'builder', policyName: 'b' },
    };
    const [pass, run] = [ofRole('a', ...PASS), ofRole('b', ...RUN)];
    expect(
      jointOf([
        [2, run],
        [3, gone],
        [1, pass],
      ])[2],
    ).toContain(METHOD);
    expect(
      jointOf([
        [2, run],
        [3, gone],
        [4, pass],
      ])[2],
    ).toEqual([]);
  });

  test('is told as before where the same calls come once more', () => {
    const memory = new LocalPolicyMemory();
    const arrivals = [
      [1, ofRole('a', ...PASS)],
      [2, ofRole('b', ...RUN)],
    ] as const;
    const first = toldOf(arrivals, memory);
    expect(toldOf(arrivals, memory)).toEqual(first);
  });

  const some = fc.subarray([...PASS, ...RUN, 'iam:CreateRole', 'iam:AttachRolePolicy', 's3:GetObject'], {
    minLength: 1,
  });
  test('is the same of two policies, whichever arrives last', () => {
    fc.assert(
      fc.property(some, some, (one, other) => {
        const calls = [ofRole('a', ...one), ofRole('b', ...other)];
        const [inOrder, late] = orders(calls).map(jointOf);
        expect(late).toEqual(inOrder);
      }),
    );
  });
});

describe('a policy that was attached before its content was seen', () => {
  test('is in force, of those who were seen to get it', () => {
    const [, told] = toldOf([
      [2, attach],
      [1, create('*')],
    ]);
    expect(told).toMatchObject({ effective_now: true, applies_to: ['user/dev'], admin: true });
  });

  test('is not in force while nobody was seen to get it, or before it was made', () => {
    expect(toldOf([[1, create('*')]])[0]).toMatchObject({ effective_now: false });
    expect(
      toldOf([
        [1, attach],
        [2, create('*')],
      ])[1],
    ).toMatchObject({ effective_now: false });
  });

  test('is in force as a version that has become the default meanwhile', () => {
    const [, told] = toldOf([
      [2, makeDefault],
      [1, version('*')],
    ]);
    expect(told).toMatchObject({ effective_now: true, version_id: 'v2' });
    const [waiting] = toldOf([[1, version('*')]]);
    expect(waiting).toMatchObject({ effective_now: false });
  });

  test('is answered as before where it comes once more', () => {
    const memory = new LocalPolicyMemory();
    const arrivals = [
      [1, create('*')],
      [2, attach],
    ] as const;
    const first = toldOf(arrivals, memory);
    expect(toldOf(arrivals, memory)).toEqual(first);
  });
});
