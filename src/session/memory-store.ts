import { LRUCache } from 'lru-cache';
import { type Claim, withClaim } from './claim.ts';
import { isLongTermKey } from './credential-key.ts';
import { EvictionMemory } from './eviction-memory.ts';
import type { Issuance } from './issuance.ts';
import { ClaimRow, SessionRow } from './memory-rows.ts';
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
const HOUR = 60 * MINUTE;
/** A credential is remembered for its life and a day; AWS lets none live longer than 36 hours. */
const GRACE = 24 * HOUR;
const LONGEST_LIFE = 36 * HOUR;
const LONGEST_RETENTION = 61 * HOUR;
const MOST_PARENTS = 8;

/** A row of a snapshot: what it is, its key, and what the store keeps of it. Times are minutes of the service's clock. */
export type StoredRow =
  | readonly ['earliest', number | null]
  | readonly ['claims', string, owner: string, keepUntil: number, isProtected: boolean, readonly Claim[]]
  | readonly ['session', string, owner: string, keepUntil: number, isProtected: boolean, SessionFacts]
  | readonly ['creator', string, readonly Claim[]]
  | readonly ['key', string, session: string]
  | readonly ['evicted', string];

/** The memory of one process. It answers at once, so that the way of an event has nothing to wait for. */
export class MemoryStore implements SessionStore, SessionView {
  readonly isComplete = true;
  readonly #claims: SegmentedRows<ClaimRow>;
  readonly #sessions: SegmentedRows<SessionRow>;
  /** Makers of long-term keys and of passwords: these do not expire. */
  readonly #creators: LRUCache<string, readonly Claim[]>;
  /** Where a key without claims was seen: the session knows more of it. */
  readonly #sessionOfKey: LRUCache<string, string>;
  readonly #evicted = new EvictionMemory();
  readonly #pool = new ValuePool();
  #evictions = 0;
  #earliestLearned = Number.POSITIVE_INFINITY;
  #minute = 0;

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

  exchange<Answer>(exchange: SessionExchange, read: (view: SessionView) => Answer): Answer {
    this.learn(exchange);
    return read(this);
  }

