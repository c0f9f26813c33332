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
  readFileSync(new URL('principals.cases.json', import.meta.url), 'utf8'),
) as readonly ClaimCase[];

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
