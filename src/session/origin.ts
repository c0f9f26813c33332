import type { Claim, CredentialKind, Requester } from './claim.ts';
import { ISSUANCE_JOINS, type Lineage } from './lineage.ts';

/** docs/session-origin.md, "The cascade", says what each of these values means. */
export const ORIGIN_STATUSES = ['found', 'self_described', 'inferred', 'unknown', 'not_applicable'] as const;
export const ORIGIN_JOINS = [
  ...ISSUANCE_JOINS,
  'in_scope_of',
  'instance_session',
  'on_behalf_of',
  'source_identity',
] as const;
export const ORIGIN_CONFIDENCES = ['high', 'medium', 'low'] as const;
export const UNKNOWN_REASONS = [
  'warming_up',
  'not_seen',
  'delivered_by_service',
  'evicted',
  'response_hidden',
  'store_unavailable',
] as const;

export type OriginStatus = (typeof ORIGIN_STATUSES)[number];
export type OriginJoin = (typeof ORIGIN_JOINS)[number];
export type OriginConfidence = (typeof ORIGIN_CONFIDENCES)[number];
export type UnknownReason = (typeof UNKNOWN_REASONS)[number];

interface CredentialFacts {
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
  readonly confidence: OriginConfidence | undefined;
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

export const NOT_APPLICABLE: Origin = {
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

/** Milliseconds that a request may start or be recorded after its credential's expiry. */
export const EXPIRY_TOLERANCE = 300_000;
