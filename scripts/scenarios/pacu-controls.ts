import { MACHINES, ROLES } from './cast.ts';
import type { Expected } from './expectation.ts';
import { NO_ALARM, NOT_HIGH } from './highlights.ts';
import { createLoginProfile, policyText } from './iam-calls.ts';
import { type Actor, MAIN, MEMBER, roleArn, service, session, user } from './identities.ts';
import { Trail } from './trail.ts';

const region = 'eu-west-1';

/** What a run of Pacu resembles: an inventory, a deployment, a night's backup, an administrator's morning. */
export function pacuControls(): { trail: Trail; expected: Omit<Expected, 'steps'> } {
  const trail = new Trail('pacu-controls', '2026-11-18T05:30:00Z');
  inventory(trail);
  deployment(trail);
  operations(trail);
  const title = 'Everyday work that looks like a run of Pacu';
  return { trail, expected: { scenario: 'pacu-controls', title, controls: true } };
}

function inventory(trail: Trail): void {
  const detail = { name: 'inventory', accessKeyId: 'ASIAEXAMPLEINVENTORY', creationDate: trail.now() };
  const collector = session(ROLES.prodReadOnly, detail, MACHINES.inventory);
  trail.step('BC1', 'An inventory in two regions, at its usual pace', NO_ALARM);
  for (const place of ['eu-west-1', 'eu-central-1']) {
    for (const call of [
      'ec2:DescribeInstances',
      'rds:DescribeDBInstances',
      'lambda:ListFunctions20150331',
      's3:ListBuckets',
    ]) {
      trail.call(collector, call, { region: place, after: 40 });
    }
  }
}

function deployment(trail: Trail): void {
  const runner = deployer(trail);
  const role = roleArn(ROLES.shopFunction);
  trail.step('BC2', 'A deployment updates its function', { 'risk.score': { at_most: 89 } });
  trail.call(runner, 'lambda:UpdateFunctionConfiguration20150331v2', {
    region,
    after: 200,
    request: { functionName: 'shop-checkout', timeout: 20 },
  });
  trail.call(runner, 'lambda:GetFunction20150331v2', { region, request: { functionName: 'shop-checkout' } });
  trail.call(runner, 'iam:GetRole', { request: { roleName: 'shop-function' } });
  trail.step('BC2', 'A role for a service only', { 'risk.score': { at_most: 89 } });
  trail.call(runner, 'iam:UpdateAssumeRolePolicy', {
    after: 8,
    request: {
      roleName: 'shop-function',
      policyDocument: policyText({
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    },
  });
  trail.step('BC2', 'The function reads its own secret', {});
  const detail = { name: 'shop-checkout', accessKeyId: 'ASIAEXAMPLESHOPFUNCT', creationDate: trail.now() };
  trail.call(
    session(ROLES.shopFunction, detail, { ...MACHINES.inventory, address: '10.20.30.50' }),
    'kms:Decrypt',
    { region, after: 30 },
  );
  trail.call(runner, 'iam:TagRole', {
    request: { roleName: 'shop-function', tags: [{ key: 'release', value: '128' }] },
    expect: { 'action.access_level': 'Tagging' },
  });
  trail.step('BC2', 'CloudFormation checks a role that it was given', NOT_HIGH);
  trail.call(service('cloudformation.amazonaws.com'), 'iam:GetRole', {
    request: { roleName: role.split('/').at(-1) },
  });
}

function deployer(trail: Trail): Actor {
  const detail = { name: 'release-128', accessKeyId: 'ASIAEXAMPLEDEPLOYRUN', creationDate: trail.now() };
  return session(ROLES.deploy, detail, MACHINES.runner);
}

function operations(trail: Trail): void {
  const operator = user('sam', 'AIDAEXAMPLEOPERATOR01', 'AKIAEXAMPLEOPERATOR1', MACHINES.office);
  const set = { instancesSet: { items: [{ instanceId: 'i-0a1b2c3d4e5f60720' }] } };
  trail.step('BC3', 'An instance is restarted', NOT_HIGH);
  trail.call(operator, 'ec2:StopInstances', { region, after: 500, request: { ...set, force: false } });
  trail.call(operator, 'ec2:StartInstances', { region, after: 90, request: set });
  trail.step('BC3', 'A snapshot is made for the night', NOT_HIGH);
  trail.call(service('backup.amazonaws.com'), 'rds:CreateDBSnapshot', {
    region,
    after: 30,
    request: { dBInstanceIdentifier: 'shop-orders', dBSnapshotIdentifier: 'nightly' },
  });
  trail.step('BC4', 'A new colleague gets a password', { 'risk.score': { at_most: 89 } });
  createLoginProfile(trail, operator, 'kim', { after: 700 });
  trail.step('BC4', 'A mistyped role', { 'action.outcome': 'denied', 'risk.score': { at_most: 39 } });
  trail.call(operator, 'sts:AssumeRole', {
    after: 60,
    error: 'AccessDenied',
    message: `User: ${operator.identity['arn']} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${MEMBER}:role/Suport`,
  });
  trail.step('BC4', 'An alarm is silenced for the maintenance', NOT_HIGH);
  trail.call(operator, 'monitoring:DisableAlarmActions', {
    region,
    after: 20,
    request: { alarmNames: [`shop-${MAIN}-latency`] },
  });
}
