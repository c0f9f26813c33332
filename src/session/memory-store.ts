import { LRUCache } from 'lru-cache';
import { withClaim, withLatestClaim } from './agreed-claim.ts';
import { isStoredRow } from './check-stored-row.ts';
import { type Claim, type Issuance, mayBeHandedOn } from './claim.ts';
import { isLoginSubject, isLongTermKey, isMadeSubject } from './credential-key.ts';
import { EvictionMemory } from './eviction-memory.ts';
import { MOST_STEPS } from './lineage.ts';
import { ClaimRow, SessionRow, type StoredRow } from './memory-rows.ts';
import { LONGEST_RETENTION_MINUTES, retentionMinutes } from './retention.ts';
import { SegmentedRows } from './segmented-rows.ts';
import { MOST_ISSUED, mergeFacts, type SessionFacts } from './session-facts.ts';
import type { SessionExchange, SessionStore, SessionView } from './session-store.ts';
import { sizeOf, textsOf, withText } from './small-set.ts';
import { addPending, mergeUse, principalOf, type Use } from './use.ts';
import { ValuePool } from './value-pool.ts';

export interface MemoryStoreLimits {
  /** Credentials, and as many sessions. */
  readonly maxSessions: number;
}

const MINUTE = 60_000;
/** A session may name a hundred pending uses, but where issuances are not logged at all every session would. */
const PENDING_A_SESSION = 4;

/** The memory of one process. It answers at once, so that the way of an event has nothing to wait for. */
export class MemoryStore implements SessionStore, SessionView {
  readonly isComplete = true;
  readonly #claims: SegmentedRows<ClaimRow>;
  readonly #sessions: SegmentedRows<SessionRow>;
  /** Makers of long-term keys and of passwords: these do not expire. */
  readonly #creators: LRUCache<string, readonly Claim[]>;
  /** Where a key was seen that has no claims, or not where these say: the session knows more of it. */
  readonly #sessionOfKey: LRUCache<string, string>;
  readonly #evicted = new EvictionMemory();
  readonly #pool = new ValuePool();
  /** Told of each row of claims and of sessions that is forgotten. */
  onForget: ((kind: 'claims' | 'session', key: string) => void) | undefined;
  #evictions = 0;
  /** Names of pending uses, in all rows. */
  #pending = 0;
  readonly #mostPending: number;
  #earliestLearned = Number.POSITIVE_INFINITY;
  #minute = 0;

