import { isIdentityCenterRole } from '../event/arn.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { textAt } from '../event/json.ts';
import type { CredentialKind, Requester } from './claim.ts';
import { requesterOf, scopeOf } from './claim-of-record.ts';
import { isConsole } from './console-use.ts';
import { isLongTermKey } from './credential-key.ts';
import type { Lineage } from './lineage.ts';
import {
  NOT_APPLICABLE,
  type Origin,
  type OriginConfidence,
  type OriginJoin,
  type OriginStatus,
  type UnknownReason,
} from './origin.ts';
import type { SessionFacts } from './session-facts.ts';
import { storedId, storedName } from './stored-text.ts';

/** What an event says itself of whose credentials it was made with. */
export interface Description {
  readonly status: OriginStatus;
  readonly join?: OriginJoin | undefined;
  readonly confidence?: OriginConfidence | undefined;
  readonly reason?: UnknownReason | undefined;
  readonly kind?: CredentialKind | undefined;
  readonly described?: Partial<Requester> | undefined;
  readonly lineage?: Lineage | undefined;
}

export function describedOrigin(
  record: CloudTrailRecord,
  row: SessionFacts | undefined,
  description: Description,
): Origin {
  const identity = record.userIdentity;
  const created = identity.sessionCreationDate;
  return {
    status: description.status,
    join: description.join,
    confidence: description.confidence,
    reason: description.reason,
    credential: {
      kind: description.kind ?? kindByIdentity(record, row),
      accessKeyId: storedId(identity.accessKeyId),
      issuedAt: created,
      expiresAt: undefined,
      expiresBasis: undefined,
      ageSeconds:
        created === undefined || record.eventTime === undefined
          ? undefined
          : Math.round((record.eventTime - created) / 1000),
      fromConsole: isConsole(record, row),
    },
    lineage: description.lineage,
    described: description.described,
    sourceIdentity: storedName(identity.sourceIdentity),
    late: false,
  };
}

function kindByIdentity(record: CloudTrailRecord, row: SessionFacts | undefined): CredentialKind {
  const identity = record.userIdentity;
  if (isIdentityCenterRole(identity.sessionIssuer?.arn)) return 'identity_center';
  if (isConsole(record, row)) return 'console_session';
  if (identity.federatedProvider !== undefined) return 'web_identity';
  if (identity.type === 'FederatedUser') return 'federation_token';
  return identity.type === 'AssumedRole' ? 'assumed_role' : 'temporary';
}

export function scopeOrigin(record: CloudTrailRecord): Description {
  const scope = record.userIdentity.inScopeOf;
  const { scopeType, scopeArn } = scopeOf(scope);
  return {
    status: 'self_described',
    join: 'in_scope_of',
    confidence: 'high',
    reason: 'delivered_by_service',
    kind: scopeKind(scopeType),
    described: {
      type: scopeType,
      arn: scopeArn,
      accountId: storedId(textAt(scope, 'sourceAccount') ?? record.userIdentity.accountId),
    },
  };
}

/** @param issuerType the `issuerType` of `inScopeOf` */
export function scopeKind(issuerType: string | undefined): CredentialKind {
  if (issuerType === undefined) return 'service_role';
  if (issuerType.startsWith('AWS::EC2::')) return 'ec2_instance';
  if (issuerType.startsWith('AWS::Lambda::')) return 'lambda_function';
  return issuerType.startsWith('AWS::ECS::') ? 'ecs_task' : 'service_role';
}

const INSTANCE = /^i-[0-9a-f]{8,17}$/;

export function instanceIdOf(principalId: string | undefined): string | undefined {
  if (principalId === undefined) return undefined;
  const name = principalId.slice(principalId.indexOf(':') + 1);
  return name.length <= 19 && name.startsWith('i-') && INSTANCE.test(name) ? name : undefined;
}

/** What is told of every session that an instance was given. */
export const INSTANCE_SESSION = {
  join: 'instance_session',
  reason: 'delivered_by_service',
  kind: 'ec2_instance',
} as const;
export const EC2 = { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' } as const;

export function instanceOrigin(record: CloudTrailRecord, instance: string | undefined): Description {
  const identity = record.userIdentity;
  const isDelivered = identity.ec2RoleDelivery !== undefined;
  return {
    status: isDelivered ? 'self_described' : 'inferred',
    confidence: isDelivered ? 'high' : 'medium',
    ...INSTANCE_SESSION,
    described: {
      ...EC2,
      accountId: storedId(identity.accountId),
      // The session's: the event has the Region of the call, in which an instance of that id need not be.
      arn: instance === undefined ? undefined : storedName(identity.arn),
    },
  };
}

export function onBehalfOrigin(record: CloudTrailRecord): Description {
  const identity = record.userIdentity;
  return {
    status: 'self_described',
    join: 'on_behalf_of',
    confidence: 'medium',
    described: {
      type: 'IdentityCenterUser',
      principalId: storedId(identity.onBehalfOfUserId),
      arn: storedName(identity.identityStoreArn),
      accountId: storedId(identity.accountId),
    },
  };
}

/** Nobody was asked for these credentials: whoever signs with a long-term key, or with none, is their own origin. */
export function ownOrigin(record: CloudTrailRecord): Origin {
  const { accessKeyId } = record.userIdentity;
  const described = ownIdentity(record);
  if (described === undefined) return NOT_APPLICABLE;
  if (!isLongTermKey(accessKeyId)) return { ...NOT_APPLICABLE, described };
  return {
    ...NOT_APPLICABLE,
    credential: {
      kind: 'long_term_key',
      accessKeyId,
      issuedAt: undefined,
      expiresAt: undefined,
      expiresBasis: undefined,
      ageSeconds: undefined,
      fromConsole: false,
    },
    described: { ...described, accessKeyId },
  };
}

/** GetSessionToken, the console and forwarded sessions leave a user or the root user who they were. */
export function ownIdentity(record: CloudTrailRecord): Partial<Requester> | undefined {
  const { type, arn, principalId, accountId, invokedBy } = requesterOf(record);
  return type === 'IAMUser' || type === 'Root' ? { type, arn, principalId, accountId, invokedBy } : undefined;
}
