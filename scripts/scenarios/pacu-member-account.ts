import { configLooks, trailDelivery } from './background.ts';
import { MACHINES } from './cast.ts';
import { BY_BOT, GRAVE } from './highlights.ts';
import { createAccessKey, createLoginProfile } from './iam-calls.ts';
import { type Actor, MEMBER, machine, roleArn } from './identities.ts';
import { copyDatabase, disruptDetection, takeData } from './pacu-damage.ts';
import type { Trail } from './trail.ts';

const region = 'eu-west-1';
const INSTANCE = 'i-0a1b2c3d4e5f60718';

/**
 * B8 to B13, the last three of them in pacu-damage.ts: what Pacu's modules do with the session in the member account.
 */
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
