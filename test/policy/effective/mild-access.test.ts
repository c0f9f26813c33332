import { describe, expect, test } from 'vitest';
import { analyze, policy } from '../analyzer.ts';

const OTHER = '444455556666';
const trail = { StringEquals: { 'aws:SourceArn': `arn:aws:cloudtrail:us-east-1:${OTHER}:trail/org` } };
const fromOther = { StringEquals: { 'aws:SourceAccount': OTHER } };
const organization = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };

function admit(principal: unknown, action: unknown, condition?: unknown) {
  const bound = condition === undefined ? {} : { Condition: condition };
  return { Effect: 'Allow', Principal: principal, Action: action, Resource: '*', ...bound };
}

/** `severity confidence` of the one account that gets in, and the categories of the policy. */
function told(kind: 'resource' | 'trust', ...statements: readonly Record<string, unknown>[]) {
  const { findings, categories } = analyze(policy(...statements), kind);
  const [found] = findings.filter(({ risk }) => risk === 'external_access');
  return [`${found?.severity} ${found?.confidence}`, ...categories];
}

const service = (name: string) => ({ Service: `${name}.amazonaws.com` });
const account = (id: string) => ({ AWS: `arn:aws:iam::${id}:root` });

describe('what a service only puts in for another account is low, and opens nothing', () => {
  test.each([
    ['the trail of an organization', [admit(service('cloudtrail'), 's3:PutObject', trail)]],
    [
      "the key of the bucket of an organization's trail",
      [admit(service('cloudtrail'), 'kms:GenerateDataKey*', trail)],
    ],
    [
      'what AWS Config looks at and writes',
      [admit(service('config'), ['s3:GetBucketAcl', 's3:ListBucket', 's3:PutObject'], fromOther)],
    ],
    [
      "a topic of AWS's that feeds a queue",
      [
        admit(service('sns'), 'sqs:SendMessage', {
          ArnEquals: { 'aws:SourceArn': `arn:aws:sns:us-east-1:${OTHER}:changes` },
        }),
      ],
    ],
    [
      'a topic, in the way that older policies name it',
      [
        admit('*', 'sqs:SendMessage', {
          ArnEquals: { 'aws:SourceArn': `arn:aws:sns:us-east-1:${OTHER}:changes` },
        }),
      ],
    ],
    ['a bucket that feeds a function', [admit(service('s3'), 'lambda:InvokeFunction', fromOther)]],
    ['access logs of load balancers', [admit(account('127311923021'), 's3:PutObject')]],
    [
      'audit logs of Amazon Redshift, in the way that older policies name it',
      [admit({ AWS: 'arn:aws:iam::193672423079:user/logs' }, ['s3:GetBucketAcl', 's3:PutObject'])],
    ],
    ['billing reports', [admit(account('386209384616'), ['s3:GetBucketAcl', 's3:PutObject'])]],
  ])('%s', (_name, statements) => {
    expect(told('resource', ...statements)[0]).toMatch(/^low /);
    expect(told('resource', ...statements).slice(1)).toEqual([]);
  });

  test.each([
    ['what a service reads', [admit(service('cloudfront'), 's3:GetObject', fromOther)]],
    ['what a service decrypts', [admit(service('sns'), ['kms:GenerateDataKey*', 'kms:Decrypt'], fromOther)]],
    ['what a service deletes', [admit(service('s3'), 's3:*', fromOther)]],
    [
      'what a service does by an action that no table has',
      [admit(service('sns'), 'sqs:NewThing', fromOther)],
    ],
    ['what the account itself puts in', [admit(account(OTHER), 's3:PutObject')]],
    [
      'what it reads besides',
      [admit(service('cloudtrail'), 's3:PutObject', trail), admit(account(OTHER), 's3:GetObject')],
    ],
    ['what an account of AWS reads', [admit(account('127311923021'), 's3:GetObject')]],
    [
      'what an account of Redshift reads, as in tests of attacks',
      [admit(account('193672423079'), ['s3:GetObject', 's3:GetBucketLocation', 's3:ListBucket'])],
    ],
  ])('%s is not', (_name, statements) => {
    expect(told('resource', ...statements)[0]).toMatch(/^(?:medium|high) /);
    expect(told('resource', ...statements)).toContain('resource_exposure');
  });
});