  learn(exchange: SessionExchange): void {
    this.#minute = Math.floor(exchange.now / MINUTE);
    if (exchange.learnedTime === undefined) return;
    if (exchange.learnedTime < this.#earliestLearned) this.#earliestLearned = exchange.learnedTime;
    if (exchange.issuance !== undefined) this.#learnIssuance(exchange.issuance);
    if (exchange.use !== undefined) this.#learnUse(exchange.use);
  }

  claims(subject: string): readonly Claim[] | undefined {
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
    for (const row of this.#claims.rows()) {
      yield storedClaims(row);
    }
    for (const row of this.#sessions.rows()) {
      yield storedSession(row);
    }
    for (const key of [...this.#creators.rkeys()]) yield ['creator', key, this.#creators.peek(key) ?? []];
    for (const key of [...this.#sessionOfKey.rkeys()]) yield ['key', key, this.#sessionOfKey.peek(key) ?? ''];
    for (const key of this.#evicted.keys()) yield ['evicted', key];
  }

  /** One row of `dump`. */
  stored(kind: 'claims' | 'session', key: string): StoredRow | undefined {
    if (kind === 'session') {
      const row = this.#sessions.peek(key);
      return row && storedSession(row);
    }
    const row = this.#claims.peek(key);
    if (row !== undefined) return storedClaims(row);
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
        this.#restoreClaims(stored);
        break;
      case 'session':
        this.#restoreSession(stored);
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

  #restoreClaims([, key, owner, keepUntil, isProtected, claims]: StoredRow & { 0: 'claims' }): void {
    if (keepUntil < this.#minute) return;
    const known = this.#claims.get(key, this.#minute);
    if (known !== undefined) {
      const before = known.all;
      const after = claims.reduce(withClaim, before);
      if (after !== before) known.claims = after;
      if (keepUntil > known.keepUntil) known.keepUntil = keepUntil;
      return;
    }
    const pooled = claims.map((claim) => this.#pool.claim(claim));
    const [only = pooled] = pooled;
    const retention = claims[0] === undefined ? 0 : retentionMinutes(claims[0]);
    const one = pooled.length === 1 ? only : pooled;
    const row = new ClaimRow(key, this.#pool.text(owner), keepUntil, retention, one);
    row.isProtected = isProtected;
    this.#claims.add(row, this.#minute);
  }

  #restoreSession([, key, owner, keepUntil, isProtected, facts]: StoredRow & { 0: 'session' }): void {
    if (keepUntil < this.#minute) return;
    const known = this.#sessions.get(key, this.#minute);
    if (known !== undefined) {
      mergeFacts(known, facts);
      if (keepUntil > known.keepUntil) known.keepUntil = keepUntil;
      return;
    }
    const row = Object.assign(new SessionRow(key, this.#pool.text(owner), keepUntil), facts);
    row.isProtected = isProtected;
    this.#sessions.add(row, this.#minute);
  }

  #learnIssuance({ subject, claim }: Issuance): void {
    if (isLongTermKey(subject) || claim.kind === 'login_profile') {
      this.#creators.set(subject, withClaim(this.#creators.get(subject) ?? [], claim));
      return;
    }
    const retention = retentionMinutes(claim);
    const keepUntil = this.#minute + retention;
    const row = this.#claimRow(subject, claim, retention);
    this.#keepParents(row);
    if (claim.session === undefined) return;
    const session = this.#sessionRow(claim.session, row.owner, keepUntil);
    session.issued = withText(session.issued, row.key, MOST_ISSUED);
    // The use may have come first.
    if (session.firstSeen !== undefined || this.#sessions.peek(subject) !== undefined)
      this.#claims.promote(row);
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

  #learnUse(use: Use): void {
    const { accessKeyId, sighting } = use;
    const claims = accessKeyId === undefined ? undefined : this.#claims.get(accessKeyId, this.#minute);
    // Where the requester is known the row counts for them: two callers of one role do not share a quota.
    const row = this.#sessionRow(
      use.session,
      claims?.owner ?? use.principal,
      this.#minute + RETENTION_MINUTES,
    );
    this.#sessions.promote(row);
    mergeUse(row, use);
    if (sighting !== undefined && row.earliestPublic === sighting)
      row.earliestPublic = this.#pool.sighting(sighting);
    if (sighting !== undefined && row.earliestPrivate === sighting)
      row.earliestPrivate = this.#pool.sighting(sighting);
    if (claims !== undefined) this.#used(claims);
    else this.#learnUnissuedUse(use, row);
  }

  #learnUnissuedUse(use: Use, row: SessionRow): void {
    const { accessKeyId } = use;
    if (accessKeyId !== undefined && accessKeyId.length <= 128) this.#sessionOfKey.set(accessKeyId, row.key);
    for (const subject of textsOf(row.issued)) {
      const issued = this.#claims.get(subject, this.#minute);
      if (issued !== undefined) this.#used(issued);
    }
    if (sizeOf(row.issued) === 0) addPending(row, use);
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
    for (let step = 0; step < MOST_PARENTS && row !== undefined; step++) {
      const parentKey: string | undefined = row.first?.requester.accessKeyId;
      if (parentKey === undefined || !parentKey.startsWith('ASIA')) return;
      row = this.#claims.get(parentKey, this.#minute);
      if (row === undefined || row.keepUntil >= child.keepUntil) return;
      row.keepUntil = child.keepUntil;
    }
  }

  #sessionRow(key: string, owner: string, keepUntil: number): SessionRow {
    let row = this.#sessions.get(key, this.#minute);
    if (row === undefined) {
      row = new SessionRow(key, this.#pool.text(owner), keepUntil);
      this.#sessions.add(row, this.#minute);
    } else if (keepUntil > row.keepUntil) row.keepUntil = keepUntil;
    return row;
  }
}

function storedClaims(row: ClaimRow): StoredRow {
  return ['claims', row.key, row.owner, row.keepUntil, row.isProtected, row.all];
}

function storedSession(row: SessionRow): StoredRow {
  return ['session', row.key, row.owner, row.keepUntil, row.isProtected, row.facts()];
}

const RETENTION_MINUTES = LONGEST_RETENTION / MINUTE;

export function ownerOf(claim: Claim): string {
  const { invokedBy, principalId, arn, accountId } = claim.requester;
  return invokedBy ?? principalOf(principalId, arn, accountId);
}

function retentionMinutes(claim: Claim): number {
  const life = claim.expiresAt === undefined ? LONGEST_LIFE : claim.expiresAt - claim.time;
  return Math.ceil(Math.min(LONGEST_RETENTION, Math.max(0, life) + GRACE) / MINUTE);
}
