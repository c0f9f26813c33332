import { describe, expect, test } from 'vitest';
import { allow, analyze, deny, policy } from '../analyzer.ts';

/** More than a tenth of all actions. */
const LARGE = ['bedrock:*', 'connect:*', 'ec2:*', 'glue:*', 'iot:*', 'quicksight:*', 'sagemaker:*', 'ssm:*'];

describe('whether a policy is as good as AdministratorAccess', () => {
  test.each([
    ['with every action', [allow('*')], true],
    ['without what is paid', [allow('*'), deny(['billing:*', 'ce:*', 'account:*'])], true],
    ['without a few large services', [allow('*'), deny(LARGE)], false],
    [
      'without a few large services, by a NotAction',
      [{ Effect: 'Allow', NotAction: LARGE, Resource: '*' }],
      false,
    ],
    ['without one action of IAM', [allow('*'), deny('iam:DeleteUser')], false],
    ['with IAM alone', [allow('iam:*')], false],
  ])('%s', (_name, statements, admin) => {
    expect(analyze(policy(...statements)).admin).toBe(admin);
  });
});

test("a method's finding names the statement that lets some roles be passed, beside that of the other steps", () => {
  const pass = allow('iam:PassRole', 'arn:aws:iam::111122223333:role/lambda-*');
  const { findings } = analyze(policy(allow(['lambda:CreateFunction', 'lambda:InvokeFunction']), pass));
  const found = findings.find(({ method }) => method === 'PassExistingRoleToNewLambdaThenInvoke');
  expect(found?.statements).toEqual([0, 1]);
});
