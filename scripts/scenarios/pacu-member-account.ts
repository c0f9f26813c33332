import { configLooks, trailDelivery } from './background.ts';
import { MACHINES } from './cast.ts';
import { BY_BOT, GRAVE } from './highlights.ts';
import { createAccessKey, createLoginProfile } from './iam-calls.ts';
import { type Actor, MEMBER, machine, onBehalf, roleArn } from './identities.ts';
import type { Trail } from './trail.ts';

const region = 'eu-west-1';
const INSTANCE = 'i-0a1b2c3d4e5f60718';

/** B8 to B13: what Pacu's modules do with the session in the member account. */
export function actAsMember(trail: Trail, member: Actor, instance: Actor): void {
  backdoorUsers(trail, member);
  backdoorFunction(trail, member);
  takeMachines(trail, member, instance);
  copyDatabase(trail, member);
  disruptDetection(trail, member);
  takeData(trail, member);
}

function backdoorUsers(trail: Trail, member: Actor): void {
  trail.step(
    'B8',
    'Makes keys for other users',
    {
      ...GRAVE,
      ...BY_BOT,
      'threat.technique.subtechnique.id': 'T1098.001',
      'risk.categories': 'credentials_exposure',
    },
    ['key-created-for-another-user', 'random-session-name'],
  );
  for (const [index, name] of ['backup-admin', 'deployer', 'auditor'].entries()) {
    createAccessKey(trail, member, name, `AKIAEXAMPLEVICTIM00${index + 1}`, { after: 4 });
  }
  trail.step('B8', 'Gives a user a password', BY_BOT);
  trail.call(member, 'iam:GetAccountPasswordPolicy', {
    after: 45,
    expect: { 'action.access_level': 'Read' },
  });
  createLoginProfile(trail, member, 'deployer', {
    after: 2,
    expect: { ...GRAVE, 'threat.technique.id': 'T1098' },
  });
  configLooks(trail, `arn:aws:iam::${MEMBER}:policy/Deployers`);
}

function backdoorFunction(trail: Trail, member: Actor): void {
  const functionName = 'kx3fq8w1n0a7m2d';
  const role = roleArn({ name: 'admin-function', uniqueId: '', accountId: MEMBER });
  const arn = `arn:aws:lambda:us-east-1:${MEMBER}:function:${functionName}`;
  trail.step(
    'B9',
    'Plants a function that runs as an administrator',
    {
      'action.outcome': 'success',
      'risk.level': { any_of: ['medium', 'high', 'critical'] },
      ...BY_BOT,
      'action.iam': { all_of: ['lambda:CreateFunction', 'iam:PassRole'] },
      'risk.categories': 'privilege_escalation',
    },
    ['role-passed-to-new-code'],
  );
  trail.call(member, 'lambda:CreateFunction20150331', {
    after: 95,
    request: {
      functionName,
      runtime: 'python3.13',
      role,
      handler: 'lambda_function.lambda_handler',
      code: {},
      publish: false,
      packageType: 'Zip',
      timeout: 30,
    },
    response: {
      functionName,
      functionArn: arn,
      runtime: 'python3.13',
      role,
      handler: 'lambda_function.lambda_handler',
      codeSize: 1127,
      state: 'Pending',
      packageType: 'Zip',
    },
  });
  trail.step('B9', 'Lets new roles start it', BY_BOT);
  const name = 'h2v9s4k1';
  const ruleArn = `arn:aws:events:us-east-1:${MEMBER}:rule/${name}`;
  trail.call(member, 'events:PutRule', {
    request: {
      name,
      eventPattern: '{"source":["aws.iam"],"detail":{"eventName":["CreateRole"]}}',
      state: 'ENABLED',
    },
    response: { ruleArn },
  });
  trail.call(member, 'lambda:AddPermission20150331v2', {
    request: {
      functionName,
      statementId: name,
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      sourceArn: ruleArn,
    },
    expect: { 'action.iam': 'lambda:AddPermission', 'action.access_level': 'Permissions management' },
  });
  trail.call(member, 'events:PutTargets', {
    request: { rule: name, targets: [{ id: '0', arn }] },
    response: { failedEntryCount: 0, failedEntries: [] },
    expect: { 'threat.technique.id': { any_of: ['T1546', 'T1648'] } },
  });
}

function takeMachines(trail: Trail, member: Actor, instance: Actor): void {
  trailDelivery(trail, MEMBER);
  trail.step('B10', 'Changes what an instance starts with', BY_BOT);
  const set = { instancesSet: { items: [{ instanceId: INSTANCE }] } };
  trail.call(member, 'ec2:StopInstances', { region, after: 70, request: { ...set, force: false } });
  trail.call(member, 'ec2:ModifyInstanceAttribute', {
    region,
    after: 65,
    request: { instanceId: INSTANCE, userData: '<sensitiveDataRemoved>' },
    response: { _return: true },
    expect: { 'threat.technique.id': { any_of: ['T1037', 'T1059', 'T1578', 'T1651'] } },
  });
  trail.call(member, 'ec2:StartInstances', { region, request: set });
  trail.step('B10', 'Gives an instance another role', BY_BOT, ['role-passed-to-new-code']);
  trail.call(member, 'ec2:AssociateIamInstanceProfile', {
    region,
    after: 50,
    request: {
      AssociateIamInstanceProfileRequest: {
        InstanceId: INSTANCE,
        IamInstanceProfile: { Name: 'admin-machine' },
      },
    },
    expect: { 'action.iam': 'iam:PassRole' },
  });
  trail.step('B10', 'Runs a command on it', { ...GRAVE, ...BY_BOT, 'threat.technique.id': 'T1651' }, [
    'command-run-on-instances',
  ]);
  trail.call(member, 'ssm:SendCommand', {
    region,
    after: 35,
    request: {
      instanceIds: [INSTANCE],
      documentName: 'AWS-RunShellScript',
      parameters: 'HIDDEN_DUE_TO_SECURITY_REASONS',
    },
  });
  trail.step(
    'B10',
    "Uses the instance's credentials at home",
    {
      'source_check.anomalous': true,
      'source_check.severity': 'high',
      'source_check.verdict': 'workload_outside_aws',
      'risk.score': { at_least: 60 },
    },
    ['instance-credential-outside-aws'],
  );
  const home = machine(MACHINES.pacu.address, MACHINES.pacu.client, '1.2');
  trail.call({ ...instance, ...home }, 'sts:GetCallerIdentity', { region, after: 140 });
}

