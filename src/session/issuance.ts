import { accountOfArn, parseArn } from '../event/arn.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { type JsonObject, objectAt, own, textAt } from '../event/json.ts';
import type { Claim, CredentialKind, ExpiresBasis, Requester, Source } from './claim.ts';
import {
  consoleSubject,
  isLongTermKey,
  isTemporaryKey,
  loginSubject,
  sessionKeyOf,
  signInSubject,
} from './credential-key.ts';
import { parseExpiration } from './expiration.ts';

/** A record that hands out a credential: what about, and what it says. */
export interface Issuance {
  /** The access key id, or what stands for a credential without one. */
  readonly subject: string;
  readonly claim: Claim;
}

/**
 * Only these three services hand out temporary credentials, and only a call that succeeded does. Whoever can write
 * records of other services (a custom source in CloudTrail Lake, a forwarder) cannot invent an origin with them.
 */
export function issuanceOf(record: CloudTrailRecord): Issuance | undefined {
  if (record.eventTime === undefined || record.errorCode !== undefined) return undefined;
  switch (record.eventSource) {
    case 'sts.amazonaws.com':
      return stsIssuance(record, record.eventTime);
    case 'eks-auth.amazonaws.com':
      return record.eventName === 'AssumeRoleForPodIdentity'
        ? stsIssuance(record, record.eventTime)
        : undefined;
    case 'sso.amazonaws.com':
      return record.eventName === 'GetRoleCredentials' ? stsIssuance(record, record.eventTime) : undefined;
    case 'iam.amazonaws.com':
      return creation(record, record.eventTime);
    case 'signin.amazonaws.com':
      return signIn(record, record.eventTime);
    default:
      return undefined;
  }
}

const SECOND = 1000;
const HOUR = 3600 * SECOND;

interface IssuingCall {
  readonly kind: CredentialKind;
  /** Life of the credential where the call names none: STS API reference, DurationSeconds of each call. */
  readonly life: number;
}

const ISSUING_CALLS = new Map<string, IssuingCall>([
  ['AssumeRole', { kind: 'assumed_role', life: HOUR }],
  ['AssumeRoleWithSAML', { kind: 'saml', life: HOUR }],
  ['AssumeRoleWithWebIdentity', { kind: 'web_identity', life: HOUR }],
  ['AssumeRoleForPodIdentity', { kind: 'pod_identity', life: 6 * HOUR }],
  ['GetRoleCredentials', { kind: 'identity_center', life: HOUR }],
  ['GetSessionToken', { kind: 'session_token', life: 12 * HOUR }],
  ['GetFederationToken', { kind: 'federation_token', life: 12 * HOUR }],
  ['AssumeRoot', { kind: 'assumed_root', life: HOUR / 4 }],
]);

/** The services that fetch a workload's role for it; its code then finds the key on the machine. */
const WORKLOAD_SERVICES = new Map<string, CredentialKind>([
  ['ec2.amazonaws.com', 'ec2_instance'],
  ['ecs-tasks.amazonaws.com', 'ecs_task'],
  ['lambda.amazonaws.com', 'lambda_function'],
]);

