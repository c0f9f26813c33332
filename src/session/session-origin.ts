import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { textAt } from '../event/json.ts';
import type { Claim, CredentialKind, Requester } from './claim.ts';
import { type CredentialRef, isLongTermKey, isTemporary, sessionKeyOf } from './credential-key.ts';
import { hiddenSubjectOf } from './issuance.ts';
import {
  type FoundIssuance,
  findIssuance,
  findSignIn,
  type IssuanceJoin,
  type Lineage,
  lineageOf,
} from './lineage.ts';
import type { SessionFacts } from './session-facts.ts';
import type { SessionView } from './session-store.ts';
import { clientFamily } from './source-address.ts';

export type OriginStatus = 'found' | 'self_described' | 'inferred' | 'unknown' | 'not_applicable';
export type OriginJoin =
  | IssuanceJoin
  | 'in_scope_of'
  | 'instance_session'
  | 'on_behalf_of'
  | 'source_identity';
export type Confidence = 'high' | 'medium' | 'low';
export type UnknownReason =
  | 'warming_up'
  | 'not_seen'
  | 'delivered_by_service'
  | 'evicted'
  | 'response_hidden'
  | 'store_unavailable';

export interface CredentialFacts {
  readonly kind: CredentialKind;
  readonly accessKeyId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number | undefined;
  readonly expiresAt: number | undefined;
  readonly expiresBasis: Claim['expiresBasis'];
  readonly ageSeconds: number | undefined;
  readonly fromConsole: boolean;
}

export interface Origin {
  readonly status: OriginStatus;
  readonly join: OriginJoin | undefined;
  readonly confidence: Confidence | undefined;
  readonly reason: UnknownReason | undefined;
  readonly credential: CredentialFacts | undefined;
  /** The issuances from this credential's up to the root's; undefined where none was seen. */
  readonly lineage: Lineage | undefined;
  /** Who the event itself says holds the credential, where no issuance was seen. */
  readonly described: Partial<Requester> | undefined;
  readonly sourceIdentity: string | undefined;
  /** The use came after the expiry, within the time that clocks and long requests are allowed. */
  readonly late: boolean;
}

/** What an event's own words and the session's memory say; the cascade is in docs/session-origin.md. */
export function resolveOrigin(
  record: CloudTrailRecord,
  credential: CredentialRef,
  row: SessionFacts | undefined,
  view: SessionView,
): Origin {
  // 1-3, 7. An issuance was seen.
  const own = findIssuance(view, credential);
  if (own !== undefined) return foundOrigin(record, own, row, view);
  const identity = record.userIdentity;
  // 4. EC2 and Lambda put into the event what the credentials were delivered to.
  if (identity.inScopeOf !== undefined) return describedOrigin(record, row, scopeOrigin(record));
  // 5. EC2 names the session after the instance; ec2RoleDelivery is written only for keys from the metadata service.
  const instance = instanceIdOf(identity.principalId);
  if (identity.ec2RoleDelivery !== undefined || (instance !== undefined && isTemporary(identity))) {
    return describedOrigin(record, row, instanceOrigin(record, instance));
  }
  // 6. Trusted identity propagation: the event names the Identity Center user that the caller acts for.
  if (identity.onBehalfOfUserId !== undefined) return describedOrigin(record, row, onBehalfOrigin(record));
  if (!isTemporary(identity)) return ownOrigin(record);
  // 8. Source identity cannot be changed once set, along any chain of roles.
  if (identity.sourceIdentity !== undefined) {
    return describedOrigin(record, row, {
      status: 'self_described',
      join: 'source_identity',
      confidence: 'high',
    });
  }
  return unseenOrigin(record, credential, row, view);
}

