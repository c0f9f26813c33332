import { expect, test } from 'vitest';
import { policyInAwsOutput } from '../../src/cli/policy-in-aws-output.ts';

const document = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const text = JSON.stringify(document);
const ROLE = 'arn:aws:iam::111122223333:role/one';

test.each([
  ['get-role', { Role: { Arn: ROLE, AssumeRolePolicyDocument: document } }, 'trust', '111122223333'],
  ['get-policy-version', { PolicyVersion: { VersionId: 'v1', Document: document } }, 'identity', undefined],
  [
    'get-user-policy',
    { UserName: 'one', PolicyName: 'all', PolicyDocument: document },
    'identity',
    undefined,
  ],
  ['get-inline-policy-for-permission-set', { InlinePolicy: text }, 'identity', undefined],
  [
    'describe-policy of Organizations',
    { Policy: { PolicySummary: { Type: 'SERVICE_CONTROL_POLICY' }, Content: text } },
    'identity',
    undefined,
  ],
  ['get-bucket-policy', { Policy: text }, 'resource', undefined],
  [
    'get-resource-policy of Secrets Manager',
    { ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:one', ResourcePolicy: text },
    'resource',
    '111122223333',
  ],
  ['get-resource-policy of Glue', { PolicyInJson: text, PolicyHash: 'one' }, 'resource', undefined],
  [
    'get-topic-attributes',
    { Attributes: { TopicArn: 'arn:aws:sns:eu-west-1:111122223333:one', Policy: text } },
    'resource',
    '111122223333',
  ],
  [
    'get-queue-attributes',
    { Attributes: { QueueArn: 'arn:aws:sqs:eu-west-1:111122223333:one', Policy: text } },
    'resource',
    '111122223333',
  ],
  ['get-repository-policy', { registryId: '111122223333', policyText: text }, 'resource', '111122223333'],
  [
    'get-backup-vault-access-policy',
    { BackupVaultArn: 'arn:aws:backup:eu-west-1:111122223333:backup-vault:one', Policy: text },
    'resource',
    '111122223333',
  ],
])(
  'what the AWS CLI prints for %s holds the document, and says its kind and account',
  (_call, output, kind, account) => {
    const printed = policyInAwsOutput(JSON.stringify(output, null, 4));
    expect(JSON.parse(printed.text)).toEqual(document);
    expect([printed.kind, printed.account]).toEqual([kind, account]);
  },
);

test('a document that is encoded is handed on as it stands', () => {
  const encoded = encodeURIComponent(text);
  expect(policyInAwsOutput(JSON.stringify({ RoleName: 'one', PolicyDocument: encoded }))).toMatchObject({
    text: encoded,
    kind: 'identity',
  });
});

test.each([
  ['a document itself', text],
  ['no JSON', 'SECRET'],
  ['something else', '{"Tags":[]}'],
])('%s is left as it is', (_what, printed) => {
  expect(policyInAwsOutput(printed)).toEqual({ text: printed });
});
