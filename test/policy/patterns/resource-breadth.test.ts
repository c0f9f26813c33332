import { describe, expect, test } from 'vitest';
import { allow, analyze, analyzer, deny, findingsOf, policy } from '../analyzer.ts';

const { breadth, table } = analyzer.effective;
const rows = analyzer.tables.policies.resourceTypes;

describe('actions that are limited by a NotResource', () => {
  test.each(['arn:*', 'arn:aws:ec2:*', 'arn:aws:s3:::*', 'arn:aws:iam::*:role/*', 'arn:*:function:*'])(
    '%s: those that take none but the resources it names',
    (pattern) => {
      const covered = new Set(breadth.covered(pattern).types);
      const types = new Set([...covered].map((type) => `${rows[type]?.[0]} ${rows[type]?.[1]}`));
      const limited = table.all.filter(
        ({ service, resourceTypes }) =>
          resourceTypes.length > 0 && resourceTypes.every((type) => types.has(`${service} ${type}`)),
      );
      const found = breadth.limitedTo(covered).sort((a, b) => a - b);
      expect(found).toEqual(limited.map(({ index }) => index));
      expect(breadth.limitedTo(covered)).toHaveLength(found.length);
    },
  );
});

test("as many NotResource as fit into a role's inline policies are counted", () => {
  const statement = { Effect: 'Allow', Action: '*', NotResource: 'arn:*' };
  const document = policy(...Array.from({ length: 190 }, () => statement));
  expect(JSON.stringify(document).length).toBeGreaterThan(10_240);
  expect(analyze(document).counts).toEqual(analyze(policy(statement)).counts);
});

test('a pattern that is there a thousand times means what it means once', () => {
  const often = Array.from({ length: 1_000 }, () => 'arn:*');
  expect(analyze(policy(allow('*', often)))).toEqual(analyze(policy(allow('*', 'arn:*'))));
  const actions = Array.from({ length: 9_000 }, () => 'ec2:*');
  expect(analyze(policy(allow(actions)))).toEqual(analyze(policy(allow('ec2:*'))));
});

describe('a wildcard in the partition, Region or account of an ARN limits no more than a name does', () => {
  test.each([
    'arn:aws:iam::111122223333:user/*',
    'arn:aws*:iam::*:user/*',
    'arn:???:iam::*:user/*',
    'arn:aws:iam::????????????:user/*',
    'arn:aws:iam::1111*:user/*',
    'arn:aws:iam::11112222333?:user/*',
  ])('%s is every user', (resource) => {
    expect(findingsOf(analyze(policy(allow('iam:PutUserPolicy', resource))))).toContain(
      'privilege_escalation:PutUserPolicy high',
    );
  });

  test.each(['us-east-1:111122223333', 'us-*:111122223333', 'us-east-?:111122223333', '*-*-*:*', 'eu-*:*'])(
    'arn:aws:lambda:%s:function:* is every function',
    (place) => {
      const resource = `arn:aws:lambda:${place}:function:*`;
      expect(findingsOf(analyze(policy(allow('lambda:UpdateFunctionCode', resource))))).toContain(
        'privilege_escalation:EditExistingLambdaFunctionWithRole high',
      );
    },
  );

  test.each(['arn:aws:iam::1111*:user/bob', 'arn:aws:iam::1111*:user/b*', 'arn:aws:iam:us-*:*:user/*'])(
    '%s is not every user',
    (resource) => {
      expect(findingsOf(analyze(policy(allow('iam:PutUserPolicy', resource))))).toEqual([]);
    },
  );

  test.each(['us-*:*', '*-1:*', '*:1111*', '*:????????????'])(
    'a Deny of arn:aws:lambda:%s:function:* leaves the others',
    (place) => {
      const denied = deny('lambda:UpdateFunctionCode', `arn:aws:lambda:${place}:function:*`);
      const found = findingsOf(analyze(policy(allow('lambda:UpdateFunctionCode'), denied)));
      expect(found).toContain('privilege_escalation:EditExistingLambdaFunctionWithRole medium');
    },
  );
});

test.each([
  ['ssm:StartSession', 'arn:aws:ssm:*:*:managed-instance/mi-*'],
  ['elasticmapreduce:AddJobFlowSteps', 'arn:aws:elasticmapreduce:*:*:cluster/j-*'],
  ['sso:AttachManagedPolicyToPermissionSet', 'arn:aws:sso:::permissionSet/ssoins-*/ps-*'],
  ['ec2:TerminateInstances', 'arn:aws:ec2:*:*:instance/i-?????????????????'],
  ['ec2:TerminateInstances', 'arn:aws:ec2:*:*:instance/i-*'],
])('%s on %s is on every resource that AWS names so', (action, resource) => {
  expect(findingsOf(analyze(policy(allow(action, resource))))).not.toEqual([]);
});

test('an id with a part of it written out is of some resources only', () => {
  const some = 'arn:aws:ec2:*:*:instance/i-0*';
  expect(findingsOf(analyze(policy(allow('ec2:TerminateInstances', some))))).toEqual([]);
});
