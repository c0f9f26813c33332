import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyzeCloudsplainingTrust } from '../../src/policy/cloudsplaining/analyze-cloudsplaining-trust.ts';
import { changeOf } from '../../src/policy/policy-summary.ts';
import { analyze, analyzer, findingsOf, policy } from './analyzer.ts';

interface TrustCase {
  readonly name: string;
  readonly statement: Record<string, unknown>;
  readonly cloudsplaining: Readonly<Record<string, unknown>>;
  readonly effective: readonly string[];
}

const cases = JSON.parse(
  readFileSync(new URL('trust.cases.json', import.meta.url), 'utf8'),
) as readonly TrustCase[];

describe('a role in account 111122223333 that trusts', () => {
  test.each(cases)('$name', ({ statement, cloudsplaining, effective }) => {
    const document = policy(statement);
    const context = { currentAccountId: '111122223333', computeServices: ['lambda'] };
    expect(analyzeCloudsplainingTrust(document, context)).toMatchObject(cloudsplaining);
    expect(findingsOf(analyze(document, 'trust'))).toEqual(effective);
  });
});

test('each reason for which everyone gets in is told of those for whom it is true', () => {
  const guests = {
    Effect: 'Allow',
    Principal: { Federated: 'cognito-identity.amazonaws.com' },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        'cognito-identity.amazonaws.com:aud': 'eu-west-1:00000000-0000-4000-8000-000000000000',
      },
      'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'unauthenticated' },
    },
  };
  const known = {
    Effect: 'Allow',
    Principal: '*',
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'sts:ExternalId': 'example' } },
  };
  const { findings, counts } = analyze(policy(guests, known), 'trust');
  const open = findings.filter(({ risk }) => risk === 'public_access');
  expect(open.map(({ principals, statements, why }) => [principals, statements, why])).toEqual([
    [['*'], [1], expect.stringContaining('external ID')],
    [['cognito-identity.amazonaws.com'], [0], expect.stringContaining('identity pool')],
  ]);
  expect(counts.public_access).toBe(2);
});

test('a role for guests of an identity pool is no less open without the condition that names them', () => {
  const trust = (more: object) => {
    const pool = 'eu-west-1:00000000-0000-4000-8000-000000000000';
    const statement = {
      Effect: 'Allow',
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { 'cognito-identity.amazonaws.com:aud': pool }, ...more },
    };
    const { summary } = analyzer.analyze(policy(statement), 'trust', { account: '111122223333' });
    if (summary === undefined) throw new Error('the policy was refused');
    return summary;
  };
  const named = trust({
    'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'unauthenticated' },
  });
  const unnamed = trust({});
  expect(changeOf(named, unnamed.analysis)).toMatchObject({ added: [], removed: [] });
});
