import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allow, analyze, findingsOf, policy } from '../analyzer.ts';

/** Operator, key and value of the only condition of a bucket policy that lets everyone in. */
type ConditionCase = readonly [operator: string, key: string, value: string | readonly string[]];

const cases = JSON.parse(
  readFileSync(new URL('condition-values.cases.json', import.meta.url), 'utf8'),
) as Readonly<Record<'limit_nothing' | 'limit', readonly ConditionCase[]>>;

/** Value of iam:PolicyARN, operator, and how sure it is that the policy makes an administrator. */
const POLICIES = [
  ['arn:aws:iam::aws:policy/AdministratorAccess', 'ArnEquals', 'medium'],
  ['arn:aws-cn:iam::aws:policy/IAMFullAccess', 'ArnEquals', 'medium'],
  ['arn:aws:iam::aws:policy/*', 'ArnLike', 'medium'],
  ['arn:aws:iam::aws:policy/AWSSupportAccess', 'ArnEquals', 'low'],
  ['arn:aws:iam::111122223333:policy/Team*', 'ArnLike', 'low'],
  ['arn:aws:iam::*:policy/*', 'ArnLike', 'medium'],
  ['arn:aws:iam::*:policy/Admin*', 'ArnLike', 'medium'],
  ['arn:aws:iam::*:policy/app/*', 'ArnLike', 'low'],
  ['arn:*:iam::*:policy/app-reader', 'ArnLike', 'low'],
] as const;

/** Values of eks:policyArn, and how sure it is that the policy makes an administrator of clusters. */
const ACCESS_POLICIES = [
  ['AmazonEKSClusterAdminPolicy', 'medium'],
  ['AmazonEKSAdminPolicy', 'medium'],
  ['AmazonEKSEditPolicy', 'medium'],
  ['AmazonEKS*', 'medium'],
  ['AmazonEKSViewPolicy', 'low'],
  ['AWSBackupFullAccessPolicyForBackup', 'low'],
] as const;

/** Operator, key and value of a condition on rights over every user and role. */
const CONDITIONS = [
  ['ForAnyValue:StringEquals', 'aws:CalledVia', 'cloudformation.amazonaws.com', 'low'],
  ['StringEquals', 'aws:CalledViaFirst', 'cloudformation.amazonaws.com', 'low'],
  ['StringEquals', 'aws:CalledViaLast', 'cloudformation.amazonaws.com', 'low'],
  ['StringLike', 'aws:CalledViaLast', '*.amazonaws.com', 'medium'],
  ['StringEquals', 'aws:ResourceTag/team', 'a', 'low'],
  ['StringEquals', 'iam:ResourceTag/team', 'a', 'low'],
  ['StringLike', 'iam:ResourceTag/team', '*', 'medium'],
  ['StringEquals', 'aws:RequestTag/team', 'a', 'medium'],
] as const;

/** Operators that let pass whoever comes without the key. */
const PASSED_WITHOUT = [
  ['ForAllValues:StringLike', 'aws:PrincipalOrgPaths', 'o-exampleorgid/*'],
  ['StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-exampleorgid'],
  ['ForAllValues:StringEqualsIfExists', 'aws:PrincipalOrgID', ['o-exampleorgid']],
] as const;

function bucketFor([operator, key, value]: ConditionCase, more: Record<string, unknown> = {}) {
  const statement = allow('s3:GetObject', 'arn:aws:s3:::example/*', {
    Principal: '*',
    Condition: { [operator]: { [key]: value }, ...more },
  });
  return analyze(policy(statement), 'resource');
}

const OWNERLESS = [
  'aws:SourceIp',
  'aws:SourceVpc',
  'aws:SourceVpce',
  'aws:userid',
  'aws:Ec2InstanceSourceVpc',
];