function stsIssuance(record: CloudTrailRecord, time: number): Issuance | undefined {
  const call = ISSUING_CALLS.get(record.eventName ?? '');
  const response = record.responseElements;
  const credentials = objectAt(response, 'credentials') ?? objectAt(response, 'roleCredentials');
  const accessKeyId = textAt(credentials, 'accessKeyId');
  if (call === undefined) return undefined;
  if (accessKeyId === undefined) return hiddenIssuance(record, time);
  if (!isTemporaryKey(accessKeyId)) return undefined;
  const holder = objectAt(response, 'assumedRoleUser') ?? objectAt(response, 'federatedUser');
  const holderArn = textAt(holder, 'arn');
  const roleArn = roleArnOf(record.requestParameters);
  if (!isSameAccount(roleArn, holderArn)) return undefined;
  const requester = requesterOf(record);
  const kind = kindOf(call.kind, record, requester, roleArn);
  const holderId = holderIdOf(holder, kind, requester);
  const expiry = expiryOf(credentials, record.requestParameters, time, lifeOf(call, kind, requester));
  const claim: Claim = {
    time,
    eventId: record.eventId,
    sharedEventId: record.sharedEventId,
    kind,
    action: `${record.eventSource?.slice(0, -'.amazonaws.com'.length)}:${record.eventName}`,
    accountId: record.recipientAccountId,
    region: record.awsRegion,
    session: sessionKeyOf(holderId, time),
    actsAs: roleArn ?? holderArn,
    expiresAt: expiry.at,
    expiresBasis: expiry.basis,
    requester,
    source: sourceOf(record),
    sourceIdentity:
      textAt(response, 'sourceIdentity') ??
      textAt(record.requestParameters, 'sourceIdentity') ??
      record.userIdentity.sourceIdentity,
  };
  return { subject: accessKeyId, claim };
}

/** AssumeRoot names the account in `targetPrincipal`, as an ARN or by its digits. */
function roleArnOf(parameters: JsonObject | undefined): string | undefined {
  const role = textAt(parameters, 'roleArn');
  if (role !== undefined) return role;
  const target = textAt(parameters, 'targetPrincipal');
  return target !== undefined && /^\d{12}$/.test(target) ? `arn:aws:iam::${target}:root` : target;
}

function isSameAccount(roleArn: string | undefined, holderArn: string | undefined): boolean {
  if (roleArn === undefined || holderArn === undefined) return true;
  return accountOfArn(roleArn) === accountOfArn(holderArn);
}

function kindOf(
  kind: CredentialKind,
  record: CloudTrailRecord,
  requester: Requester,
  roleArn: string | undefined,
): CredentialKind {
  if (kind === 'assumed_role' && requester.type === 'AWSService') {
    return WORKLOAD_SERVICES.get(requester.invokedBy ?? record.sourceIpAddress ?? '') ?? 'service_role';
  }
  // IAM Identity Center User Guide: the roles it makes in member accounts are all named AWSReservedSSO_...
  return kind === 'saml' && roleArn?.includes('/AWSReservedSSO_') === true ? 'identity_center' : kind;
}

/** The principal id that the credential's own events will show. EKS spells the field `assumeRoleId`. */
function holderIdOf(
  holder: JsonObject | undefined,
  kind: CredentialKind,
  requester: Requester,
): string | undefined {
  if (kind === 'session_token') return requester.principalId;
  return (
    textAt(holder, 'assumedRoleId') ?? textAt(holder, 'assumeRoleId') ?? textAt(holder, 'federatedUserId')
  );
}

function lifeOf(call: IssuingCall, kind: CredentialKind, requester: Requester): number {
  if (kind === 'ec2_instance') return 6 * HOUR;
  const isRoot = requester.type === 'Root' && (kind === 'session_token' || kind === 'federation_token');
  return isRoot ? HOUR : call.life;
}

function expiryOf(
  credentials: JsonObject | undefined,
  parameters: JsonObject | undefined,
  time: number,
  life: number,
): { at: number; basis: ExpiresBasis } {
  const told = credentials === undefined ? undefined : parseExpiration(own(credentials, 'expiration'));
  if (told !== undefined) return { at: told, basis: 'response' };
  const asked = Number(parameters === undefined ? undefined : own(parameters, 'durationSeconds'));
  if (asked > 0 && asked <= 36 * 3600) return { at: time + asked * SECOND, basis: 'duration' };
  return { at: time + life, basis: 'default' };
}

export function requesterOf(record: CloudTrailRecord): Requester {
  const identity = record.userIdentity;
  return {
    type: identity.type,
    arn: identity.arn,
    principalId: identity.principalId,
    accountId: identity.accountId,
    accessKeyId: identity.accessKeyId,
    invokedBy: identity.invokedBy,
    createdAt: identity.sessionCreationDate,
    signInSessionArn: identity.signInSessionArn,
  };
}

