import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testService } from '../service.ts';

const service = testService();

const principals = fc.uniqueArray(
  fc.constantFrom(
    '*',
    '111122223333',
    'arn:aws:iam::111122223333:user/dev',
    'arn:aws:iam::444455556666:root',
    'arn:aws:iam::444455556666:role/deploy',
    '555566667777',
    'AIDAEXAMPLEEXAMPLE12',
  ),
  { minLength: 1, maxLength: 4 },
);
const providers = fc.uniqueArray(
  fc.constantFrom(
    'arn:aws:iam::111122223333:oidc-provider/oidc.example.org',
    'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
    'arn:aws:iam::111122223333:saml-provider/corp',
  ),
  { maxLength: 2 },
);
const values = fc.constantFrom<readonly [key: string, value: unknown]>(
  ['aws:PrincipalOrgID', 'o-exampleorgid'],
  ['aws:PrincipalAccount', '444455556666'],
  ['aws:PrincipalAccount', ['111122223333', '444455556666']],
  ['aws:SourceVpce', 'vpce-0example'],
  ['aws:userid', 'AROAEXAMPLEEXAMPLE12:*'],
  ['aws:PrincipalArn', 'arn:aws:iam::444455556666:role/deploy'],
  ['token.actions.githubusercontent.com:sub', 'repo:octo-org/*'],
);
const conditions = fc.option(values);
const under = (operator: string, condition: readonly [string, unknown] | null) =>
  condition === null ? {} : { Condition: { [operator]: { [condition[0]]: condition[1] } } };

const CALLS = {
  trust: {
    source: 'iam',
    name: 'UpdateAssumeRolePolicy',
    action: ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'],
    request: (name: string, document: unknown) => ({
      roleName: name,
      policyDocument: JSON.stringify(document),
    }),
  },
  bucket: {
    source: 's3',
    name: 'PutBucketPolicy',
    action: 's3:GetObject',
    request: (name: string, document: unknown) => ({ bucketName: name, bucketPolicy: document }),
  },
};

let count = 0;

/** Of a role or a bucket of its own, so that no earlier policy is known. */
async function judge(
  call: keyof typeof CALLS,
  statements: readonly object[],
): Promise<{ score: number; isLockout: boolean }> {
  const { source, name, action, request } = CALLS[call];
  const Resource = call === 'bucket' ? { Resource: 'arn:aws:s3:::wide/*' } : {};
  const Statement = statements.map((statement) => ({ ...statement, Action: action, ...Resource }));
  count += 1;
  const payload = {
    eventVersion: '1.11',
    eventID: `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
    eventTime: '2026-03-01T10:00:00Z',
    eventSource: `${source}.amazonaws.com`,
    eventName: name,
    eventType: 'AwsApiCall',
    awsRegion: 'eu-west-1',
    recipientAccountId: '111122223333',
    sourceIPAddress: '203.0.113.7',
    userIdentity: { type: 'IAMUser', userName: 'admin', accountId: '111122223333' },
    requestParameters: request(`wide-${count}`, { Version: '2012-10-17', Statement }),
  };
  const answer = (await service.app.inject({ method: 'POST', url: '/enrich', payload })).json();
  return { score: answer.risk.score, isLockout: answer.policy.lockout !== undefined };
}

describe('whom a policy lets in besides', () => {
  test.each(Object.keys(CALLS) as (keyof typeof CALLS)[])(
    'never lowers the score of a %s policy, whatever limits it',
    async (call) => {
      const property = fc.asyncProperty(
        principals,
        principals,
        conditions,
        fc.constantFrom('StringLike', 'StringLikeIfExists'),
        conditions,
        call === 'trust' ? providers : fc.constant([]),
        async (some, more, condition, operator, sparing, federated) => {
          const denials =
            sparing === null ? [] : [{ Effect: 'Deny', Principal: '*', ...under('StringNotLike', sparing) }];
          const allowing = (AWS: readonly string[], Federated: readonly string[]) => [
            { Effect: 'Allow', Principal: { AWS, Federated }, ...under(operator, condition) },
            ...denials,
          ];
          const before = await judge(call, allowing(some, []));
          // One more whom the Deny spares ends it, and what it harms.
          fc.pre(!before.isLockout);
          const after = await judge(call, allowing([...some, ...more], federated));
          expect(after.score).toBeGreaterThanOrEqual(before.score);
        },
      );
      await fc.assert(property, { numRuns: 100 });
    },
  );
});
