import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyze, policy } from '../analyzer.ts';

/** A role that trusts a provider which serves everyone, under one condition on a claim of its tokens. */
interface ClaimCase {
  readonly provider: string;
  readonly operator: string;
  readonly claim: string;
  readonly value: string | readonly string[];
  /** Whether anyone can get a token that fits. */
  readonly open: boolean;
}

const cases = JSON.parse(
  readFileSync(new URL('provider-tenants.cases.json', import.meta.url), 'utf8'),
) as readonly ClaimCase[];

test('thousands of providers are not held one by one against thousands of claims', () => {
  const places = Array.from({ length: 1_500 }, (_, at) => at);
  const document = policy({
    Effect: 'Allow',
    Principal: {
      Federated: places.map((at) => `arn:aws:iam::111122223333:oidc-provider/i${at}.example.com`),
    },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: Object.fromEntries(places.map((at) => [`i${at}.example.org:sub`, 'x'])) },
  });
  const cost = () => {
    const before = performance.now();
    analyze(document, 'trust');
    return performance.now() - before;
  };
  expect(Math.min(cost(), cost(), cost()), 'milliseconds; a square costs hundreds').toBeLessThan(100);
});

describe('a token of an identity provider that serves everyone', () => {
  test.each(cases)(
    '$provider $operator $claim $value: $open',
    ({ provider, operator, claim, value, open }) => {
      const statement = {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${provider}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { [operator]: { [`${provider}:${claim}`]: value } },
      };
      expect(analyze(policy(statement), 'trust').public).toBe(open);
    },
  );
});
