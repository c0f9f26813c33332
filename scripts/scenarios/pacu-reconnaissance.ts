import { trailDelivery } from './background.ts';
import { QUIET } from './highlights.ts';
import { assumeRoleDenied, denied } from './iam-calls.ts';
import { type Actor, MAIN, MEMBER, onBehalf } from './identities.ts';
import type { Trail } from './trail.ts';

const BROWSING = { ...QUIET, 'action.access_level': { any_of: ['List', 'Read'] } } as const;

/** Every region that is on by default. */
const REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'sa-east-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
] as const;

/** B1 to B3: Pacu's modules whoami, aws__enum_account, iam__enum_*, iam__bruteforce_permissions. */
export function reconnaissance(trail: Trail, bot: Actor): void {
  trail.step('B1', 'Asks whose key it is, and of what account', BROWSING, ['pacu-user-agent']);
  trail.call(bot, 'sts:GetCallerIdentity', { region: 'us-east-1', after: 20 });
  trail.call(bot, 'iam:ListAccountAliases', { after: 35 });
  trail.call(bot, 'organizations:DescribeOrganization', {
    error: 'AccessDeniedException',
    message: "You don't have permissions to access this resource.",
    expect: { 'action.outcome': 'denied' },
  });
  trail.call(bot, 'monitoring:GetMetricStatistics', {
    request: {
      namespace: 'AWS/Billing',
      metricName: 'EstimatedCharges',
      period: 21_600,
      statistics: ['Maximum'],
      dimensions: [{ name: 'Currency', value: 'USD' }],
    },
  });
  principals(trail, bot);
  bruteForce(trail, bot);
  trailDelivery(trail);
}

function principals(trail: Trail, bot: Actor): void {
  trail.step('B2', 'Lists all principals and their policies', { ...BROWSING, 'threat.tactic.id': 'TA0007' }, [
    'enumeration-burst',
  ]);
  for (const list of ['ListUsers', 'ListRoles', 'ListGroups', 'ListPolicies']) {
    trail.call(bot, `iam:${list}`, { request: list === 'ListPolicies' ? { scope: 'Local' } : null });
  }
  const userName = 'ci-bot';
  trail.call(bot, 'iam:ListGroupsForUser', { request: { userName } });
  trail.call(bot, 'iam:ListUserPolicies', { request: { userName } });
  trail.call(bot, 'iam:GetUserPolicy', { request: { userName, policyName: 'deploy' } });
  trail.call(bot, 'iam:ListAttachedUserPolicies', { request: { userName } });
  for (const roleName of ['deploy', 'ProdAdmin', 'shop-function']) {
    trail.call(bot, 'iam:ListRolePolicies', { request: { roleName } });
    trail.call(bot, 'iam:GetRolePolicy', { request: { roleName, policyName: 'inline' } });
    trail.call(bot, 'iam:ListAttachedRolePolicies', { request: { roleName } });
  }
  const policyArn = `arn:aws:iam::${MAIN}:policy/Pipeline`;
  trail.call(bot, 'iam:GetPolicy', { request: { policyArn } });
  trail.call(bot, 'iam:GetPolicyVersion', { request: { policyArn, versionId: 'v3' } });
}

const GUESSES = [
  'acm:ListCertificates',
  'athena:ListWorkGroups',
  'backup:ListBackupVaults',
  'batch:DescribeJobQueues',
  'cloudformation:ListStacks',
  'codebuild:ListProjects',
  'dynamodb:ListTables',
  'ecr:DescribeRepositories',
  'ecs:ListClusters',
  'eks:ListClusters',
  'elasticache:DescribeCacheClusters',
  'elasticfilesystem:DescribeFileSystems',
  'elasticmapreduce:ListClusters',
  'firehose:ListDeliveryStreams',
  'glue:GetDatabases',
  'kinesis:ListStreams',
  'kms:ListKeys',
  'logs:DescribeLogGroups',
  'rds:DescribeDBClusters',
  'redshift:DescribeClusters',
  'sns:ListTopics',
  'sqs:ListQueues',
  'states:ListStateMachines',
  'waf-regional:ListWebACLs',
  'workspaces:DescribeWorkspaces',
] as const;

function bruteForce(trail: Trail, bot: Actor): void {
  trail.step('B3', 'Tries what it may list, region after region', BROWSING, ['denied-enumeration-burst']);
  trail.wait(240);
  for (const region of ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-southeast-2']) {
    for (const [index, action] of GUESSES.entries()) {
      if (index % 6 === 5) {
        trail.call(bot, action, { region, after: 1 });
        continue;
      }
      denied(trail, bot, action, '*', { region, after: 1, expect: { 'action.outcome': 'denied' } });
    }
  }
}

