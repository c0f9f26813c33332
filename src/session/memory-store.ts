import { type Claim, type Issuance, isUsedByItsAsker } from './claim.ts';
import { isMadeSubject } from './credential-key.ts';
import { MOST_STEPS } from './lineage.ts';
import { ClaimRow, SessionRow, type SnapshotRow, type StoredRow } from './memory-rows.ts';
import { type ForgottenKind, MemoryTables } from './memory-tables.ts';
import { LONGEST_RETENTION_MINUTES, MADE_KEPT_MINUTES, retentionMinutes } from './retention.ts';
import { ownerOf } from './row-owner.ts';
import { MOST_ISSUED, type SessionFacts, type Sighting } from './session-facts.ts';
import { lineOf, rowOfLine } from './session-row-text.ts';
import type { SessionExchange, SessionStore, SessionView } from './session-store.ts';
import { sizeOf, textsOf, withText } from './small-set.ts';
import { absorbRow, dumpRows, storedRow } from './stored-rows.ts';
import { addPending, mergeUse, type Use } from './use.ts';

export interface MemoryStoreLimits {
  /** Credentials, and as many sessions. */
  readonly maxSessions: number;
}

/** The memory of one process. It answers at once, so that the way of an event has nothing to wait for. */
export class MemoryStore implements SessionStore, SessionView {
  /** False where replicas share it: each of them then knows a part by itself. */
  isComplete = true;
  readonly #tables: MemoryTables;

  constructor(limits: MemoryStoreLimits) {
    this.#tables = new MemoryTables(Math.max(10, limits.maxSessions));
  }

  set onForget(listener: (kind: ForgottenKind, key: string) => void) {
    this.#tables.onForget = listener;
  }

  get earliestLearned(): number {
    return this.#tables.earliestLearned;
  }

  /** Rows held, for metrics. */
  get entries(): number {
    const { claims, sessions, makers } = this.#tables;
    return claims.size + sessions.size + makers.size;
  }

  /** Rows that had to make room before their time, since the start. */
  get evictions(): number {
    return this.#tables.evictions;
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
    this.#tables.passTo(now);
  }

  /** False where it is sure that nothing was added. */
  learn(exchange: SessionExchange): boolean {
    this.passTo(exchange.now);
    if (exchange.learnedTime === undefined) return false;
    const isEarlier = exchange.learnedTime < this.#tables.earliestLearned;
    if (isEarlier) this.#tables.earliestLearned = exchange.learnedTime;
    if (exchange.issuance !== undefined) this.#learnIssuance(exchange.issuance);
    const isNewUse = exchange.use !== undefined && this.#learnUse(exchange.use);
    return isEarlier || exchange.issuance !== undefined || isNewUse;
  }

  claims(subject: string): readonly Claim[] | undefined {
    return this.#tables.claimsOn(subject);
  }

  session(key: string): SessionFacts | undefined {
    return this.#tables.sessions.get(key, this.#tables.minute);
  }

  sessionOfKey(accessKeyId: string): string | undefined {
    return this.#tables.sessionOfKey.get(accessKeyId);
  }

  wasEvicted(key: string): boolean {
    return this.#tables.evicted.has(key);
  }

