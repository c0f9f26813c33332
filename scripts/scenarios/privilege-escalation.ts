import { configLooks, instanceAtWork, trailDelivery } from './background.ts';
import { MACHINES, ROLES } from './cast.ts';
import type { Expected } from './expectation.ts';
import { BY_INTERN, GRAVE, INTERN, QUIET } from './highlights.ts';
import { assumeRole, denied, EVERYTHING, policyText } from './iam-calls.ts';
import { type Actor, MAIN, roleArn, STRANGER, session, user } from './identities.ts';
import { coverTracks, enterMember, stayInMember } from './privilege-escalation-hold.ts';
import { englishTime, Trail } from './trail.ts';

const POLICY = `arn:aws:iam::${MAIN}:policy/DevTeam`;
/** An intern's leaked key becomes administrator of two accounts, and covers its tracks. */
export function privilegeEscalation(): { trail: Trail; expected: Omit<Expected, 'steps'> } {
  const trail = new Trail('privilege-escalation', '2026-11-17T09:02:11Z');
  const intern = user('dev-intern', 'AIDAEXAMPLEDEVINTERN1', 'AKIAIOSFODNN7EXAMPLE', MACHINES.intruder);
  lookAround(trail, intern);
  takeRights(trail, intern);
  const admin = becomeProdAdmin(trail, intern);
  const member = enterMember(trail, admin);
  stayInMember(trail, member);
  coverTracks(trail, admin);
  const title = "Privilege escalation from an intern's leaked key";
  return { trail, expected: { scenario: 'privilege-escalation', title, controls: false, root: INTERN } };
}

function lookAround(trail: Trail, intern: Actor): void {
  trailDelivery(trail);
  trail.step('A1', 'Asks whose key it is', {
    ...QUIET,
    'action.access_level': 'Read',
    'threat.tactic.id': 'TA0007',
  });
  trail.call(intern, 'sts:GetCallerIdentity', { after: 12 });
  trail.step(
    'A2',
    'Looks for its own rights',
    {
      ...QUIET,
      'action.access_level': { any_of: ['List', 'Read'] },
      'threat.tactic.id': 'TA0007',
    },
    ['enumeration-burst'],
  );
  const userName = 'dev-intern';
  trail.call(intern, 'iam:ListAttachedUserPolicies', { request: { userName }, after: 41 });
  trail.call(intern, 'iam:ListUserPolicies', { request: { userName } });
  trail.call(intern, 'iam:ListGroupsForUser', { request: { userName } });
  trail.call(intern, 'iam:ListPolicies', { request: { scope: 'Local', onlyAttached: false } });
  for (const name of [
    'DevTeam',
    'Billing',
    'DataLake',
    'Support',
    'Pipeline',
    'Audit',
    'Network',
    'Backup',
  ]) {
    const policyArn = `arn:aws:iam::${MAIN}:policy/${name}`;
    trail.call(intern, 'iam:GetPolicy', { request: { policyArn } });
    trail.call(intern, 'iam:GetPolicyVersion', { request: { policyArn, versionId: 'v1' } });
  }
  trail.call(intern, 'iam:ListRoles', { after: 9 });
  trail.call(intern, 'iam:ListUsers');
  trail.step('A3', 'Is not allowed to make a user', {
    'action.iam': 'iam:CreateUser',
    'action.outcome': 'denied',
    'threat.technique.subtechnique.id': 'T1136.003',
    'risk.score': { at_most: 39 },
  });
  denied(trail, intern, 'iam:CreateUser', `arn:aws:iam::${MAIN}:user/support-2`, { after: 75 });
}

function takeRights(trail: Trail, intern: Actor): void {
  trail.step(
    'A4',
    'Rewrites the policy that it holds',
    {
      ...GRAVE,
      'action.access_level': 'Permissions management',
      'risk.level': 'critical',
      'risk.categories': 'privilege_escalation',
      'threat.technique.id': 'T1098',
      'policy.admin': true,
      'policy.effective_now': true,
      'policy.categories': {
        all_of: ['privilege_escalation', 'resource_exposure', 'data_exfiltration', 'credentials_exposure'],
      },
    },
    ['admin-policy-in-force'],
  );
  trail.call(intern, 'iam:CreatePolicyVersion', {
    after: 190,
    request: { policyArn: POLICY, policyDocument: EVERYTHING, setAsDefault: true },
    response: {
      policyVersion: { versionId: 'v2', isDefaultVersion: true, createDate: englishTime(trail.now(190)) },
    },
  });
  configLooks(trail, POLICY);
  trailDelivery(trail);
  trail.step(
    'A5',
    'Makes a role trust itself, and a stranger',
    {
      ...GRAVE,
      'action.access_level': 'Permissions management',
      'risk.level': 'critical',
      'threat.technique.id': 'T1098',
      'policy.kind': 'trust',
      'policy.external_accounts': STRANGER,
    },
    ['role-trusts-another-account'],
  );
  trail.call(intern, 'iam:UpdateAssumeRolePolicy', {
    after: 160,
    request: {
      roleName: 'ProdAdmin',
      policyDocument: policyText({
        Effect: 'Allow',
        Principal: { AWS: [INTERN, `arn:aws:iam::${STRANGER}:root`] },
        Action: 'sts:AssumeRole',
      }),
    },
  });
}

function becomeProdAdmin(trail: Trail, intern: Actor): Actor {
  trail.wait(100);
  trail.step('A6', 'Becomes the administrator of production', {
    'action.iam': 'sts:AssumeRole',
    'action.outcome': 'success',
    'threat.technique.id': { any_of: ['T1078', 'T1550'] },
    'issued.access_key_id': 'ASIAEXAMPLEPRODADMIN',
    'issued.role_arn': roleArn(ROLES.prodAdmin),
  });
  const issued = { name: 'x', accessKeyId: 'ASIAEXAMPLEPRODADMIN', creationDate: trail.now(30) };
  assumeRole(
    trail,
    intern,
    { role: ROLES.prodAdmin, sessionName: 'x', accessKeyId: issued.accessKeyId },
    { after: 30 },
  );
  const admin = session(ROLES.prodAdmin, issued, MACHINES.intruder);
  trail.step('A7', "Attaches AWS's own administrator policy to itself", {
    ...GRAVE,
    ...BY_INTERN,
    'origin.chain_depth': 1,
    'source_check.verdict': 'same_source',
    'action.access_level': 'Permissions management',
  });
  trail.call(admin, 'iam:PutRolePolicy', {
    after: 95,
    request: { roleName: 'ProdAdmin', policyName: 'ops', policyDocument: EVERYTHING },
    expect: { 'risk.level': 'critical', 'policy.admin': true },
  });
  trail.step(
    'A7',
    "Attaches AWS's own administrator policy to itself",
    {
      ...GRAVE,
      ...BY_INTERN,
      'risk.level': 'critical',
      'policy.admin': true,
      'policy.arn': 'arn:aws:iam::aws:policy/AdministratorAccess',
    },
    ['admin-policy-attached'],
  );
  trail.call(admin, 'iam:AttachUserPolicy', {
    after: 33,
    request: { userName: 'dev-intern', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
  });
  instanceAtWork(trail, 'ASIAEXAMPLEWEBSERVER');
  return admin;
}
