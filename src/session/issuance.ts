import { isAccountId } from '../account-id.ts';
import { accountOfArn, isIdentityCenterRole, parseArn } from '../event/arn.ts';
import { type CloudTrailRecord, WITHHELD } from '../event/cloudtrail-record.ts';
import { arrayAt, isObject, type JsonObject, objectAt, own, textAt } from '../event/json.ts';
import { sessionKeyOf } from '../event/session-key.ts';
import {
  type Claim,
  type CredentialKind,
  type ExpiresBasis,
  type Issuance,
  type Requester,
  serviceAsking,
} from './claim.ts';
import { plainClaim } from './claim-of-record.ts';
import { hiddenSubject, isTemporaryKey } from './credential-key.ts';
import { instanceIdOf } from './describe-origin.ts';
import { parseExpiration } from './expiration.ts';
import { creation, signIn } from './made-credentials.ts';
import { LONGEST_LIFE } from './retention.ts';
import { arnAt, storedName } from './stored-text.ts';

/**
 * Only these services hand out temporary credentials, and only a call that succeeded does. Whoever can write
 * records of other services (a custom source in CloudTrail Lake, a forwarder) cannot invent an origin with them.
 */
export function issuanceOf(record: CloudTrailRecord): Issuance | undefined {
  if (record.eventTime === undefined || record.errorCode !== undefined) return undefined;
  switch (record.eventSource) {
    case 'sts.amazonaws.com':
    case 'eks-auth.amazonaws.com':
    case 'sso.amazonaws.com':
    case 'cognito-identity.amazonaws.com':
    case 'rolesanywhere.amazonaws.com':
      return stsIssuance(record, record.eventTime);
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
  /** Life of the credential where the record names none: STS API reference, DurationSeconds of each call. */
  readonly life: number;
}

export const ISSUING_CALLS = new Map<string, IssuingCall>([
  ['sts:AssumeRole', { kind: 'assumed_role', life: HOUR }],
  ['sts:AssumeRoleWithSAML', { kind: 'saml', life: HOUR }],
  ['sts:AssumeRoleWithWebIdentity', { kind: 'web_identity', life: HOUR }],
  ['eks-auth:AssumeRoleForPodIdentity', { kind: 'pod_identity', life: 6 * HOUR }],
  ['sso:GetRoleCredentials', { kind: 'identity_center', life: HOUR }],
  ['cognito-identity:GetCredentialsForIdentity', { kind: 'cognito_identity', life: HOUR }],
  ['rolesanywhere:CreateSession', { kind: 'roles_anywhere', life: HOUR }],
  ['sts:GetSessionToken', { kind: 'session_token', life: 12 * HOUR }],
  ['sts:GetFederationToken', { kind: 'federation_token', life: 12 * HOUR }],
  ['sts:GetDelegatedAccessToken', { kind: 'delegated_access', life: HOUR }],
  ['sts:AssumeRoot', { kind: 'assumed_root', life: HOUR / 4 }],
]);

/** The services that fetch a workload's role for it; its code then finds the key on the machine. */
const WORKLOAD_SERVICES = new Map<string, CredentialKind>([
  ['ec2.amazonaws.com', 'ec2_instance'],
  ['ecs-tasks.amazonaws.com', 'ecs_task'],
  ['lambda.amazonaws.com', 'lambda_function'],
  // CloudFront Developer Guide, "Set up IAM permissions and roles for Lambda@Edge": its roles trust both names.
  ['edgelambda.amazonaws.com', 'lambda_function'],
  // EKS calls AssumeRole for the pod; the record of its own AssumeRoleForPodIdentity holds no key.
  ['pods.eks.amazonaws.com', 'pod_identity'],
]);

function stsIssuance(record: CloudTrailRecord, time: number): Issuance | undefined {
  const action = `${record.eventSource?.slice(0, -'.amazonaws.com'.length)}:${record.eventName}`;
  const call = ISSUING_CALLS.get(action);
  const response = responseOf(record);
  const credentials = objectAt(response, 'credentials') ?? objectAt(response, 'roleCredentials');
  const accessKeyId = textAt(credentials, 'accessKeyId');
  if (call === undefined) return undefined;
  if (accessKeyId === undefined || accessKeyId === WITHHELD) return hiddenIssuance(record, time);
  if (!isTemporaryKey(accessKeyId)) return undefined;
  const holder = objectAt(response, 'assumedRoleUser') ?? objectAt(response, 'federatedUser');
  const holderArn = arnAt(holder, 'arn');
  const roleArn = roleArnOf(record.requestParameters);
  if (!isSameAccount(roleArn, holderArn)) return undefined;
  const plain = plainClaim(record, time, call.kind, action);
  const kind = kindOf(plain, roleArn, textAt(holder, 'assumedRoleId'));
  const expiry = expiryOf(credentials, record.requestParameters, time, lifeOf(call, kind, plain.requester));
  const told = textAt(response, 'sourceIdentity') ?? textAt(record.requestParameters, 'sourceIdentity');
  const claim: Claim = {
    ...plain,
    kind,
    session: sessionKeyOf(holderIdOf(holder, kind, plain.requester, roleArn), time),
    actsAs: storedName(roleArn ?? holderArn ?? arnAt(response, 'assumedPrincipal')),
    expiresAt: expiry.at,
    expiresBasis: expiry.basis,
    sourceIdentity: storedName(told) ?? plain.sourceIdentity,
  };
  return { subject: accessKeyId, claim };
}

/** An AssumeRole whose response is withheld: of what it issued only the role session and the second are known. */
function hiddenIssuance(record: CloudTrailRecord, time: number): Issuance | undefined {
  const role = arnAt(record.requestParameters, 'roleArn');
  const name = textAt(record.requestParameters, 'roleSessionName');
  const arn = role === undefined ? undefined : parseArn(role);
  if (arn === undefined || name === undefined || !arn.resource.startsWith('role/')) return undefined;
  const roleName = arn.resource.slice(arn.resource.lastIndexOf('/') + 1);
  const sessionArn = `arn:${arn.partition}:sts::${arn.account}:assumed-role/${roleName}/${name}`;
  const subject = hiddenSubject(sessionArn, time);
  if (subject === undefined) return undefined;
  return {
    subject,
    claim: plainClaim(record, time, 'assumed_role', `sts:${record.eventName}`),
  };
}

/** IAM Roles Anywhere API reference, CreateSession: a set of one, of STS's shape. */
function responseOf({ responseElements }: CloudTrailRecord): JsonObject | undefined {
  const first = arrayAt(responseElements, 'credentialSet')?.[0];
  return isObject(first) ? first : responseElements;
}

/** AssumeRoot names the account in `targetPrincipal`, as an ARN or by its digits. */
function roleArnOf(parameters: JsonObject | undefined): string | undefined {
  const role = arnAt(parameters, 'roleArn');
  if (role !== undefined) return role;
  const target = arnAt(parameters, 'targetPrincipal');
  return target !== undefined && isAccountId(target) ? `arn:aws:iam::${target}:root` : target;
}

function isSameAccount(roleArn: string | undefined, holderArn: string | undefined): boolean {
  if (roleArn === undefined || holderArn === undefined) return true;
  return accountOfArn(roleArn) === accountOfArn(holderArn);
}

/** @param plain the claim as far as any record gives it, of the kind that the call hands out */
function kindOf(plain: Claim, roleArn: string | undefined, holderId: string | undefined): CredentialKind {
  const { kind, requester } = plain;
  if (kind === 'assumed_role' && requester.type === 'AWSService') {
    const service = serviceAsking(plain) ?? '';
    // Systems Manager User Guide, "Default Host Management Configuration": the agent on the instance is given the key.
    if (service === 'ssm.amazonaws.com' && instanceIdOf(holderId) !== undefined) return 'ec2_instance';
    return WORKLOAD_SERVICES.get(service) ?? 'service_role';
  }
  return kind === 'saml' && isIdentityCenterRole(roleArn) ? 'identity_center' : kind;
}

/** The principal id that the credential's own events will show. EKS spells the field `assumeRoleId`. */
function holderIdOf(
  holder: JsonObject | undefined,
  kind: CredentialKind,
  requester: Requester,
  roleArn: string | undefined,
): string | undefined {
  if (kind === 'session_token') return requester.principalId;
  // CloudTrail User Guide, "userIdentity element": of a root user the principal id is the account.
  if (kind === 'assumed_root') return roleArn === undefined ? undefined : accountOfArn(roleArn);
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
  if (asked > 0 && asked * SECOND <= LONGEST_LIFE) return { at: time + asked * SECOND, basis: 'duration' };
  return { at: time + life, basis: 'default' };
}
