import type { JsonObject } from '../../src/event/json.ts';
import { type Actor, type Role, roleArn, stranger } from './identities.ts';
import { type CallOptions, englishTime, type Trail } from './trail.ts';

/** A policy as IAM records it: the JSON text that was sent. */
export function policyText(...statements: readonly JsonObject[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

export const EVERYTHING = policyText({ Effect: 'Allow', Action: '*', Resource: '*' });

export function deniedMessage(actor: Actor, action: string, resource: string): string {
  return `User: ${actor.identity['arn']} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
}

export interface AssumeRoleCall {
  readonly role: Role;
  readonly sessionName: string;
  readonly accessKeyId: string;
  readonly durationSeconds?: number;
}

/**
 * AssumeRole of a role. One in another account is recorded in both, under one sharedEventID; the owner's account sees
 * only the caller's unique id and account, and its record is written a little apart.
 */
export function assumeRole(
  trail: Trail,
  actor: Actor,
  call: AssumeRoleCall,
  options: CallOptions = {},
): string {
  const after = options.after ?? 5;
  const { role, sessionName, accessKeyId, durationSeconds } = call;
  const granted: CallOptions = {
    ...options,
    after,
    request: {
      roleArn: roleArn(role),
      roleSessionName: sessionName,
      ...(durationSeconds && { durationSeconds }),
    },
    response: {
      credentials: {
        accessKeyId,
        sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLETOKEN',
        expiration: englishTime(trail.now(after), durationSeconds ?? 3600),
      },
      assumedRoleUser: {
        assumedRoleId: `${role.uniqueId}:${sessionName}`,
        arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${sessionName}`,
      },
    },
    resources: [{ accountId: role.accountId, type: 'AWS::IAM::Role', ARN: roleArn(role) }],
  };
  if (role.accountId === actor.accountId) return trail.call(actor, 'sts:AssumeRole', granted);
  const sharedEventId = trail.uuid(`shared ${accessKeyId}`);
  const { expect: _, ...twin } = granted;
  const eventId = trail.call(actor, 'sts:AssumeRole', { ...granted, sharedEventId });
  // The owner's record names a role's session by its principal id alone: temporary, and no more is known of it.
  const status = actor.identity['type'] === 'AssumedRole' ? 'unknown' : 'not_applicable';
  trail.call(stranger(actor), 'sts:AssumeRole', {
    ...twin,
    expectOnly: { 'issued.access_key_id': accessKeyId, 'origin.status': status },
    after: 0,
    sharedEventId,
    accountId: role.accountId,
  });
  return eventId;
}

/** A role that may not be assumed; only the caller's account hears of it. */
export function assumeRoleDenied(trail: Trail, actor: Actor, role: Role, options: CallOptions = {}): string {
  const message = `User: ${actor.identity['arn']} is not authorized to perform: sts:AssumeRole on resource: ${roleArn(role)}`;
  return trail.call(actor, 'sts:AssumeRole', { ...options, error: 'AccessDenied', message });
}

export function createAccessKey(
  trail: Trail,
  actor: Actor,
  userName: string,
  accessKeyId: string,
  options: CallOptions = {},
): string {
  const after = options.after ?? 6;
  const createDate = englishTime(trail.now(after));
  return trail.call(actor, 'iam:CreateAccessKey', {
    ...options,
    after,
    request: { userName },
    response: { accessKey: { userName, accessKeyId, status: 'Active', createDate } },
  });
}

export function createLoginProfile(
  trail: Trail,
  actor: Actor,
  userName: string,
  options: CallOptions = {},
): string {
  const after = options.after ?? 6;
  const createDate = englishTime(trail.now(after));
  return trail.call(actor, 'iam:CreateLoginProfile', {
    ...options,
    after,
    request: { userName, passwordResetRequired: false },
    response: { loginProfile: { userName, createDate, passwordResetRequired: false } },
  });
}

/** A denied call of IAM: neither request nor response is recorded. */
export function denied(
  trail: Trail,
  actor: Actor,
  action: string,
  resource: string,
  options: CallOptions = {},
): string {
  const message = deniedMessage(actor, action, resource);
  return trail.call(actor, action, { ...options, error: 'AccessDenied', message });
}
