import { expect, test } from 'vitest';
import { changeOf, namesIn } from '../../src/policy/policy-summary.ts';
import { allow, analyzer, policy } from './analyzer.ts';

const OWN_USER = ['arn:aws:iam::111122223333:user/$', '{aws:username}'].join('');
const summary = analyzer.analyze(policy(allow('s3:GetObject')), 'identity').summary;
const none = { high: [], medium: [], low: [], denied: [], someRoles: false };

test.each([
  ['what is allowed', { ...none, high: ['iam:CreateUser', 'iam:PassRole'] }, 2],
  ['what is denied', { ...none, denied: ['iam:PassRole'] }, 1],
  ['what is allowed on the own user', { ...none, onOwnUser: { low: ['iam:PutUserPolicy'] } }, 1],
  ['the services that get roles', { ...none, passedTo: ['ec2.amazonaws.com', 'glue.amazonaws.com'] }, 2],
])('%s weighs in the memory', (_what, steps, names) => {
  if (summary === undefined) throw new Error('the policy was refused');
  expect(namesIn({ ...summary, steps })).toBe(namesIn({ ...summary, steps: none }) + names);
});

test('rights on the own user alone are kept, and weigh', () => {
  const own = analyzer.analyze(policy(allow('iam:PutUserPolicy', OWN_USER)), 'identity').summary;
  expect(own?.steps?.onOwnUser).toEqual({ high: ['iam:PutUserPolicy'] });
});

test('whom a lockout spares weighs', () => {
  if (summary === undefined) throw new Error('the policy was refused');
  const lockout = { spared: ['111122223333', '444455556666'] };
  const shut = { ...summary, analysis: { ...summary.analysis, lockout } };
  expect(namesIn(shut)).toBe(namesIn(summary) + 2);
});

test('whom a role trusts weighs, and is not told as new where the version before did not keep it', () => {
  const trusts = { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' };
  const trust = analyzer.analyze(policy(trusts), 'trust', { account: '111122223333' }).summary;
  if (trust === undefined) throw new Error('the policy was refused');
  const { trusted, ...older } = trust.analysis;
  expect(trusted).toEqual(['111122223333']);
  expect(namesIn(trust)).toBe(namesIn({ ...trust, analysis: older }) + 1);
  expect(changeOf({ ...trust, analysis: older }, trust.analysis).added).toEqual([]);
});
