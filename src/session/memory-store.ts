import { LRUCache } from 'lru-cache';
import { type Claim, type Issuance, withClaim } from './claim.ts';
import { ClaimMemory } from './claim-memory.ts';
import { isLongTermKey } from './credential-key.ts';
import { EvictionMemory } from './eviction-memory.ts';
import { retentionMinutes } from './retention.ts';
import { NO_ROW } from './row-cells.ts';
import type { SessionFacts } from './session-facts.ts';
import { SessionMemory } from './session-memory.ts';
import type { SessionExchange, SessionStore, SessionView } from './session-store.ts';
import { textsOf } from './small-set.ts';
import type { StoredRow } from './stored-row.ts';
import type { Use } from './use.ts';
import { ValuePool } from './value-pool.ts';

export interface MemoryStoreLimits {
  /** Credentials, and as many sessions. */
  readonly maxSessions: number;
}

const MINUTE = 60_000;

/** The memory of one process. It answers at once, so that the way of an event has nothing to wait for. */
export class MemoryStore implements SessionStore, SessionView {
  readonly isComplete = true;
  readonly #claims: ClaimMemory;
  readonly #sessions: SessionMemory;
  /** Makers of long-term keys and of passwords: these do not expire. */
  readonly #creators: LRUCache<string, readonly Claim[]>;
  /** Where a key without claims was seen: the session knows more of it. */
  readonly #sessionOfKey: LRUCache<string, string>;
  readonly #evicted = new EvictionMemory();
  /** Told of each row of claims and of sessions that is forgotten, and why ever. */
  onForget: ((kind: 'claims' | 'session', key: string) => void) | undefined;
  #evictions = 0;
  #earliestLearned = Number.POSITIVE_INFINITY;
  #minute = 0;

