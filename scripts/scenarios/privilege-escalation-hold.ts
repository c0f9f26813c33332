import { trailDelivery } from './background.ts';
import { MACHINES, ROLES } from './cast.ts';
import { BY_INTERN, GRAVE } from './highlights.ts';
import { assumeRole, createAccessKey, createLoginProfile } from './iam-calls.ts';
import { type Actor, MAIN, MEMBER, roleArn, session, user, withoutKey } from './identities.ts';
import type { Trail } from './trail.ts';

const POLICY = `arn:aws:iam::${MAIN}:policy/DevTeam`;

/** A8 to A12: another account, a key and a login there, and what covers them. */
export function enterMember(trail: Trail, admin: Actor): Actor {
  trail.wait(140);
  trail.step('A8', 'Steps into the other account', {
    ...BY_INTERN,
    'origin.chain_depth': 1,
    'issued.access_key_id': 'ASIAEXAMPLEORGACCESS',
    'issued.role_arn': roleArn(ROLES.memberAccess),
  });
  const issued = { name: 'x2', accessKeyId: 'ASIAEXAMPLEORGACCESS', creationDate: trail.now(20) };
  const call = { role: ROLES.memberAccess, sessionName: 'x2', accessKeyId: issued.accessKeyId };
  assumeRole(trail, admin, call, { after: 20 });
  const member = session(ROLES.memberAccess, issued, MACHINES.intruder);
  trail.step('A8', 'Steps into the other account', { ...BY_INTERN, 'origin.chain_depth': 2 });
  trail.call(member, 'sts:GetCallerIdentity', {
    after: 48,
    expect: { 'source_check.verdict': 'same_source' },
  });
  return member;
}

export function stayInMember(trail: Trail, member: Actor): void {
  trailDelivery(trail, MEMBER);
  const moved = { ...member, ...MACHINES.intruderServer };
  trail.step(
    'A9',
    'Makes a key for an administrator, from another machine',
    {
      ...GRAVE,
      ...BY_INTERN,
      'origin.chain_depth': 2,
      'threat.technique.subtechnique.id': 'T1098.001',
      'risk.categories': 'credentials_exposure',
      'source_check.verdict': 'different_source_and_client',
      'source_check.anomalous': true,
    },
    [
      'key-created-for-another-user',
      'credential-used-from-elsewhere',
      'permissions-changed-through-role-chain',
    ],
  );
  createAccessKey(trail, moved, 'backup-admin', 'AKIAEXAMPLEBACKUPADM', { after: 150 });
  const backup = user(
    'backup-admin',
    'AIDAEXAMPLEBACKUPADM1',
    'AKIAEXAMPLEBACKUPADM',
    MACHINES.intruderServer,
    MEMBER,
  );
  trail.step('A10', 'Gives that administrator a password, and signs in', BY_INTERN, [
    'login-profile-by-made-credential',
    'sign-in-with-made-login',
  ]);
  createLoginProfile(trail, backup, 'backup-admin', {
    after: 130,
    expect: { ...GRAVE, 'origin.join': 'created_key', 'threat.technique.id': 'T1098' },
  });
  trail.call({ ...withoutKey(backup), ...MACHINES.intruderBrowser }, 'signin:ConsoleLogin', {
    after: 210,
    eventType: 'AwsConsoleSignIn',
    readOnly: false,
    response: { ConsoleLogin: 'Success' },
    additional: {
      LoginTo: 'https://console.aws.amazon.com/console/home',
      MobileVersion: 'No',
      MFAUsed: 'No',
    },
    expect: {
      'origin.join': 'created_login',
      'action.mapping': 'not_an_api_call',
      'threat.technique.id': 'T1078',
    },
  });
  trail.step('A11', 'Blinds the account', { ...GRAVE, ...BY_INTERN, 'threat.technique.id': 'T1685' }, [
    'logging-disabled',
    'made-key-acts-gravely',
  ]);
  const trailArn = `arn:aws:cloudtrail:us-east-1:${MEMBER}:trail/example-trail-member`;
  const eventSelectors = [
    {
      readWriteType: 'ReadOnly',
      includeManagementEvents: false,
      dataResources: [],
      excludeManagementEventSources: [],
    },
  ];
  trail.call(backup, 'cloudtrail:PutEventSelectors', {
    after: 120,
    request: { trailName: trailArn, eventSelectors },
    response: { trailARN: trailArn, eventSelectors },
  });
  trail.call(backup, 'cloudtrail:StopLogging', { after: 14, request: { name: trailArn } });
}

export function coverTracks(trail: Trail, admin: Actor): void {
  trail.step('A12', 'Puts the old policy back', {
    ...BY_INTERN,
    'action.access_level': 'Permissions management',
  });
  trail.call(admin, 'iam:SetDefaultPolicyVersion', {
    after: 170,
    request: { policyArn: POLICY, versionId: 'v1' },
  });
  trail.step('A12', 'Deletes the evidence', { ...BY_INTERN, 'threat.technique.id': 'T1070' });
  trail.call(admin, 'iam:DeletePolicyVersion', {
    after: 12,
    request: { policyArn: POLICY, versionId: 'v2' },
  });
}