describe('values of conditions', () => {
  test.each(cases.limit_nothing)(
    '%s %s %s is met by anyone, so that the bucket is public',
    (...condition) => {
      const analysis = bucketFor(condition);
      expect(analysis.public).toBe(true);
      expect(findingsOf(analysis)).toContain('public_access:* medium');
    },
  );

  test.each(cases.limit)('%s %s %s limits who gets in', (...condition) => {
    const analysis = bucketFor(condition);
    expect(analysis.public).toBe(false);
    const open = findingsOf(analysis).filter((name) => name.startsWith('public_access'));
    // Whose an address, a network or a unique id is, the policy does not say.
    expect(open).toEqual(OWNERLESS.includes(condition[1]) ? ['public_access:* low'] : []);
  });

  test.each(PASSED_WITHOUT)('%s %s %s limits beside a Null that asks for the key', (...condition) => {
    const [, key] = condition;
    expect(bucketFor(condition).public).toBe(true);
    expect(bucketFor(condition, { Null: { [key]: 'true' } }).public).toBe(true);
    expect(bucketFor(condition, { Null: { [key]: ['false', 'true'] } }).public).toBe(true);
    expect(bucketFor(condition, { Null: { 'aws:PrincipalArn': 'false' } }).public).toBe(true);
    expect(bucketFor(condition, { Null: { [key.toUpperCase()]: 'false' } }).public).toBe(false);
    expect(bucketFor(condition, { Null: { [key]: [false] } }).public).toBe(false);
  });

  test('a Null that asks for the key limits nothing by itself, nor what is negated beside it', () => {
    const key = 'aws:PrincipalOrgID';
    expect(bucketFor(['Null', key, 'false']).public).toBe(true);
    expect(bucketFor(['StringNotEqualsIfExists', key, 'o-x'], { Null: { [key]: 'false' } }).public).toBe(
      true,
    );
  });

  test.each(POLICIES)('attaching %s by %s is %s', (value, operator, confidence) => {
    const Condition = { [operator]: { 'iam:PolicyARN': value } };
    const findings = findingsOf(analyze(policy(allow('iam:AttachUserPolicy', '*', { Condition }))));
    expect(findings).toContain(`privilege_escalation:AttachUserPolicy ${confidence}`);
  });

  test('a boundary of everything limits nobody', () => {
    const bounded = (name: string) => {
      const Condition = { StringEquals: { 'iam:PermissionsBoundary': `arn:aws:iam::${name}` } };
      return findingsOf(analyze(policy(allow('iam:PutUserPolicy', '*', { Condition }))));
    };
    expect(bounded('aws:policy/AdministratorAccess')).toContain('privilege_escalation:PutUserPolicy medium');
    expect(bounded('111122223333:policy/Edge')).toContain('privilege_escalation:PutUserPolicy low');
  });

  test('a boundary limits whatever account its pattern leaves, because only those of the own one and of AWS can be set', () => {
    const bounded = (name: string) => {
      const Condition = { StringLike: { 'iam:PermissionsBoundary': `arn:aws:iam::${name}` } };
      return findingsOf(analyze(policy(allow('iam:PutUserPolicy', '*', { Condition }))));
    };
    expect(bounded('*:policy/app-boundary')).toContain('privilege_escalation:PutUserPolicy low');
    expect(bounded('*:policy/*')).toContain('privilege_escalation:PutUserPolicy medium');
    expect(bounded('*')).toContain('privilege_escalation:PutUserPolicy medium');
  });

  test.each(ACCESS_POLICIES)('associating %s with a cluster is %s', (name, confidence) => {
    const Condition = {
      StringLike: { 'eks:policyArn': `arn:aws:eks::aws:cluster-access-policy/${name}` },
    };
    const document = policy(
      allow('eks:CreateAccessEntry', 'arn:aws:eks:*:*:cluster/*'),
      allow('eks:AssociateAccessPolicy', 'arn:aws:eks:*:*:access-entry/*', { Condition }),
    );
    expect(findingsOf(analyze(document))).toContain(
      `privilege_escalation:GrantClusterAdminByAccessEntry ${confidence}`,
    );
  });

  test.each(CONDITIONS)('rights over all of IAM by %s %s %s are %s', (operator, key, value, confidence) => {
    const Condition = { [operator]: { [key]: value } };
    const findings = findingsOf(analyze(policy(allow('iam:PutUserPolicy', '*', { Condition }))));
    expect(findings).toContain(`privilege_escalation:PutUserPolicy ${confidence}`);
  });

  test('a tag of a cluster by the key of its service limits as the global key does', () => {
    const Condition = { StringEquals: { 'elasticmapreduce:ResourceTag/team': 'a' } };
    const findings = findingsOf(
      analyze(policy(allow('elasticmapreduce:AddJobFlowSteps', '*', { Condition }))),
    );
    expect(findings).toContain('privilege_escalation:AddStepsToExistingEMRCluster low');
  });

  test('networks that take in the world only together are met by anyone too', () => {
    const networks = Array.from({ length: 256 }, (_, first) => `${first}.0.0.0/8`);
    expect(bucketFor(['IpAddress', 'aws:SourceIp', networks]).public).toBe(true);
  });
});
