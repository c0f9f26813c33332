import { MACHINES, ROLES } from './cast.ts';
import type { Expected } from './expectation.ts';
import { NO_ALARM, QUIET } from './highlights.ts';
import { assumeRole, createAccessKey, denied, EVERYTHING, policyText } from './iam-calls.ts';
import { MAIN, MEMBER, service, session, user } from './identities.ts';
import { englishTime, Trail } from './trail.ts';

/** The same calls as in the escalation, by those whose work they are. */
export function privilegeEscalationControls(): { trail: Trail; expected: Omit<Expected, 'steps'> } {
  const trail = new Trail('privilege-escalation-controls', '2026-11-17T08:00:00Z');
  hourlyRoles(trail);
  policiesInSteps(trail);
  ownKey(trail);
  const title = 'Everyday work that looks like the escalation';
  return { trail, expected: { scenario: 'privilege-escalation-controls', title, controls: true } };
}

function hourlyRoles(trail: Trail): void {
  const runner = user('scheduler', 'AIDAEXAMPLESCHEDULER1', 'AKIAEXAMPLESCHEDULER', MACHINES.inventory);
  for (const hour of [1, 2, 3]) {
    trail.step('AC1', 'A service assumes its role at the hour', NO_ALARM);
    const key = `ASIAEXAMPLENIGHTLY0${hour}`;
    const creationDate = trail.now(1);
    const call = { role: ROLES.nightlyBackup, sessionName: 'nightly', accessKeyId: key };
    assumeRole(trail, service('lambda.amazonaws.com'), call, { after: 1 });
    trail.step('AC1', 'A scheduler assumes a role at the hour', QUIET);
    const automation = `ASIAEXAMPLEOPSAUTO0${hour}`;
    const issuedAt = trail.now(2);
    const chained = { role: ROLES.opsAutomation, sessionName: `job-${hour}`, accessKeyId: automation };
    assumeRole(trail, runner, chained, { after: 2 });
    trail.step('AC1', 'Both do their work', NO_ALARM);
    const backup = { name: 'nightly', accessKeyId: key, creationDate };
    trail.call(
      session(ROLES.nightlyBackup, backup, { ...MACHINES.inventory, address: '10.20.30.60' }),
      'ec2:DescribeVolumes',
      {
        after: 5,
        region: 'eu-west-1',
      },
    );
    const job = { name: `job-${hour}`, accessKeyId: automation, creationDate: issuedAt };
    trail.call(session(ROLES.opsAutomation, job, MACHINES.inventory), 'rds:DescribeDBInstances', {
      after: 3,
      region: 'eu-west-1',
    });
    trail.wait(3600 - 11);
  }
}

function policiesInSteps(trail: Trail): void {
  const creationDate = trail.now();
  const detail = {
    name: 'maria@example.com',
    accessKeyId: 'ASIAEXAMPLEPLATFORMA',
    creationDate,
    fromMfa: true,
  };
  const platform = session(ROLES.platformAdmin, detail, MACHINES.office);
  const newVersion = (name: string, policyDocument: string, setAsDefault: boolean) => ({
    after: 90,
    request: { policyArn: `arn:aws:iam::${MAIN}:policy/${name}`, policyDocument, setAsDefault },
    response: {
      policyVersion: {
        versionId: 'v2',
        isDefaultVersion: setAsDefault,
        createDate: englishTime(trail.now(90)),
      },
    },
  });
  trail.step('AC2', 'A harmless document', { ...NO_ALARM, 'policy.admin': false });
  const reading = policyText({
    Sid: 'ReadTheCatalogue',
    Effect: 'Allow',
    Action: ['dynamodb:DescribeTable', 'cloudwatch:GetMetricData'],
    Resource: `arn:aws:dynamodb:eu-west-1:${MAIN}:table/catalogue`,
  });
  trail.call(platform, 'iam:CreatePolicyVersion', newVersion('Support', reading, true));
  trail.step('AC3', 'A grave document that is not put in force', {
    'policy.admin': true,
    'policy.effective_now': false,
    'risk.score': { at_most: 39 },
  });
  trail.call(platform, 'iam:CreatePolicyVersion', newVersion('BreakGlass', EVERYTHING, false));
  trail.step(
    'AC3',
    'The same document, put in force',
    { 'policy.admin': true, 'policy.effective_now': true, 'risk.score': { at_least: 70 } },
    ['admin-policy-in-force'],
  );
  trail.call(platform, 'iam:SetDefaultPolicyVersion', {
    after: 600,
    request: { policyArn: `arn:aws:iam::${MAIN}:policy/BreakGlass`, versionId: 'v2' },
  });
}

function ownKey(trail: Trail): void {
  const developer = user('lee', 'AIDAEXAMPLEDEVELOPER1', 'AKIAEXAMPLEDEVELOPER', MACHINES.office);
  trail.step('AC4', 'A policy that may not be put', {
    'action.outcome': 'denied',
    'risk.score': { at_most: 39 },
  });
  denied(trail, developer, 'iam:PutUserPolicy', 'user lee', { after: 120 });
  trail.step('AC5', 'A user renews its own key', { 'risk.score': { at_most: 89 } });
  createAccessKey(trail, developer, 'lee', 'AKIAEXAMPLEDEVELOP02', { after: 300 });
  trail.step('AC6', 'A role is opened to a service, and to an account of the same owner', {
    'risk.score': { at_most: 89 },
  });
  trail.call(developer, 'iam:UpdateAssumeRolePolicy', {
    after: 240,
    request: {
      roleName: 'shop-function',
      policyDocument: policyText({
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    },
  });
  trail.step('AC7', 'A role of the organisation, stepped into from the same machine', NO_ALARM);
  const issuedAt = trail.now(60);
  const call = { role: ROLES.memberAccess, sessionName: 'lee', accessKeyId: 'ASIAEXAMPLELEEMEMBER' };
  assumeRole(trail, developer, call, { after: 60 });
  const detail = { name: 'lee', accessKeyId: 'ASIAEXAMPLELEEMEMBER', creationDate: issuedAt };
  trail.call(session(ROLES.memberAccess, detail, MACHINES.office), 'ec2:DescribeInstances', {
    after: 30,
    accountId: MEMBER,
    region: 'eu-west-1',
  });
}