  constructor(limits: MemoryStoreLimits) {
    const most = Math.max(10, limits.maxSessions);
    const pool = new ValuePool();
    this.#claims = new ClaimMemory(most, pool, (key, isEvicted) => this.#left('claims', key, isEvicted));
    this.#sessions = new SessionMemory(most, pool, (key, isEvicted) => this.#left('session', key, isEvicted));
    this.#creators = new LRUCache({
      max: most,
      dispose: (_claims, key, reason) => reason === 'evict' && this.onForget?.('claims', key),
    });
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

  exchange<Answer, Told>(
    exchange: SessionExchange,
    read: (view: SessionView) => Answer,
    tell: (answer: Answer) => Told,
  ): Told {
    this.learn(exchange);
    return tell(read(this));
  }

  catchUp(): undefined {
    return undefined;
  }

  /** False where it is sure that nothing was added. */
  learn(exchange: SessionExchange): boolean {
    this.#minute = Math.floor(exchange.now / MINUTE);
    if (exchange.learnedTime === undefined) return false;
    const isEarlier = exchange.learnedTime < this.#earliestLearned;
    if (isEarlier) this.#earliestLearned = exchange.learnedTime;
    if (exchange.issuance !== undefined) this.#learnIssuance(exchange.issuance);
    const isNewUse = exchange.use !== undefined && this.#learnUse(exchange.use);
    return isEarlier || exchange.issuance !== undefined || isNewUse;
  }

  claims(subject: string): readonly Claim[] | undefined {
    // Among a million others a look-up in vain costs as much as one that finds something.
    if (isLongTermKey(subject)) return this.#creators.get(subject);
    const row = this.#claims.find(subject, this.#minute);
    return row === NO_ROW ? this.#creators.get(subject) : this.#claims.read(row);
  }

  session(key: string): Readonly<SessionFacts> | undefined {
    const row = this.#sessions.find(key, this.#minute);
    return row === NO_ROW ? undefined : this.#sessions.told(row);
  }

  sessionsNear(principalId: string, createdAt: number): readonly Readonly<SessionFacts>[] {
    return this.#sessions.near(principalId, createdAt, this.#minute).map((row) => this.#sessions.told(row));
  }

  sessionOfKey(accessKeyId: string): string | undefined {
    return this.#sessionOfKey.get(accessKeyId);
  }

  wasEvicted(key: string): boolean {
    return this.#evicted.has(key);
  }

  /** Everything that is remembered. A row may change while others are written: any mixture is a state that could have been. */
  *dump(): Generator<StoredRow> {
    yield ['earliest', this.#earliestLearned === Number.POSITIVE_INFINITY ? null : this.#earliestLearned];
    yield* this.#claims.dump();
    yield* this.#sessions.dump();
    for (const key of [...this.#creators.rkeys()]) yield ['creator', key, this.#creators.peek(key) ?? []];
    for (const key of [...this.#sessionOfKey.rkeys()]) yield ['key', key, this.#sessionOfKey.peek(key) ?? ''];
    for (const key of this.#evicted.keys()) yield ['evicted', key];
  }

  /** One row of `dump`. */
  stored(kind: 'claims' | 'session', key: string): StoredRow | undefined {
    if (kind === 'session') return this.#sessions.stored(key);
    const claims = this.#claims.stored(key);
    if (claims !== undefined) return claims;
    const creators = this.#creators.peek(key);
    return creators && ['creator', key, creators];
  }

  /** Takes back a row of `dump`, or one of another replica's: the union of what it says and what is known. */
  restore(stored: StoredRow, now: number): void {
    this.#minute = Math.floor(now / MINUTE);
    switch (stored[0]) {
      case 'earliest':
        this.#earliestLearned = Math.min(this.#earliestLearned, stored[1] ?? Number.POSITIVE_INFINITY);
        break;
      case 'claims':
        if (stored[3] >= this.#minute) this.#claims.restore(stored, this.#minute);
        break;
      case 'session':
        if (stored[3] >= this.#minute) this.#sessions.restore(stored, this.#minute);
        break;
      case 'creator':
        this.#creators.set(stored[1], stored[2].reduce(withClaim, this.#creators.get(stored[1]) ?? []));
        break;
      case 'key':
        this.#sessionOfKey.set(stored[1], stored[2]);
        break;
      case 'evicted':
        this.#evicted.add(stored[1]);
    }
  }

  #learnIssuance(issuance: Issuance): void {
    const { subject, claim } = issuance;
    if (isLongTermKey(subject) || claim.kind === 'login_profile') {
      this.#creators.set(subject, withClaim(this.#creators.get(subject) ?? [], claim));
      return;
    }
    const row = this.#claims.learn(issuance, this.#minute);
    if (claim.session === undefined) return;
    const session = this.#sessions.row(claim.session, this.#claims.owner(row), this.#minute);
    this.#sessions.learnIssuance(session, subject, this.#minute + retentionMinutes(claim));
    // The use may have come first.
    if (this.#sessions.isSeen(session) || this.#sessions.has(subject)) this.#claims.promote(row);
  }

  #learnUse(use: Use): boolean {
    const { accessKeyId } = use;
    const claims = accessKeyId === undefined ? NO_ROW : this.#claims.find(accessKeyId, this.#minute);
    const session = this.#sessionOf(use, claims);
    if (claims === NO_ROW) this.#learnUnissued(use, session);
    else this.#claims.learnUse(claims, session, this.#minute);
    return this.#sessions.learnUse(session, use, claims === NO_ROW, this.#minute);
  }

  #sessionOf({ session, principal }: Use, claims: number): number {
    if (claims === NO_ROW) return this.#sessions.row(session, principal, this.#minute);
    const held = this.#sessions.held(this.#claims.sessionRow(claims), session, this.#minute);
    if (held !== NO_ROW) return held;
    // Where the requester is known the row counts for them: two callers of one role do not share a quota.
    return this.#sessions.row(session, this.#claims.owner(claims), this.#minute);
  }

  #learnUnissued({ accessKeyId, session }: Use, row: number): void {
    if (accessKeyId !== undefined && this.#sessionOfKey.get(accessKeyId) !== session)
      this.#sessionOfKey.set(accessKeyId, session);
    for (const subject of textsOf(this.#sessions.told(row).issued)) {
      const issued = this.#claims.find(subject, this.#minute);
      if (issued !== NO_ROW) this.#claims.used(issued, this.#minute);
    }
  }

  #left(kind: 'claims' | 'session', key: string, isEvicted: boolean): void {
    this.onForget?.(kind, key);
    if (!isEvicted) return;
    this.#evictions++;
    this.#evicted.add(key);
  }
}