/** Nobody was asked for these credentials: whoever signs with a long-term key, or with none, is their own origin. */
function ownOrigin(record: CloudTrailRecord): Origin {
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

const NOT_APPLICABLE: Origin = {
  status: 'not_applicable',
  join: undefined,
  confidence: undefined,
  reason: undefined,
  credential: undefined,
  lineage: undefined,
  described: undefined,
  sourceIdentity: undefined,
  late: false,
};

function foundOrigin(
  record: CloudTrailRecord,
  own: FoundIssuance,
  row: SessionFacts | undefined,
  view: SessionView,
): Origin {
  const identity = record.userIdentity;
  const origin = originOfIssuance(own, view, identity.accessKeyId, isConsole(record, row), record.eventTime);
  return identity.sourceIdentity === undefined
    ? origin
    : { ...origin, sourceIdentity: identity.sourceIdentity };
}

/** The origin of a credential of which the issuance was seen; `time` is that of its use, where it is about one. */
export function originOfIssuance(
  own: FoundIssuance,
  view: SessionView,
  accessKeyId: string | undefined,
  fromConsole: boolean,
  time: number | undefined,
): Origin {
  const lineage = lineageOf(view, own);
  const { claim } = own;
  return {
    status: 'found',
    join: own.join,
    confidence: lineage.conflict ? 'low' : own.isAmbiguous ? 'medium' : 'high',
    reason: undefined,
    credential: {
      kind: claim.kind,
      accessKeyId,
      issuedAt: claim.time,
      expiresAt: claim.expiresAt,
      expiresBasis: claim.expiresBasis,
      ageSeconds: time === undefined ? undefined : Math.round((time - claim.time) / 1000),
      fromConsole: fromConsole || own.join === 'signin_session',
    },
    lineage,
    described: undefined,
    sourceIdentity: sourceIdentityOf(lineage),
    late: time !== undefined && isLate(claim, time),
  };
}

function isLate(claim: Claim, time: number): boolean {
  return (
    claim.expiresAt !== undefined && time > claim.expiresAt && time <= claim.expiresAt + EXPIRY_TOLERANCE
  );
}

/** Milliseconds that a request may start or be recorded after its credential's expiry. */
export const EXPIRY_TOLERANCE = 300_000;

function sourceIdentityOf(lineage: Lineage): string | undefined {
  for (const { claim } of lineage.steps) if (claim.sourceIdentity !== undefined) return claim.sourceIdentity;
  return undefined;
}

interface Description {
  readonly status: OriginStatus;
  readonly join?: OriginJoin;
  readonly confidence?: Confidence;
  readonly reason?: UnknownReason;
  readonly kind?: CredentialKind;
  readonly described?: Partial<Requester>;
  readonly lineage?: Lineage;
}

function describedOrigin(
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
      accessKeyId: identity.accessKeyId,
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
    sourceIdentity: identity.sourceIdentity,
    late: false,
  };
}

function kindByIdentity(record: CloudTrailRecord, row: SessionFacts | undefined): CredentialKind {
  const identity = record.userIdentity;
  if (identity.sessionIssuer?.arn?.includes('/AWSReservedSSO_') === true) return 'identity_center';
  if (isConsole(record, row)) return 'console_session';
  if (identity.federatedProvider !== undefined) return 'web_identity';
  if (identity.type === 'FederatedUser') return 'federation_token';
  return identity.type === 'AssumedRole' ? 'assumed_role' : 'temporary';
}

export function isConsole(record: CloudTrailRecord, row: SessionFacts | undefined): boolean {
  return record.sessionCredentialFromConsole || row?.isConsole === true;
}

function scopeOrigin(record: CloudTrailRecord): Description {
  const scope = record.userIdentity.inScopeOf;
  const type = textAt(scope, 'issuerType');
  return {
    status: 'self_described',
    join: 'in_scope_of',
    confidence: 'high',
    reason: 'delivered_by_service',
    kind: scopeKind(type),
    described: {
      type,
      arn: textAt(scope, 'credentialsIssuedTo') ?? textAt(scope, 'sourceArn'),
      accountId: textAt(scope, 'sourceAccount') ?? record.userIdentity.accountId,
    },
  };
}

