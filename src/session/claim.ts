import { compareClaims } from './compare-claims.ts';

/** What kind of credential was handed out. docs/session-origin.md describes each. */
export type CredentialKind =
  | 'long_term_key'
  | 'login_profile'
  | 'assumed_role'
  | 'service_role'
  | 'saml'
  | 'web_identity'
  | 'pod_identity'
  | 'identity_center'
  | 'session_token'
  | 'federation_token'
  | 'assumed_root'
  | 'console_session'
  | 'ec2_instance'
  | 'ecs_task'
  | 'lambda_function'
  | 'temporary';

export type ExpiresBasis = 'response' | 'duration' | 'default';

/** Who asked for the credential. Enough of it is kept to find how the requester's own credential was issued. */
export interface Requester {
  readonly type: string | undefined;
  readonly arn: string | undefined;
  readonly principalId: string | undefined;
  readonly accountId: string | undefined;
  readonly accessKeyId: string | undefined;
  readonly invokedBy: string | undefined;
  readonly createdAt: number | undefined;
  readonly signInSessionArn: string | undefined;
}

/** Where a request came from, as CloudTrail says it. */
export interface Source {
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
  readonly vpcEndpointId: string | undefined;
  readonly vpcEndpointAccountId: string | undefined;
}

/**
 * One record's word on who was given a credential. These fields are all that is ever stored of the record: the
 * secrets beside them in `responseElements` are not read.
 */
export interface Claim {
  /** Milliseconds since the epoch: the issuance's eventTime. */
  readonly time: number;
  readonly eventId: string | undefined;
  readonly sharedEventId: string | undefined;
  readonly kind: CredentialKind;
  readonly action: string;
  /** The account whose trail recorded it. */
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  /** The session key of the credential's later events, where the record says whose they will be. */
  readonly session: string | undefined;
  /** ARN of the role, or of the identity, that the credential acts as. */
  readonly actsAs: string | undefined;
  readonly expiresAt: number | undefined;
  readonly expiresBasis: ExpiresBasis | undefined;
  readonly requester: Requester;
  readonly source: Source;
  readonly sourceIdentity: string | undefined;
}

/** A record that hands out a credential: what about, and what it says. */
export interface Issuance {
  /** The access key id, or what stands for a credential without one. */
  readonly subject: string;
  readonly claim: Claim;
}

/** More than the two that AWS writes for one cross-account issuance; beyond four the latest are dropped. */
const MOST_CLAIMS = 4;

/**
 * The union of the claims on one credential, of which the earliest four are kept. A union of sets is commutative,
 * associative and idempotent, and so is taking its smallest members: the order of arrival leaves no trace.
 */
export function withClaim(claims: readonly Claim[], added: Claim): readonly Claim[] {
  const at = claims.findIndex((claim) => compareClaims(added, claim) <= 0);
  if (at === -1) return claims.length < MOST_CLAIMS ? [...claims, added] : claims;
  const there = claims[at];
  if (there !== undefined && compareClaims(added, there) === 0) return claims;
  return [...claims.slice(0, at), added, ...claims.slice(at)].slice(0, MOST_CLAIMS);
}

/** What the claims on one credential amount to. */
export interface AgreedClaim {
  readonly claim: Claim;
  readonly conflict: boolean;
}

/**
 * The earliest claim decides. An AssumeRole across accounts is recorded twice, once in each account: the role
 * owner's record knows the caller only by account and principal id, so the record with the richer requester speaks
 * for both. Requesters that cannot be the same are a conflict.
 */
export function agreedClaim(claims: readonly Claim[]): AgreedClaim | undefined {
  const first = claims[0];
  if (first === undefined) return undefined;
  let richest = first;
  let conflict = false;
  for (let i = 1; i < claims.length; i++) {
    const other = claims[i] as Claim;
    if (!areCompatible(first, other)) conflict = true;
    else if (richness(other.requester) > richness(richest.requester)) richest = other;
  }
  return { claim: richest, conflict };
}

function areCompatible(a: Claim, b: Claim): boolean {
  if (a.sharedEventId !== undefined && a.sharedEventId === b.sharedEventId) return true;
  const x = a.requester;
  const y = b.requester;
  return (
    agree(x.accountId, y.accountId) &&
    agree(x.arn, y.arn) &&
    agree(x.principalId, y.principalId) &&
    agree(x.accessKeyId, y.accessKeyId) &&
    agree(x.invokedBy, y.invokedBy) &&
    (x.type === y.type || x.type === 'AWSAccount' || y.type === 'AWSAccount')
  );
}

function agree(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function richness(requester: Requester): number {
  return (
    (requester.type !== undefined && requester.type !== 'AWSAccount' ? 8 : 0) +
    (requester.arn !== undefined ? 4 : 0) +
    (requester.accessKeyId !== undefined ? 2 : 0) +
    (requester.principalId !== undefined ? 1 : 0)
  );
}
