import { describe, expect, test } from 'vitest';
import { allow, analyze, deny, policy } from '../analyzer.ts';

/** More than a tenth of all actions. */
const LARGE = ['bedrock:*', 'connect:*', 'ec2:*', 'glue:*', 'iot:*', 'quicksight:*', 'sagemaker:*', 'ssm:*'];

describe('whether a policy is as good as AdministratorAccess', () => {
  test.each([
    ['with every action', [allow('*')], true],
    ['without what is paid', [allow('*'), deny(['billing:*', 'ce:*', 'account:*'])], true],
    ['without a few large services', [allow('*'), deny(LARGE)], false],
    ['but for them, by a NotAction', [{ Effect: 'Allow', NotAction: LARGE, Resource: '*' }], false],
    ['without one action of IAM', [allow('*'), deny('iam:DeleteUser')], false],
    ['with IAM alone', [allow('iam:*')], false],
  ])('%s', (_name, statements, admin) => {
    expect(analyze(policy(...statements)).admin).toBe(admin);
  });
});