function scopeKind(issuerType: string | undefined): CredentialKind {
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

function instanceOrigin(record: CloudTrailRecord, instance: string | undefined): Description {
  const identity = record.userIdentity;
  const isDelivered = identity.ec2RoleDelivery !== undefined;
  const partition = identity.arn?.split(':', 2)[1] ?? 'aws';
  const canName =
    instance !== undefined && identity.accountId !== undefined && record.awsRegion !== undefined;
  return {
    status: isDelivered ? 'self_described' : 'inferred',
    join: 'instance_session',
    confidence: isDelivered ? 'high' : 'medium',
    reason: 'delivered_by_service',
    kind: 'ec2_instance',
    described: {
      type: 'AWSService',
      invokedBy: 'ec2.amazonaws.com',
      accountId: identity.accountId,
      arn: canName
        ? `arn:${partition}:ec2:${record.awsRegion}:${identity.accountId}:instance/${instance}`
        : undefined,
    },
  };
}

function onBehalfOrigin(record: CloudTrailRecord): Description {
  const identity = record.userIdentity;
  return {
    status: 'self_described',
    join: 'on_behalf_of',
    confidence: 'medium',
    described: {
      type: 'IdentityCenterUser',
      principalId: identity.onBehalfOfUserId,
      arn: identity.identityStoreArn,
      accountId: identity.accountId,
    },
  };
}

/** No issuance and no description: what the session's other events, or AWS's ways, still say. */
function unseenOrigin(
  record: CloudTrailRecord,
  credential: CredentialRef,
  row: SessionFacts | undefined,
  view: SessionView,
): Origin {
  const described = ownIdentity(record);
  if (isConsole(record, row)) {
    const signIn = findSignIn(view, credential);
    return describedOrigin(record, row, {
      status: record.sessionCredentialFromConsole ? 'self_described' : 'inferred',
      confidence: described === undefined && signIn === undefined ? 'medium' : 'high',
      ...(described && { described }),
      ...(signIn && { lineage: lineageOf(view, signIn) }),
    });
  }
  // A service that acts for a caller signs with a key of its own making, of which no record is written.
  if (record.userIdentity.invokedBy !== undefined) {
    return describedOrigin(record, row, {
      status: 'self_described',
      confidence: 'medium',
      reason: 'delivered_by_service',
      ...(described && { described }),
    });
  }
  const family = clientFamily(record.userAgent);
  if (family === 'browser' || family === 'console.amazonaws.com' || family === 'signin.amazonaws.com') {
    return describedOrigin(record, row, {
      status: 'inferred',
      confidence: 'low',
      kind: 'console_session',
      ...(described && { described }),
    });
  }
  return describedOrigin(record, row, {
    status: 'unknown',
    reason: unknownReason(record, credential, view),
    ...(described && { described }),
  });
}

/** GetSessionToken, the console and forwarded sessions leave a user or the root user who they were. */
function ownIdentity(record: CloudTrailRecord): Partial<Requester> | undefined {
  const { type, arn, principalId, accountId, invokedBy } = record.userIdentity;
  return type === 'IAMUser' || type === 'Root' ? { type, arn, principalId, accountId, invokedBy } : undefined;
}

function unknownReason(
  record: CloudTrailRecord,
  credential: CredentialRef,
  view: SessionView,
): UnknownReason {
  const identity = record.userIdentity;
  const session = sessionKeyOf(credential.principalId, credential.createdAt);
  const isEvicted = [credential.accessKeyId, session].some(
    (key) => key !== undefined && view.wasEvicted(key),
  );
  if (isEvicted) return 'evicted';
  if (!view.isComplete) return 'store_unavailable';
  if (isHidden(identity.arn, credential.createdAt, view)) return 'response_hidden';
  // IAM User Guide, "Service-linked roles": only the service can assume them, and it tells no one.
  if (identity.sessionIssuer?.arn?.includes(':role/aws-service-role/') === true)
    return 'delivered_by_service';
  const created = credential.createdAt ?? record.eventTime;
  return created !== undefined && created < view.earliestLearned ? 'warming_up' : 'not_seen';
}

function isHidden(arn: string | undefined, createdAt: number | undefined, view: SessionView): boolean {
  if (arn === undefined || createdAt === undefined) return false;
  for (let seconds = -2; seconds <= 2; seconds++) {
    const subject = hiddenSubjectOf(arn, createdAt + seconds * 1000);
    if (subject !== undefined && view.claims(subject) !== undefined) return true;
  }
  return false;
}
