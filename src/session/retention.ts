import { LONGEST_KEPT } from '../shared-rows/longest-kept.ts';
import type { Claim } from './claim.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A credential is remembered for its life and a day; AWS lets none live longer than 36 hours. */
const GRACE = 24 * HOUR;
/** Of a credential (`GetSessionToken` of an IAM user), milliseconds. Source: STS API Reference. */
export const LONGEST_LIFE = 36 * HOUR;
const LONGEST_RETENTION = LONGEST_LIFE + GRACE;

/** How long the row of a session is kept after its last use: of what was issued for it nothing may be known. */
export const LONGEST_RETENTION_MINUTES = LONGEST_RETENTION / MINUTE;

/**
 * How long what a long-term key or a password was made with is remembered: those do not expire, and on Redis whoever
 * made them is kept as long.
 */
export const MADE_KEPT_MINUTES = LONGEST_KEPT / MINUTE;

/** How long a credential is remembered after its last use, in minutes of the service's clock. */
export function retentionMinutes(claim: Claim): number {
  const life = claim.expiresAt === undefined ? LONGEST_LIFE : claim.expiresAt - claim.time;
  return Math.ceil(Math.min(LONGEST_RETENTION, Math.max(0, life) + GRACE) / MINUTE);
}