export function sourceOf(record: CloudTrailRecord): Source {
  return {
    address: record.sourceIpAddress,
    userAgent: record.userAgent,
    vpcEndpointId: record.vpcEndpointId,
    vpcEndpointAccountId: record.vpcEndpointAccountId,
  };
}

/** A long-term key or a console password: whoever made it can use it, so its maker is its origin. */
function creation(record: CloudTrailRecord, time: number): Issuance | undefined {
  if (record.eventName === 'CreateAccessKey') {
    const accessKeyId = textAt(objectAt(record.responseElements, 'accessKey'), 'accessKeyId');
    if (!isLongTermKey(accessKeyId)) return undefined;
    return {
      subject: accessKeyId,
      claim: plainClaim(record, time, 'long_term_key', 'iam:CreateAccessKey'),
    };
  }
  if (record.eventName !== 'CreateLoginProfile') return undefined;
  const userName =
    textAt(objectAt(record.responseElements, 'loginProfile'), 'userName') ??
    textAt(record.requestParameters, 'userName');
  const subject = loginSubject(record.recipientAccountId ?? record.userIdentity.accountId, userName);
  if (subject === undefined) return undefined;
  return {
    subject,
    claim: plainClaim(record, time, 'login_profile', 'iam:CreateLoginProfile'),
  };
}

/** A sign-in hands out no key that a record shows; what ties it to its session is the session's ARN, or the second of its creation. */
function signIn(record: CloudTrailRecord, time: number): Issuance | undefined {
  const outcome = textAt(record.responseElements, record.eventName ?? '');
  if (outcome === 'Failure') return undefined;
  const claim = plainClaim(record, time, 'console_session', `signin:${record.eventName}`);
  const session = signInSubject(record.userIdentity.signInSessionArn);
  if (session !== undefined) return { subject: session, claim };
  if (record.eventName !== 'ConsoleLogin' && record.eventName !== 'SwitchRole') return undefined;
  const key = sessionKeyOf(record.userIdentity.principalId, time);
  return key === undefined ? undefined : { subject: consoleSubject(key), claim };
}

function plainClaim(record: CloudTrailRecord, time: number, kind: CredentialKind, action: string): Claim {
  return {
    time,
    eventId: record.eventId,
    sharedEventId: record.sharedEventId,
    kind,
    action,
    accountId: record.recipientAccountId,
    region: record.awsRegion,
    session: undefined,
    actsAs: undefined,
    expiresAt: undefined,
    expiresBasis: undefined,
    requester: requesterOf(record),
    source: sourceOf(record),
    sourceIdentity: record.userIdentity.sourceIdentity,
  };
}

/** An AssumeRole whose response is withheld: of what it issued only the role session and the second are known. */
function hiddenIssuance(record: CloudTrailRecord, time: number): Issuance | undefined {
  const role = textAt(record.requestParameters, 'roleArn');
  const name = textAt(record.requestParameters, 'roleSessionName');
  const arn = role === undefined ? undefined : parseArn(role);
  if (arn === undefined || name === undefined || !arn.resource.startsWith('role/')) return undefined;
  const roleName = arn.resource.slice(arn.resource.lastIndexOf('/') + 1);
  const sessionArn = `arn:${arn.partition}:sts::${arn.account}:assumed-role/${roleName}/${name}`;
  const subject = hiddenSubjectOf(sessionArn, time);
  if (subject === undefined) return undefined;
  return {
    subject,
    claim: plainClaim(record, time, 'assumed_role', `sts:${record.eventName}`),
  };
}

export function hiddenSubjectOf(sessionArn: string | undefined, time: number): string | undefined {
  if (sessionArn === undefined || sessionArn.length > 512) return undefined;
  return `hidden:${sessionArn}@${Math.floor(time / 1000)}`;
}