  constructor(limits: MemoryStoreLimits) {
    const most = Math.max(10, limits.maxSessions);
    this.#mostPending = most * PENDING_A_SESSION;
    this.#claims = new SegmentedRows({
      most,
      onLeave: (row, isEvicted) => this.#left('claims', row.key, isEvicted),
    });
    this.#sessions = new SegmentedRows({
      most,
      onLeave: (row, isEvicted) => {
        this.#pending -= sizeOf(row.pending);
        this.#left('session', row.key, isEvicted);
      },
    });
    this.#creators = new LRUCache({
      max: most,
      dispose: (_claims, key, reason) => reason === 'evict' && this.#left('claims', key, true),
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

  /** From here on, what is kept no longer than until `now` is not found. */
  passTo(now: number): void {
    this.#minute = Math.floor(now / MINUTE);
  }

  /** False where it is sure that nothing was added. */
  learn(exchange: SessionExchange): boolean {
    this.passTo(exchange.now);
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
    return this.#claims.get(subject, this.#minute)?.all ?? this.#creators.get(subject);
  }

  session(key: string): SessionFacts | undefined {
    return this.#sessions.get(key, this.#minute);
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
    for (const row of this.#claims.rows()) yield row.stored();
    for (const row of this.#sessions.rows()) yield row.stored();
    for (const key of [...this.#creators.rkeys()]) yield ['creator', key, this.#creators.peek(key) ?? []];
    for (const key of [...this.#sessionOfKey.rkeys()]) yield ['key', key, this.#sessionOfKey.peek(key) ?? ''];
    for (const key of this.#evicted.keys()) yield ['evicted', key];
  }

  /** One row of `dump`. */
  stored(kind: 'claims' | 'session', key: string): StoredRow | undefined {
    if (kind === 'session') return this.#sessions.peek(key)?.stored();
    const row = this.#claims.peek(key);
    if (row !== undefined) return row.stored();
    const creators = this.#creators.peek(key);
    return creators && ['creator', key, creators];
  }

  /** Takes a row of a snapshot back; false where it is none. */
  restore(row: unknown, now: number): boolean {
    if (!isStoredRow(row)) return false;
    this.absorb(row, now);
    return true;
  }

  /** Takes a row of `dump`, or one of another replica's: the union of what it says and what is known. */
  absorb(stored: StoredRow, now: number): void {
    this.passTo(now);
    switch (stored[0]) {
      case 'earliest':
        this.#earliestLearned = Math.min(this.#earliestLearned, stored[1] ?? Number.POSITIVE_INFINITY);
        break;
      case 'claims':
        if (stored[3] >= this.#minute) this.#restoreClaims(ClaimRow.restored(stored, this.#pool));
        break;
      case 'session':
        if (stored[3] >= this.#minute) this.#restoreSession(SessionRow.restored(stored, this.#pool));
        break;
      case 'creator':
        this.#addMakers(stored[1], stored[2]);
        break;
      case 'key':
        this.#noteKey(stored[1], stored[2]);
        break;
      case 'evicted':
        this.#evicted.add(stored[1]);
    }
  }

  #restoreClaims(row: ClaimRow): void {
    const known = this.#claims.get(row.key, this.#minute);
    if (known === undefined) {
      this.#claims.add(row, this.#minute);
      return;
    }
    const before = known.all;
    const after = row.all.reduce(withClaim, before);
    if (after !== before) known.claims = after;
    if (row.keepUntil > known.keepUntil) known.keepUntil = row.keepUntil;
  }

  #restoreSession(row: SessionRow): void {
    const known = this.#sessions.get(row.key, this.#minute);
    if (known === undefined) {
      this.#pending += sizeOf(row.pending);
      this.#sessions.add(row, this.#minute);
      return;
    }
    this.#pending -= sizeOf(known.pending);
    mergeFacts(known, row);
    this.#pending += sizeOf(known.pending);
    if (row.keepUntil > known.keepUntil) known.keepUntil = row.keepUntil;
  }

  #learnIssuance({ subject, claim }: Issuance): void {
    if (isMadeSubject(subject)) {
      this.#addMakers(subject, [claim]);
      return;
    }
    const retention = retentionMinutes(claim);
    const keepUntil = this.#minute + retention;
    const row = this.#claimRow(subject, claim, retention);
    this.#keepParents(row);
    if (claim.session === undefined) return;
    const session = this.#sessionRow(claim.session, row.owner);
    if (keepUntil > session.keepUntil) session.keepUntil = keepUntil;
    session.issued = withText(session.issued, row.key, MOST_ISSUED);
    // The use may have come first.
    if (session.firstSeen !== undefined || this.#sessions.peek(subject) !== undefined)
      this.#claims.promote(row);
  }

  #addMakers(subject: string, claims: readonly Claim[]): void {
    const merge = isLoginSubject(subject) ? withLatestClaim : withClaim;
    this.#creators.set(subject, claims.reduce(merge, this.#creators.get(subject) ?? []));
  }

  #claimRow(subject: string, claim: Claim, retention: number): ClaimRow {
    const keepUntil = this.#minute + retention;
    let row = this.#claims.get(subject, this.#minute);
    if (row === undefined) {
      row = new ClaimRow(
        subject,
        this.#pool.text(ownerOf(claim)),
        keepUntil,
        retention,
        this.#pool.claim(claim),
      );
      this.#claims.add(row, this.#minute);
      return row;
    }
    const before = row.all;
    const after = withClaim(before, this.#pool.claim(claim));
    if (after !== before) row.claims = after;
    if (keepUntil > row.keepUntil) row.keepUntil = keepUntil;
    return row;
  }

  #learnUse(use: Use): boolean {
    const { accessKeyId, sighting } = use;
    const claims = accessKeyId === undefined ? undefined : this.#claims.get(accessKeyId, this.#minute);
    // Where the requester is known the row counts for them: two callers of one role do not share a quota.
    const row =
      this.#sessions.held(claims?.session, use.session, this.#minute) ??
      this.#sessionRow(use.session, claims?.owner ?? use.principal);
    const { keepUntil, firstSeen, earliestPublic, earliestPrivate, addresses } = row;
    const { isConsole, isWorkload, pending, pendingUnnamed } = row;
    row.keepUntil = this.#minute + LONGEST_RETENTION_MINUTES;
    this.#sessions.promote(row);
    mergeUse(row, use);
    if (sighting !== undefined && row.earliestPublic === sighting)
      row.earliestPublic = this.#pool.sighting(sighting);
    if (sighting !== undefined && row.earliestPrivate === sighting)
      row.earliestPrivate = this.#pool.sighting(sighting);
    if (row.addresses !== addresses && typeof row.addresses === 'string')
      row.addresses = this.#pool.text(row.addresses);
    // Where the key was seen before nothing of it is new, and most uses are such.
    const isElsewhere =
      accessKeyId !== undefined && claims?.session !== row && claims?.isFor(row.key) !== true;
    const isNewKey = isElsewhere && this.#noteKey(accessKeyId, row.key);
    if (claims === undefined) this.#learnUnissuedUse(use, row);
    else {
      claims.session = row;
      this.#used(claims);
    }
    return (
      isNewKey ||
      row.keepUntil !== keepUntil ||
      row.firstSeen !== firstSeen ||
      row.earliestPublic !== earliestPublic ||
      row.earliestPrivate !== earliestPrivate ||
      row.addresses !== addresses ||
      row.isConsole !== isConsole ||
      row.isWorkload !== isWorkload ||
      row.pending !== pending ||
      row.pendingUnnamed !== pendingUnnamed
    );
  }

  #learnUnissuedUse(use: Use, row: SessionRow): void {
    // The key of a session that a program asked for is the one issued: of another an issuance may still come.
    let isAwaited = use.accessKeyId !== undefined || sizeOf(row.issued) === 0;
    for (const subject of textsOf(row.issued)) {
      const issued = this.#claims.get(subject, this.#minute);
      if (issued !== undefined) this.#used(issued);
      if (issued?.first === undefined || mayBeHandedOn(issued.first)) isAwaited = false;
    }
    if (!isAwaited) return;
    const before = sizeOf(row.pending);
    addPending(row, use, this.#pending < this.#mostPending);
    this.#pending += sizeOf(row.pending) - before;
  }

  /** Of several sessions the smallest, so that the order of delivery leaves no trace. False where it was known. */
  #noteKey(accessKeyId: string, session: string): boolean {
    const known = this.#sessionOfKey.get(accessKeyId);
    if (known !== undefined && known <= session) return false;
    this.#sessionOfKey.set(accessKeyId, session);
    return true;
  }

  #left(kind: 'claims' | 'session', key: string, isEvicted: boolean): void {
    this.onForget?.(kind, key);
    if (!isEvicted) return;
    this.#evictions++;
    this.#evicted.add(key);
  }

  #used(row: ClaimRow): void {
    const keepUntil = this.#minute + row.retention;
    if (keepUntil > row.keepUntil) row.keepUntil = keepUntil;
    this.#claims.promote(row);
    this.#keepParents(row);
  }

  /** A chain that loses its upper end tells nothing: parents live as long as their children. */
  #keepParents(child: ClaimRow): void {
    let row: ClaimRow | undefined = child;
    for (let step = 0; step < MOST_STEPS && row !== undefined; step++) {
      const parentKey: string | undefined = row.first?.requester.accessKeyId;
      if (parentKey === undefined || !parentKey.startsWith('ASIA')) return;
      row = this.#claims.get(parentKey, this.#minute);
      if (row === undefined || row.keepUntil >= child.keepUntil) return;
      row.keepUntil = child.keepUntil;
    }
  }

  #sessionRow(key: string, owner: string): SessionRow {
    const known = this.#sessions.get(key, this.#minute);
    if (known !== undefined) return known;
    const row = new SessionRow(key, this.#pool.text(owner), this.#minute);
    this.#sessions.add(row, this.#minute);
    return row;
  }
}

export function ownerOf(claim: Claim): string {
  const { invokedBy, principalId, arn, accountId } = claim.requester;
  return invokedBy ?? principalOf(principalId, arn, accountId);
}