function copyDatabase(trail: Trail, member: Actor): void {
  trail.step('B11', 'Copies a database, and changes its password', BY_BOT, ['database-copied-and-opened']);
  const source = 'shop-orders';
  const copy = `${source}-copy`;
  trail.call(member, 'rds:CreateDBSnapshot', {
    region,
    after: 80,
    request: { dBInstanceIdentifier: source, dBSnapshotIdentifier: copy },
  });
  trail.call(member, 'rds:RestoreDBInstanceFromDBSnapshot', {
    region,
    after: 240,
    request: { dBInstanceIdentifier: copy, dBSnapshotIdentifier: copy, publiclyAccessible: true },
    expect: { 'threat.technique.id': { any_of: ['T1537', 'T1578', 'T1530'] } },
  });
  trail.noise();
  trail.call(onBehalf(member, 'rds.amazonaws.com'), 'kms:CreateGrant', {
    region,
    after: 2,
    request: { operations: ['Decrypt', 'GenerateDataKey'] },
    readOnly: false,
  });
  trail.step('B11', 'Copies a database, and changes its password', BY_BOT);
  trail.call(member, 'rds:ModifyDBInstance', {
    region,
    after: 300,
    request: {
      dBInstanceIdentifier: copy,
      masterUserPassword: 'HIDDEN_DUE_TO_SECURITY_REASONS',
      applyImmediately: true,
    },
  });
  trail.step('B11', 'Shares the snapshot with a stranger', {}, ['snapshot-shared']);
  trail.call(member, 'rds:ModifyDBSnapshotAttribute', {
    region,
    after: 40,
    request: { dBSnapshotIdentifier: copy, attributeName: 'restore', valuesToAdd: ['999988887777'] },
    expect: { ...BY_BOT, 'threat.technique.id': 'T1537', 'risk.categories': 'resource_exposure' },
  });
}

function disruptDetection(trail: Trail, member: Actor): void {
  const detectorId = '12abc34d567e8fa901bc2d34eexample';
  const blinding = { ...GRAVE, ...BY_BOT, 'threat.technique.id': 'T1685' };
  trail.step('B12', 'Blinds the account', blinding, ['logging-disabled']);
  trail.call(member, 'cloudtrail:StopLogging', {
    after: 110,
    request: { name: `arn:aws:cloudtrail:us-east-1:${MEMBER}:trail/example-trail-member` },
  });
  trail.call(member, 'guardduty:DeleteDetector', { region, after: 4, request: { detectorId } });
  trail.call(member, 'ec2:DeleteFlowLogs', {
    region,
    after: 4,
    request: { DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: 'fl-0a1b2c3d4e5f60718' } } },
  });
  trail.call(member, 'config:DeleteConfigurationRecorder', {
    region,
    after: 4,
    request: { configurationRecorderName: 'default' },
  });
  trail.step('B12', 'Tells GuardDuty to trust its address', { ...BY_BOT, 'threat.technique.id': 'T1685' }, [
    'detection-told-to-trust',
  ]);
  trail.call(member, 'guardduty:CreateIPSet', {
    region: 'us-east-1',
    after: 14,
    request: {
      detectorId,
      name: 'office',
      format: 'TXT',
      location: 's3://example-bucket/office.txt',
      activate: true,
    },
    response: { ipSetId: '0cb0141ab9fbde177613ab9436212e90' },
  });
}

function takeData(trail: Trail, member: Actor): void {
  const bucketName = 'example-shop-exports';
  trail.step('B13', 'Downloads the exports', {
    ...BY_BOT,
    'threat.technique.id': 'T1530',
    'action.access_level': 'Read',
  });
  for (const key of ['orders-2026-09.csv', 'orders-2026-10.csv', 'orders-2026-11.csv']) {
    trail.call(member, 's3:GetObject', {
      region,
      after: 3,
      isDataEvent: true,
      request: { bucketName, key, Host: `${bucketName}.s3.${region}.amazonaws.com` },
      additional: {
        SignatureVersion: 'SigV4',
        AuthenticationMethod: 'AuthHeader',
        bytesTransferredIn: 0,
        bytesTransferredOut: 1_048_576,
      },
      resources: [
        { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucketName}/${key}` },
        { accountId: MEMBER, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucketName}` },
      ],
      host: `${bucketName}.s3.${region}.amazonaws.com`,
    });
  }
  trail.step(
    'B13',
    'Opens the bucket to everyone, for the rest',
    { ...GRAVE, ...BY_BOT, 'policy.kind': 'resource', 'policy.public': true },
    ['resource-opened-to-everyone'],
  );
  trail.call(member, 's3:PutBucketPolicy', {
    region,
    after: 60,
    request: {
      bucketName,
      Host: `${bucketName}.s3.${region}.amazonaws.com`,
      policy: '',
      bucketPolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 's3:GetObject',
            Resource: `arn:aws:s3:::${bucketName}/*`,
          },
        ],
      },
    },
    host: `${bucketName}.s3.${region}.amazonaws.com`,
  });
}
