import { describe, expect, test } from 'vitest';
import { analyzeCloudsplaining } from '../../../src/policy/cloudsplaining/analyze-cloudsplaining.ts';
import { allow, analyze, analyzer, findingsOf, policy } from '../analyzer.ts';

const { escalations, credentialActions, exfiltrationActions } = analyzer.tables.policies;

describe('a published way to gain rights', () => {
  test.each(escalations)('$method is found where its actions alone are allowed', ({ method, actions }) => {
    const found = findingsOf(analyze(policy(allow(actions))));
    expect(found.some((finding) => finding.startsWith(`privilege_escalation:${method} `))).toBe(true);
  });

  test.each(escalations.filter(({ passedTo }) => passedTo !== undefined))(
    '$method is not found where its role can be passed to another service only',
    ({ method, actions }) => {
      const Condition = { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } };
      const others = actions.filter((action) => action !== 'iam:passrole');
      const document = policy(allow('iam:PassRole', '*', { Condition }), allow(others));
      const found = findingsOf(analyze(document));
      expect(found.filter((finding) => finding.startsWith(`privilege_escalation:${method} `))).toEqual([]);
    },
  );

  test('names, of its own actions, those that are enough on a resource of any name', () => {
    for (const { actions, anyName = [] } of escalations)
      expect(actions).toEqual(expect.arrayContaining(anyName.flat()));
  });

  test.each([
    'ssm:SendCommand',
    'ssm:StartSession',
    'codebuild:StartBuild',
    'codebuild:StartBuildBatch',
    'cloudformation:UpdateStack',
    'apprunner:UpdateService',
    'lambda:UpdateFunctionConfiguration',
    'sso:CreateAccountAssignment',
    'identitystore:CreateGroupMembership',
    'elasticmapreduce:AddJobFlowSteps',
    'ssm:CreateAssociation',
    'iam:DeleteUserPermissionsBoundary',
    'iam:DeleteRolePermissionsBoundary',
    'iam:PutUserPermissionsBoundary',
    'iam:PutRolePermissionsBoundary',
    'iam:UpdateSAMLProvider',
    'sagemaker:CreatePresignedDomainUrl',
    'sagemaker:StartSession',
    'ecs:ExecuteCommand',
    'ec2-instance-connect:SendSSHPublicKey',
    'ssm:CreateAssociationBatch',
    'ssm:UpdateMaintenanceWindowTask',
    'ssm:RegisterTaskWithMaintenanceWindow',
    'codebuild:StartSandboxConnection',
    'codebuild:StartCommandExecution',
    'rolesanywhere:UpdateTrustAnchor',
  ])('needs no more than %s', (action) => {
    expect(analyze(policy(allow(action))).categories).toContain('privilege_escalation');
  });
});

test.each([
  ['looks up tasks, in which it runs no command', ['ecs:DescribeTasks', 'ecs:ListTasks']],
  ['changes an association that it may not look at, which AWS refuses', ['ssm:UpdateAssociation']],
  ['sets up a window, without a task', ['ssm:CreateMaintenanceWindow', 'ssm:UpdateMaintenanceWindow']],
  ['starts a sandbox, which nobody enters', ['codebuild:StartSandbox', 'codebuild:BatchGetSandboxes']],
  [
    'trusts an authority without a role behind it',
    ['rolesanywhere:CreateTrustAnchor', 'rolesanywhere:CreateProfile'],
  ],
  ['lists domains of SageMaker', ['sagemaker:ListDomains', 'sagemaker:DescribeDomain']],
])('whoever %s gains nothing', (_, actions) => {
  expect(analyze(policy(allow(actions))).categories).not.toContain('privilege_escalation');
});

test('an association that is looked at and changed runs what the caller likes', () => {
  const found = findingsOf(analyze(policy(allow(['ssm:DescribeAssociation', 'ssm:UpdateAssociation']))));
  expect(found).toContain('privilege_escalation:ChangeExistingAssociation high');
});

test('an action of IAM, IAM Identity Center or its directory that alone gains rights is told to be an escalation as a call', () => {
  const alone = escalations.filter(({ actions }) => actions.length === 1).flatMap(({ actions }) => actions);
  for (const id of alone.filter((action) => /^(?:iam|sso|identitystore):/.test(action)))
    expect([id, categoriesOf(id)]).toEqual([id, expect.arrayContaining(['privilege_escalation'])]);
});

function categoriesOf(id: string): readonly string[] {
  const action = analyzer.tables.actions.named(id);
  return action === undefined ? [] : analyzer.tables.risks.of(action).categories;
}

test('mode cloudsplaining counts the methods of Cloudsplaining only', () => {
  const answer = analyzeCloudsplaining(policy(allow('*')), analyzer.cloudsplaining);
  expect(answer).toHaveProperty('privilegeEscalation.length', 59);
});

describe('an action that is a risk of itself', () => {
  test.each(credentialActions.filter(({ modes }) => modes.includes('effective')))(
    '$action exposes credentials',
    ({ action }) => {
      expect(analyze(policy(allow(action))).categories).toContain('credentials_exposure');
    },
  );

  test.each(exfiltrationActions.filter(({ modes }) => modes.includes('effective')))(
    '$action reads data out',
    ({ action }) => {
      expect(analyze(policy(allow(action))).categories).toContain('data_exfiltration');
    },
  );

  test.each(['sts:AssumeRoot', 'datazone:GetEnvironmentCredentials'])(
    '%s is among those of credentials',
    (action) => {
      expect(analyze(policy(allow(action))).categories).toContain('credentials_exposure');
    },
  );

  test.each(['s3:GetDataAccess', 'ssm:GetAccessToken', 'sts:GetWebIdentityToken'])(
    '%s gives the caller what was granted to it, or a proof of itself, and no credentials of others',
    (action) => {
      expect(analyze(policy(allow(action))).categories).not.toContain('credentials_exposure');
    },
  );

  test.each([
    's3:GetDataAccess',
    'sqs:ReceiveMessage',
    'kinesis:GetRecords',
    's3tables:GetTableData',
    'logs:GetLogEvents',
    'es:ESHttpGet',
    'aoss:APIAccessAll',
    'kafka-cluster:ReadData',
    'mediastore:GetObject',
    's3express:CreateSession',
    's3-outposts:GetObjectVersion',
    'dax:Scan',
    'dax:BatchGetItem',
  ])('%s is among those of data', (action) => {
    expect(analyze(policy(allow(action))).categories).toContain('data_exfiltration');
  });
  test.each(['s3express:ListAllMyDirectoryBuckets', 'dax:DescribeClusters', 's3-outposts:ListBucket'])(
    '%s is not',
    (action) => {
      expect(analyze(policy(allow(action))).categories).not.toContain('data_exfiltration');
    },
  );
});