  /**
   * Everything that is remembered. A row may change while others are written: any mixture is a state that could have
   * been.
   */
  *dump(): Generator<readonly unknown[]> {
    for (const row of dumpRows(this.#tables)) yield lineOf(row);
  }

  /** One row of what is remembered. */
  stored(kind: ForgottenKind, key: string): StoredRow | undefined {
    return storedRow(this.#tables, kind, key);
  }

  /** Takes a row of `dump` back; false where it is none. */
  restore(line: unknown, now: number): boolean {
    const row = rowOfLine(line);
    if (row === undefined) return false;
    this.absorb(row, now);
    return true;
  }

  /** Takes a row of a snapshot, or of another replica's: the union of what it says and what is known. */
  absorb(stored: SnapshotRow, now: number): void {
    this.passTo(now);
    absorbRow(this.#tables, stored);
  }

  #learnIssuance({ subject, claim }: Issuance): void {
    if (isMadeSubject(subject)) {
      this.#tables.addMakers(subject, [claim]);
      this.#keepParents(claim, this.#tables.minute + MADE_KEPT_MINUTES);
      return;
    }
    const retention = retentionMinutes(claim);
    const keepUntil = this.#tables.minute + retention;
    const row = this.#claimRow(subject, claim, keepUntil, retention);
    if (row.first !== undefined) this.#keepParents(row.first, row.keepUntil);
    if (claim.session === undefined) return;
    const session = this.#sessionRow(claim.session, row.owner);
    session.prolong(keepUntil);
    session.issued = withText(session.issued, row.key, MOST_ISSUED);
    // The use may have come first.
    if (session.firstSeen !== undefined || this.#tables.sessions.peek(subject) !== undefined)
      this.#tables.claims.promote(row);
  }

  #claimRow(subject: string, claim: Claim, keepUntil: number, retention: number): ClaimRow {
    const { claims, pool, minute } = this.#tables;
    const pooled = pool.claim(claim);
    const known = claims.get(subject, minute);
    if (known !== undefined) {
      known.add([pooled], keepUntil);
      return known;
    }
    const row = new ClaimRow(subject, pool.text(ownerOf(claim)), keepUntil, retention, pooled);
    claims.add(row, minute);
    return row;
  }

  #learnUse(use: Use): boolean {
    const { accessKeyId, sighting } = use;
    const claims =
      accessKeyId === undefined ? undefined : this.#tables.claims.get(accessKeyId, this.#tables.minute);
    // Where the requester is known the row counts for them: two callers of one role do not share a quota.
    const row =
      this.#tables.sessions.held(claims?.session, use.session, this.#tables.minute) ??
      this.#sessionRow(use.session, claims?.owner ?? use.principal);
    const { keepUntil, firstSeen, publicUses, earliestPrivate, addresses } = row;
    const { clients, isConsole, isWorkload, pending, pendingUnnamed } = row;
    row.keepUntil = this.#tables.minute + LONGEST_RETENTION_MINUTES;
    this.#tables.sessions.promote(row);
    mergeUse(row, use);
    if (sighting !== undefined && row.publicUses !== publicUses) this.#keepPublic(row, sighting);
    if (sighting !== undefined && row.earliestPrivate === sighting)
      row.earliestPrivate = this.#tables.pool.sighting(sighting);
    if (row.addresses !== addresses && typeof row.addresses === 'string')
      row.addresses = this.#tables.pool.text(row.addresses);
    if (row.clients !== clients) row.clients = this.#tables.pool.texts(row.clients);
    // Where the key was seen before nothing of it is new, and most uses are such.
    const isElsewhere =
      accessKeyId !== undefined && claims?.session !== row && claims?.isFor(row.key) !== true;
    const isNewKey = isElsewhere && this.#tables.noteKey(accessKeyId, row.key);
    if (claims === undefined) this.#learnUnissuedUse(use, row);
    else {
      claims.session = row;
      this.#used(claims);
    }
    return (
      isNewKey ||
      row.keepUntil !== keepUntil ||
      row.firstSeen !== firstSeen ||
      row.publicUses !== publicUses ||
      row.earliestPrivate !== earliestPrivate ||
      row.addresses !== addresses ||
      row.clients !== clients ||
      row.isConsole !== isConsole ||
      row.isWorkload !== isWorkload ||
      row.pending !== pending ||
      row.pendingUnnamed !== pendingUnnamed
    );
  }

  #keepPublic(row: SessionRow, sighting: Sighting): void {
    const kept = this.#tables.pool.sighting(sighting);
    if (row.earliestPublic === sighting) row.earliestPublic = kept;
    else if (row.earliestOfOtherFamily === sighting) row.earliestOfOtherFamily = kept;
  }

  #learnUnissuedUse(use: Use, row: SessionRow): void {
    // The key of a session that a program asked for is the one issued: of another an issuance may still come.
    let isAwaited = use.accessKeyId !== undefined || sizeOf(row.issued) === 0;
    for (const subject of textsOf(row.issued)) {
      const issued = this.#tables.claims.get(subject, this.#tables.minute);
      if (issued !== undefined) this.#used(issued);
      // The console signs with keys of its own, whoever asked for the session.
      if (row.isConsole || issued?.first === undefined || !isUsedByItsAsker(issued.first)) isAwaited = false;
    }
    if (!isAwaited) return;
    const before = sizeOf(row.pending);
    addPending(row, use, this.#tables.mayNamePending);
    this.#tables.pending += sizeOf(row.pending) - before;
  }

  #used(row: ClaimRow): void {
    row.prolong(this.#tables.minute + row.retention);
    this.#tables.claims.promote(row);
    if (row.first !== undefined) this.#keepParents(row.first, row.keepUntil);
  }

  /** A chain that loses its upper end tells nothing: parents live as long as their children. */
  #keepParents(child: Claim, keepUntil: number): void {
    let claim: Claim | undefined = child;
    for (let step = 0; step < MOST_STEPS && claim !== undefined; step++) {
      const parentKey: string | undefined = claim.requester.accessKeyId;
      if (parentKey === undefined || !parentKey.startsWith('ASIA')) return;
      const row: ClaimRow | undefined = this.#tables.claims.get(parentKey, this.#tables.minute);
      if (row === undefined || row.keepUntil >= keepUntil) return;
      row.keepUntil = keepUntil;
      claim = row.first;
    }
  }

  #sessionRow(key: string, owner: string): SessionRow {
    const known = this.#tables.sessions.get(key, this.#tables.minute);
    if (known !== undefined) return known;
    const row = new SessionRow(key, this.#tables.pool.text(owner), this.#tables.minute);
    this.#tables.sessions.add(row, this.#tables.minute);
    return row;
  }
}
