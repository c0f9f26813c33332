import { LRUCache } from 'lru-cache';
import { type Claim, withClaim } from './claim.ts';
import { isLongTermKey } from './credential-key.ts';
import type { Issuance } from './issuance.ts';
import { Kept, SegmentedRows } from './segmented-rows.ts';
import { emptySession, MOST_ISSUED, type SessionRow, withText } from './session-row.ts';
import type { SessionExchange, SessionStore, SessionView } from './session-store.ts';
import { addPending, mergeUse, principalOf, type Use } from './use.ts';

export interface MemoryStoreLimits {
  /** Credentials, and as many sessions. */
  readonly maxSessions: number;
}

const HOUR = 3_600_000;
/** A credential is remembered for its life and a day; AWS lets none live longer than 36 hours. */
const GRACE = 24 * HOUR;
const LONGEST_LIFE = 36 * HOUR;
const LONGEST_RETENTION = 61 * HOUR;

/** The memory of one process. It answers at once, so that the way of an event has nothing to wait for. */
export class MemoryStore implements SessionStore, SessionView {
  readonly isComplete = true;
  readonly #claims: SegmentedRows<readonly Claim[]>;
  readonly #sessions: SegmentedRows<SessionRow>;
  /** Makers of long-term keys and of passwords: these do not expire. */
  readonly #creators: LRUCache<string, readonly Claim[]>;
  readonly #sessionOfKey: LRUCache<string, string>;
  readonly #evicted: LRUCache<string, true>;
  #evictions = 0;
  #earliestLearned = Number.POSITIVE_INFINITY;
  #now = 0;

  constructor(limits: MemoryStoreLimits) {
    const most = Math.max(10, limits.maxSessions);
    const onEvict = (key: string): void => {
      this.#evictions++;
      this.#evicted.set(key, true);
    };
    this.#claims = new SegmentedRows({ most, onEvict });
    this.#sessions = new SegmentedRows({ most, onEvict });
    this.#creators = new LRUCache({ max: most });
    this.#sessionOfKey = new LRUCache({ max: most });
    this.#evicted = new LRUCache({ max: Math.max(1000, most >> 2) });
  }

  get earliestLearned(): number {
    return this.#earliestLearned;
  }

  /** For metrics. */
  get entries(): number {
    return this.#claims.size + this.#sessions.size + this.#creators.size;
  }

  get evictions(): number {
    return this.#evictions;
  }

  exchange(exchange: SessionExchange): SessionView {
    this.#now = exchange.now;
    if (exchange.learnedTime !== undefined) {
      if (exchange.learnedTime < this.#earliestLearned) this.#earliestLearned = exchange.learnedTime;
      if (exchange.issuance !== undefined) this.#learnIssuance(exchange.issuance);
      if (exchange.use !== undefined) this.#learnUse(exchange.use);
    }
    return this;
  }

  claims(subject: string): readonly Claim[] | undefined {
    return this.#claims.get(subject, this.#now)?.row ?? this.#creators.get(subject);
  }

  session(key: string): SessionRow | undefined {
    return this.#sessions.get(key, this.#now)?.row;
  }

  sessionOfKey(accessKeyId: string): string | undefined {
    return this.#sessionOfKey.get(accessKeyId);
  }

  wasEvicted(key: string): boolean {
    return this.#evicted.has(key);
  }

  #learnIssuance(issuance: Issuance): void {
    const { subject, claim, sessionKey } = issuance;
    if (isLongTermKey(subject) || claim.kind === 'login_profile') {
      this.#creators.set(subject, withClaim(this.#creators.get(subject) ?? [], claim));
      return;
    }
    const { requester } = claim;
    const owner =
      requester.invokedBy ?? principalOf(requester.principalId, requester.arn, requester.accountId);
    const keepUntil = this.#now + retention(claim);
    const kept = this.#claims.get(subject, this.#now);
    if (kept === undefined)
      this.#claims.add(new Kept<readonly Claim[]>(subject, [claim], owner, keepUntil), this.#now);
    else {
      kept.row = withClaim(kept.row, claim);
      if (keepUntil > kept.keepUntil) kept.keepUntil = keepUntil;
    }
    if (sessionKey === undefined) return;
    const row = this.#sessionRow(sessionKey, owner, keepUntil).row;
    row.issued = withText(row.issued, subject, MOST_ISSUED);
  }

  #learnUse(use: Use): void {
    const keepUntil = this.#now + LONGEST_RETENTION;
    const claims = use.accessKeyId === undefined ? undefined : this.#claims.get(use.accessKeyId, this.#now);
    // Where the requester is known the row counts for them: two callers of one role do not share a quota.
    const kept = this.#sessionRow(use.session, claims?.owner ?? use.principal, keepUntil);
    this.#sessions.promote(kept);
    mergeUse(kept.row, use);
    if (claims !== undefined) {
      this.#claims.promote(claims);
      return;
    }
    if (use.accessKeyId !== undefined && use.accessKeyId.length <= 128) {
      this.#sessionOfKey.set(use.accessKeyId, kept.key);
    }
    for (const subject of kept.row.issued) {
      const issued = this.#claims.get(subject, this.#now);
      if (issued !== undefined) this.#claims.promote(issued);
    }
    if (kept.row.issued.length === 0) addPending(kept.row, use);
  }

  #sessionRow(key: string, owner: string, keepUntil: number): Kept<SessionRow> {
    let kept = this.#sessions.get(key, this.#now);
    if (kept === undefined) {
      kept = new Kept(key, emptySession(), owner, keepUntil);
      this.#sessions.add(kept, this.#now);
    } else if (keepUntil > kept.keepUntil) kept.keepUntil = keepUntil;
    return kept;
  }
}

function retention(claim: Claim): number {
  const life = claim.expiresAt === undefined ? LONGEST_LIFE : claim.expiresAt - claim.time;
  return Math.min(LONGEST_RETENTION, Math.max(0, life) + GRACE);
}
