import { isOfSdk } from './client-family.ts';

/** What kind of credential was handed out. docs/session-origin.md describes each. */
export const CREDENTIAL_KINDS = [
  'long_term_key',
  'login_profile',
  'assumed_role',
  'service_role',
  'saml',
  'web_identity',
  'cognito_identity',
  'roles_anywhere',
  'pod_identity',
  'identity_center',
  'session_token',
  'federation_token',
  'assumed_root',
  'delegated_access',
  'console_session',
  'ec2_instance',
  'ecs_task',
  'lambda_function',
  'temporary',
] as const;

export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

export const EXPIRES_BASES = ['response', 'duration', 'default'] as const;

export type ExpiresBasis = (typeof EXPIRES_BASES)[number];

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
  /** What AWS says that it handed the requester's own credential to: `AWS::Lambda::Function`, and its ARN. */
  readonly scopeType: string | undefined;
  readonly scopeArn: string | undefined;
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

/**
 * Whether AWS's own servers may hold the issued key and hand on another: Identity Center, the console, a service. A
 * program that asks with a long-term key, with another's token or with a certificate is given the very key that the
 * record shows.
 */
export function mayBeHandedOn({ kind, requester }: Claim): boolean {
  if (kind === 'assumed_role') return requester.accessKeyId?.startsWith('AKIA') !== true;
  return !ASKED_BY_PROGRAMS.has(kind);
}

/**
 * Whether, outside the console, another key of the same session than the one issued is surely another issuance's,
 * which is still to come. An SDK or the command line uses what it is given, with whatever key it asked; AWS's own
 * servers have an SDK too, and say who they are (`AWS Signin, aws-internal/3 aws-sdk-java/1.12 ...`).
 */
export function isUsedByItsAsker(claim: Claim): boolean {
  if (!mayBeHandedOn(claim)) return true;
  const { userAgent } = claim.source;
  if (claim.kind !== 'assumed_role' || userAgent === undefined) return false;
  return (
    claim.requester.invokedBy === undefined && isOfSdk(userAgent) && !userAgent.includes('aws-internal/')
  );
}

const ASKED_BY_PROGRAMS: ReadonlySet<CredentialKind> = new Set<CredentialKind>([
  'web_identity',
  'cognito_identity',
  'roles_anywhere',
  'pod_identity',
  'delegated_access',
]);

/** The service that asked for itself, by its name in every partition: in China's it ends in `.cn`. */
export function serviceAsking({
  requester,
  source,
}: Pick<Claim, 'requester' | 'source'>): string | undefined {
  const service = requester.invokedBy ?? source.address;
  return service?.endsWith('.cn') === true ? service.slice(0, -'.cn'.length) : service;
}

/** A record that hands out a credential: what about, and what it says. */
export interface Issuance {
  /** The access key id, or what stands for a credential without one. */
  readonly subject: string;
  readonly claim: Claim;
}