describe('what another account itself only sends in is low, and opens nothing', () => {
  test.each([
    ['events', [admit(account(OTHER), 'events:PutEvents')]],
    ['log lines', [admit(account(OTHER), 'logs:PutSubscriptionFilter')]],
    [
      'messages, as a topic and itself',
      [admit(account(OTHER), 'sqs:SendMessage'), admit(service('sns'), 'sqs:SendMessage', fromOther)],
    ],
  ])('%s', (_name, statements) => {
    expect(told('resource', ...statements)[0]).toMatch(/^low /);
    expect(told('resource', ...statements).slice(1)).toEqual([]);
  });

  test.each([
    ['a function that answers', [admit(account(OTHER), 'lambda:InvokeFunction')]],
    ['an action that no table has', [admit(account(OTHER), 'sqs:NewThing')]],
    ['a key', [admit(account(OTHER), 'kms:Encrypt')]],
    ['an access list of objects', [admit(account(OTHER), 's3:PutObjectAcl')]],
    ['everything of a queue', [admit(account(OTHER), 'sqs:*')]],
    ['everyone', [admit('*', 'sqs:SendMessage')]],
  ])('%s is not', (_name, statements) => {
    expect(told('resource', ...statements)).toContain('resource_exposure');
  });
});

describe('who is let in within an organization is no stranger', () => {
  test.each([
    ['an account', [admit(account(OTHER), 's3:GetObject', organization)]],
    [
      'a path of the organization',
      [
        admit(account(OTHER), 's3:GetObject', {
          'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*' },
        }),
      ],
    ],
  ])('%s', (_name, statements) => {
    expect(told('resource', ...statements)).toEqual(['medium low']);
  });

  test('an account that becomes a role, as everyone of the organization might', () => {
    expect(told('trust', admit(account(OTHER), 'sts:AssumeRole', organization))).toEqual(['medium low']);
    const open = analyze(policy(admit('*', 'sts:AssumeRole', organization)), 'trust');
    expect(open.findings.filter(({ confidence }) => confidence !== 'low')).toEqual([]);
  });

  test.each([
    [
      'any organization',
      'resource',
      [admit(account(OTHER), 's3:GetObject', { StringLike: { 'aws:PrincipalOrgID': '*' } })],
    ],
    [
      'where another statement asks for none',
      'resource',
      [admit(account(OTHER), 's3:GetObject', organization), admit(account(OTHER), 's3:GetObject')],
    ],
    [
      'a role for any organization',
      'trust',
      [
        admit(account(OTHER), 'sts:AssumeRole', {
          StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
        }),
      ],
    ],
    [
      'a role where another statement asks for no organization',
      'trust',
      [admit(account(OTHER), 'sts:AssumeRole', organization), admit(account(OTHER), 'sts:AssumeRole')],
    ],
  ] as const)('strangers are let in: %s', (_name, kind, statements) => {
    expect(told(kind, ...statements)[0]).not.toMatch(/ low$/);
    expect(told(kind, ...statements)).toContain('resource_exposure');
  });
});

test('of more accounts than are told, a stranger comes before those that services deliver for', () => {
  const sources = Array.from({ length: 60 }, (_, at) => `${200_000_000_000 + at}`);
  const delivery = admit(service('sns'), 'sqs:SendMessage', {
    StringEquals: { 'aws:SourceAccount': sources },
  });
  const stranger = admit(account(OTHER), 'sqs:ReceiveMessage', {
    IpAddress: { 'aws:SourceIp': '192.0.2.0/24' },
  });
  const { findings, categories } = analyze(policy(delivery, stranger), 'resource');
  expect(findings.filter(({ principals }) => principals?.includes(OTHER))).toHaveLength(1);
  expect(categories).toContain('resource_exposure');
});
