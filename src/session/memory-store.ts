import { LRUCache } from 'lru-cache';
import { type Claim, withClaim } from './claim.ts';
import { isLongTermKey } from './credential-key.ts';
import { EvictionMemory } from './eviction-memory.ts';
import type { Issuance } from './issuance.ts';
import { Kept } from './row-list.ts';
import { SegmentedRows } from './segmented-rows.ts';
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
const MOST_PARENTS = 8;

/** A row of a snapshot: what it is, its key, and what the store keeps of it. */
export type StoredRow =
  | readonly ['earliest', number | null]
  | readonly ['claims', string, string, number, boolean, readonly Claim[]]
  | readonly ['session', string, string, number, boolean, SessionRow]
  | readonly ['creator', string, readonly Claim[]]
  | readonly ['key', string, string]
  | readonly ['evicted', string];

/** The memory of one process. It answers at once, so that the way of an event has nothing to wait for. */
export class MemoryStore implements SessionStore, SessionView {
  readonly isComplete = true;
  readonly #claims: SegmentedRows<readonly Claim[]>;
  readonly #sessions: SegmentedRows<SessionRow>;
  /** Makers of long-term keys and of passwords: these do not expire. */
  readonly #creators: LRUCache<string, readonly Claim[]>;
  /** Where a key without claims was seen: the session knows more of it. */
  readonly #sessionOfKey: LRUCache<string, string>;
  readonly #evicted = new EvictionMemory();
  #evictions = 0;
  #earliestLearned = Number.POSITIVE_INFINITY;
  #now = 0;

  constructor(limits: MemoryStoreLimits) {
    const most = Math.max(10, limits.maxSessions);
    const onEvict = (key: string): void => {
      this.#evictions++;
      this.#evicted.add(key);
    };
    this.#claims = new SegmentedRows({ most, onEvict });
    this.#sessions = new SegmentedRows({ most, onEvict });
    this.#creators = new LRUCache({ max: most });
    this.#sessionOfKey = new LRUCache({ max: most });
  }

  get earliestLearned(): number {
    return this.#earliestLearned;
  }

  /** Rows held, for metrics. */
  get entries(): number {
    return this.#claims.size + this.#sessions.size + this.#creators.size;
  }

  /** Rows that had to make room before their time, since the start. */
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

