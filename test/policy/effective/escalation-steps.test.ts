import { describe, expect, test } from 'vitest';
import { JointSteps } from '../../../src/policy/effective/escalation-steps.ts';
import { allow, analyzer, deny, policy } from '../analyzer.ts';

function stepsOf(document: Record<string, unknown>) {
  const steps = analyzer.analyze(document, 'identity').summary?.steps;
  if (steps === undefined) throw new Error('the policy was refused');
  return steps;
}

/** `method severity confidence` of what policies allow together. */
function together(
  policies: readonly Record<string, unknown>[],
  boundary?: Record<string, unknown>,
): string[] {
  const joint = new JointSteps(policies.map(stepsOf), boundary && stepsOf(boundary));
  return joint
    .findings(analyzer.effective)
    .map(({ method, severity, confidence }) => `${method} ${severity} ${confidence}`);
}

const SOME_ROLES = 'arn:aws:iam::111122223333:role/lambda-*';
const OWN_USER = ['arn:aws:iam::111122223333:user/$', '{aws:username}'].join('');
const passAny = policy(allow('iam:PassRole'));
const passSome = policy(allow('iam:PassRole', SOME_ROLES));
const run = policy(allow(['lambda:CreateFunction', 'lambda:InvokeFunction']));
const onlySomeRoles = policy(allow('lambda:*'), allow('iam:PassRole', SOME_ROLES));
const office = { Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } };
const tls = { Condition: { Bool: { 'aws:SecureTransport': 'true' } } };
const method = 'PassExistingRoleToNewLambdaThenInvoke';

test.each([
  ['any role may be passed', [passAny, run], undefined, [`${method} high high`]],
  ['some roles may be passed', [passSome, run], undefined, [`${method} medium low`]],
  [
    'the boundary leaves some of the roles that may be passed',
    [passAny, run],
    onlySomeRoles,
    [`${method} medium low`],
  ],
  ['of some roles the boundary leaves some', [passSome, run], onlySomeRoles, [`${method} medium low`]],
  ['the boundary leaves all of some roles', [passSome, run], policy(allow('*')), [`${method} medium low`]],
  ['the boundary leaves no role', [passAny, run], policy(allow('lambda:*')), []],
  ['another policy denies every role', [passAny, run, policy(deny('iam:PassRole'))], onlySomeRoles, []],
  [
    'the boundary holds under a strong condition',
    [passAny, run],
    policy(allow('*', '*', office)),
    [`${method} high low`],
  ],
  [
    'the boundary holds under a weak condition',
    [passAny, run],
    policy(allow('*', '*', tls)),
    [`${method} high medium`],
  ],
  [
    'what is less sure than the boundary stays so',
    [policy(allow('iam:PassRole', '*', office)), run],
    policy(allow('*', '*', tls)),
    [`${method} high low`],
  ],
])('several policies together: %s', (_case, policies, boundary, expected) => {
  expect(together(policies, boundary)).toEqual(expected);
});

test('a boundary on the own user leaves what is done to the own user, no surer than it is', () => {
  const all = policy(allow('iam:*'));
  const boundary = policy(allow('iam:PutUserPolicy', OWN_USER, office));
  expect(together([all], boundary)).toEqual(['PutUserPolicy high low']);
});

describe('several policies together: functions of some names', () => {
  const dev = policy(
    allow(['lambda:CreateFunction', 'lambda:InvokeFunction'], 'arn:aws:lambda:*:*:function:dev-*'),
  );

  test.each([
    ['where any role may be passed', [passAny, dev], undefined, [`${method} high medium`]],
    ['where another policy denies functions', [passAny, dev, policy(deny('lambda:*'))], undefined, []],
    ['within a boundary', [passAny, dev], policy(allow('*')), [`${method} high medium`]],
    ['within a boundary that leaves no functions', [passAny, dev], policy(allow('iam:*')), []],
    [
      'which is all that the boundary leaves',
      [passAny, run],
      policy(allow('iam:PassRole'), allow('lambda:*', 'arn:aws:lambda:*:*:function:dev-*')),
      [`${method} high medium`],
    ],
  ])('%s', (_case, policies, boundary, expected) => {
    const found = together(policies, boundary).filter((text) => text.startsWith(method));
    expect(found).toEqual(expected);
  });
});
