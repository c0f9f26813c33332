import type { Claim } from './claim.ts';
import type { SessionFacts } from './session-facts.ts';

/** A row of a snapshot: what it is, its key, and what the store keeps of it. Times are minutes of the service's clock. */
export type StoredRow =
  | readonly ['earliest', number | null]
  | readonly ['claims', string, owner: string, keepUntil: number, isProtected: boolean, readonly Claim[]]
  | readonly ['session', string, owner: string, keepUntil: number, isProtected: boolean, SessionFacts]
  | readonly ['creator', string, readonly Claim[]]
  | readonly ['key', string, session: string]
  | readonly ['evicted', string];

/** Those of `StoredRow` that the store has in cells. */
export type StoredClaims = StoredRow & { 0: 'claims' };
export type StoredSession = StoredRow & { 0: 'session' };