  /**
   * Everything that is remembered, a row at a time. A row may change between two steps: whatever mixture of before and
   * after is taken, it is a state that could have been.
   */
  *dump(): Generator<StoredRow> {
    yield ['earliest', this.#earliestLearned === Number.POSITIVE_INFINITY ? null : this.#earliestLearned];
    for (const key of this.#claims.keys()) {
      const kept = this.#claims.peek(key);
      if (kept) yield ['claims', key, kept.owner, kept.keepUntil, kept.isProtected, kept.row];
    }
    for (const key of this.#sessions.keys()) {
      const kept = this.#sessions.peek(key);
      if (kept) yield ['session', key, kept.owner, kept.keepUntil, kept.isProtected, kept.row];
    }
    for (const key of [...this.#creators.rkeys()]) yield ['creator', key, this.#creators.peek(key) ?? []];
    for (const key of [...this.#sessionOfKey.rkeys()]) yield ['key', key, this.#sessionOfKey.peek(key) ?? ''];
    for (const key of this.#evicted.keys()) yield ['evicted', key];
  }

  /** Takes back a row of `dump`. */
  restore(row: StoredRow, now: number): void {
    switch (row[0]) {
      case 'earliest':
        this.#earliestLearned = Math.min(this.#earliestLearned, row[1] ?? Number.POSITIVE_INFINITY);
        break;
      case 'claims':
        restoreKept(this.#claims, row, now);
        break;
      case 'session':
        restoreKept(this.#sessions, row, now);
        break;
      case 'creator':
        this.#creators.set(row[1], row[2]);
        break;
      case 'key':
        this.#sessionOfKey.set(row[1], row[2]);
        break;
      case 'evicted':
        this.#evicted.add(row[1]);
    }
  }

  #learnIssuance(issuance: Issuance): void {
    const { subject, claim, sessionKey } = issuance;
    if (isLongTermKey(subject) || claim.kind === 'login_profile') {
      this.#creators.set(subject, withClaim(this.#creators.get(subject) ?? [], claim));
      return;
    }
    const owner = ownerOf(claim);
    const keepUntil = this.#now + retention(claim);
    let kept = this.#claims.get(subject, this.#now);
    if (kept === undefined) {
      kept = new Kept<readonly Claim[]>(subject, [claim], owner, keepUntil);
      this.#claims.add(kept, this.#now);
    } else {
      kept.row = withClaim(kept.row, claim);
      kept.keepUntil = Math.max(kept.keepUntil, keepUntil);
    }
    this.#keepParents(kept);
    if (sessionKey === undefined) return;
    const session = this.#sessionRow(sessionKey, owner, keepUntil);
    session.row.issued = withText(session.row.issued, subject, MOST_ISSUED);
    // The use may have come first.
    if (session.row.firstSeen !== undefined || this.#sessions.peek(subject) !== undefined)
      this.#claims.promote(kept);
  }

  #learnUse(use: Use): void {
    const { accessKeyId } = use;
    const claims = accessKeyId === undefined ? undefined : this.#claims.get(accessKeyId, this.#now);
    // Where the requester is known the row counts for them: two callers of one role do not share a quota.
    const kept = this.#sessionRow(use.session, claims?.owner ?? use.principal, this.#now + LONGEST_RETENTION);
    this.#sessions.promote(kept);
    mergeUse(kept.row, use);
    if (claims !== undefined) {
      this.#used(claims);
      return;
    }
    if (accessKeyId !== undefined && accessKeyId.length <= 128) this.#sessionOfKey.set(accessKeyId, kept.key);
    for (const subject of kept.row.issued) {
      const issued = this.#claims.get(subject, this.#now);
      if (issued !== undefined) this.#used(issued);
    }
    if (kept.row.issued.length === 0) addPending(kept.row, use);
  }

  #used(kept: Kept<readonly Claim[]>): void {
    const [claim] = kept.row;
    if (claim !== undefined) kept.keepUntil = Math.max(kept.keepUntil, this.#now + retention(claim));
    this.#claims.promote(kept);
    this.#keepParents(kept);
  }

  /** A chain that loses its upper end tells nothing: parents live as long as their children. */
  #keepParents(child: Kept<readonly Claim[]>): void {
    let kept: Kept<readonly Claim[]> | undefined = child;
    for (let step = 0; step < MOST_PARENTS && kept !== undefined; step++) {
      const parentKey: string | undefined = kept.row[0]?.requester.accessKeyId;
      if (parentKey === undefined || !parentKey.startsWith('ASIA')) return;
      kept = this.#claims.get(parentKey, this.#now);
      if (kept === undefined || kept.keepUntil >= child.keepUntil) return;
      kept.keepUntil = child.keepUntil;
    }
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

function restoreKept<Row>(
  rows: SegmentedRows<Row>,
  [, key, owner, keepUntil, isProtected, row]: readonly [string, string, string, number, boolean, Row],
  now: number,
): void {
  if (keepUntil < now || rows.peek(key) !== undefined) return;
  const kept = new Kept(key, row, owner, keepUntil);
  kept.isProtected = isProtected;
  rows.add(kept, now);
}

function ownerOf(claim: Claim): string {
  const { invokedBy, principalId, arn, accountId } = claim.requester;
  return invokedBy ?? principalOf(principalId, arn, accountId);
}

function retention(claim: Claim): number {
  const life = claim.expiresAt === undefined ? LONGEST_LIFE : claim.expiresAt - claim.time;
  return Math.min(LONGEST_RETENTION, Math.max(0, life) + GRACE);
}
