import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allow, analyze, analyzer, deny, policy } from '../analyzer.ts';

/** An identity policy in account 111122223333, and the methods that it opens with their confidence. */
interface GrantCase {
  readonly name: string;
  readonly statements: readonly Readonly<Record<string, unknown>>[];
  readonly methods: readonly string[];
}

const cases = JSON.parse(
  readFileSync(new URL('grants.cases.json', import.meta.url), 'utf8'),
) as readonly GrantCase[];

describe('the methods that are left', () => {
  test.each(cases)('$name', ({ statements, methods }) => {
    const { findings } = analyze(policy(...statements));
    const found = findings.filter(({ method }) => method !== undefined);
    expect(found.map(({ method, confidence }) => `${method} ${confidence}`)).toEqual(methods);
  });
});

test('of everything but one bucket that a Deny spares, what takes a bucket is left', () => {
  const NotResource = ['arn:aws:s3:::example', 'arn:aws:s3:::example/*'];
  const { services, admin, findings } = analyze(
    policy(allow('*'), { Effect: 'Deny', Action: '*', NotResource }),
  );
  // Systems Manager has actions that take a bucket.
  expect(services).toEqual(['s3', 'ssm']);
  expect(admin).toBe(false);
  expect(findings.filter(({ risk }) => risk === 'privilege_escalation')).toEqual([]);
});

test('where the account is not known, a Deny on one account leaves the others', () => {
  const document = policy(allow('iam:PutUserPolicy'), deny('iam:*', 'arn:aws:iam::111122223333:*'));
  const { summary } = analyzer.analyze(document, 'identity');
  expect(summary?.analysis.findings.map(({ method, confidence }) => `${method} ${confidence}`)).toContain(
    'PutUserPolicy medium',
  );
});

test('who is denied one bucket is an administrator all the same', () => {
  const denied = deny('*', ['arn:aws:s3:::example', 'arn:aws:s3:::example/*']);
  expect(analyze(policy(allow('*'), denied)).admin).toBe(true);
});

describe('to assume a role is not bound to the own account', () => {
  const own = 'arn:aws:iam::111122223333:';
  const except = { Effect: 'Allow', Action: 'sts:AssumeRole', NotResource: `${own}*` };

  test.each([
    [
      'where those of the own account are denied',
      [allow('sts:AssumeRole'), deny('sts:*', `${own}role/*`)],
      'medium',
    ],
    ['where the own account is denied', [allow('sts:AssumeRole'), deny('*', `${own}*`)], 'medium'],
    ['of another account', [allow('sts:AssumeRole', 'arn:aws:iam::444455556666:role/*')], 'high'],
    ['where those of the own account are left out', [except], 'high'],
  ])('%s', (_case, statements, confidence) => {
    const { findings } = analyze(policy(...statements));
    expect(findings).toContainEqual(expect.objectContaining({ risk: 'credentials_exposure', confidence }));
  });
});

describe('a way to open a resource is limited', () => {
  const confidences = (action: string, Condition: unknown) =>
    analyze(policy(allow(action, '*', { Condition })))
      .findings.filter(({ risk }) => risk === 'resource_exposure')
      .map(({ confidence }) => confidence);

  test.each([
    [
      'where only a service can be let in',
      'ec2:CreateNetworkInterfacePermission',
      { StringEquals: { 'ec2:AuthorizedService': 'codebuild.amazonaws.com' } },
      'low',
    ],
    [
      'less surely where every service can be let in',
      'ec2:CreateNetworkInterfacePermission',
      { StringLike: { 'ec2:AuthorizedService': '*.amazonaws.com' } },
      'medium',
    ],
    [
      'where only a service makes grants on behalf of its caller',
      'kms:CreateGrant',
      { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      'low',
    ],
    [
      'less surely where the service makes no grants on behalf of its caller',
      'kms:CreateGrant',
      { Bool: { 'kms:GrantIsForAWSResource': 'false' } },
      'medium',
    ],
  ])('%s', (_case, action, condition, confidence) => {
    expect(confidences(action, condition)).toEqual([confidence]);
  });
});