/** B4 and B5: Pacu's modules ec2__enum, lambda__enum, secrets__enum, ec2__download_userdata. */
export function harvest(trail: Trail, bot: Actor): void {
  trail.step('B4', 'Lists machines in every region, and functions', BROWSING);
  trail.wait(120);
  for (const region of REGIONS) {
    for (const call of ['DescribeInstances', 'DescribeSecurityGroups', 'DescribeSubnets', 'DescribeVpcs']) {
      trail.call(bot, `ec2:${call}`, { region, after: 1, request: {} });
    }
  }
  trail.call(bot, 'lambda:ListFunctions20150331', {
    region: 'eu-west-1',
    expect: { 'action.iam': 'lambda:ListFunctions' },
  });
  trail.call(bot, 'lambda:GetAccountSettings20160819', {
    region: 'eu-west-1',
    expect: { 'action.iam': 'lambda:GetAccountSettings' },
  });
  secrets(trail, bot);
  userData(trail, bot);
}

function secrets(trail: Trail, bot: Actor): void {
  const region = 'eu-west-1';
  trail.call(bot, 'secretsmanager:ListSecrets', { region, after: 40 });
  trail.step(
    'B4',
    'Reads the secrets',
    {
      'action.access_level': 'Read',
      'risk.categories': 'credentials_exposure',
      'risk.level': { any_of: ['medium', 'high', 'critical'] },
      'threat.technique.id': 'T1555',
    },
    ['secrets-read'],
  );
  for (const name of ['shop/database-EXAMPL', 'shop/payments-EXAMPL', 'shop/mailbox-EXAMPL']) {
    readSecret(trail, bot, `arn:aws:secretsmanager:${region}:${MAIN}:secret:${name}`);
  }
  trail.step('B4', 'Reads the parameters', { 'action.access_level': { any_of: ['List', 'Read'] } });
  trail.call(bot, 'ssm:DescribeParameters', { region, request: {} });
  trail.call(bot, 'ssm:GetParameter', {
    region,
    request: { name: '/shop/payment-key', withDecryption: true },
    expect: {
      'risk.categories': 'credentials_exposure',
      'threat.technique.id': { any_of: ['T1552', 'T1555'] },
    },
  });
}

/** Secrets Manager decrypts with the caller's rights, and KMS records that. */
function readSecret(trail: Trail, bot: Actor, secretId: string): void {
  const region = 'eu-west-1';
  trail.call(bot, 'secretsmanager:GetSecretValue', {
    region,
    request: { secretId },
    expect: { 'risk.level': { any_of: ['high', 'critical'] } },
  });
  const key = `arn:aws:kms:${region}:${MAIN}:key/1b2c3d4e-2222-4333-8444-555566667777`;
  trail.call(onBehalf(bot, 'secretsmanager.amazonaws.com'), 'kms:Decrypt', {
    region,
    after: 1,
    request: { encryptionAlgorithm: 'SYMMETRIC_DEFAULT', encryptionContext: { SecretARN: secretId } },
    resources: [{ accountId: MAIN, type: 'AWS::KMS::Key', ARN: key }],
    expectOnly: { 'source_check.verdict': 'service_on_behalf' },
  });
}

function userData(trail: Trail, bot: Actor): void {
  const region = 'eu-west-1';
  trail.step(
    'B5',
    'Downloads what instances are started with',
    {
      'action.access_level': { any_of: ['List', 'Read'] },
      'threat.technique.id': { any_of: ['T1552', 'T1580'] },
    },
    ['instance-start-scripts-read'],
  );
  for (const instanceId of [
    'i-0a1b2c3d4e5f60718',
    'i-0a1b2c3d4e5f60719',
    'i-0a1b2c3d4e5f6071a',
    'i-0a1b2c3d4e5f6071b',
  ]) {
    trail.call(bot, 'ec2:DescribeInstanceAttribute', {
      region,
      request: { instanceId, attribute: 'userData' },
    });
  }
  trail.step('B5', 'Downloads launch templates', { 'action.access_level': { any_of: ['List', 'Read'] } });
  trail.call(bot, 'ec2:DescribeLaunchTemplateVersions', {
    region,
    request: { DescribeLaunchTemplateVersionsRequest: { LaunchTemplateId: 'lt-0a1b2c3d4e5f60718' } },
  });
}

/** Pacu guesses roles of a member account; each refusal is heard of in the caller's account only. */
export function guessRoles(trail: Trail, bot: Actor): void {
  const names = [
    'Admin',
    'Administrator',
    'OrgAdmin',
    'CrossAccountAdmin',
    'Deployment',
    'Terraform',
    'SecurityAudit',
    'PowerUser',
  ];
  trail.step(
    'B7',
    'Guesses roles of the member account',
    {
      'action.iam': 'sts:AssumeRole',
      'action.outcome': 'denied',
      'risk.score': { at_most: 39 },
    },
    ['role-guessing'],
  );
  for (const name of names) {
    assumeRoleDenied(trail, bot, { name, uniqueId: '', accountId: MEMBER }, { after: 1 });
  }
}
