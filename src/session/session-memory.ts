import { secondsNear } from './credential-key.ts';
import { LONGEST_RETENTION_MINUTES } from './retention.ts';
import { NO_ROW } from './row-cells.ts';
import { SegmentedRows } from './segmented-rows.ts';
import { SessionCells } from './session-cells.ts';
import { areSameFacts, MOST_ISSUED, mergeFacts, type SessionFacts, type Sighting } from './session-facts.ts';
import { sizeOf, withText } from './small-set.ts';
import type { StoredSession } from './stored-row.ts';
import { hashBegun, hashEnded } from './text-hash.ts';
import { addPending, mergeUse, type Use } from './use.ts';
import type { ValuePool } from './value-pool.ts';

/** A session may name a hundred pending uses, but where issuances are not logged at all every session would. */
const PENDING_A_SESSION = 4;
const DIGIT_ZERO = 0x30;

/** Sessions in use, and those that were issued. Rows are numbers, which hold until something is learned that takes their room. */
export class SessionMemory {
  readonly #cells = new SessionCells();
  readonly #rows: SegmentedRows;
  readonly #pool: ValuePool;
  readonly #mostPending: number;

  constructor(most: number, pool: ValuePool, onLeave: (key: string, isEvicted: boolean) => void) {
    this.#pool = pool;
    this.#mostPending = most * PENDING_A_SESSION;
    this.#rows = new SegmentedRows(this.#cells.cells, {
      most,
      onLeave: (row, isEvicted) => {
        onLeave(this.#cells.cells.key(row), isEvicted);
        this.#cells.forget(row);
      },
    });
  }

  get size(): number {
    return this.#rows.size;
  }

  /** `NO_ROW` where nothing is known. */
  find(key: string, minute: number): number {
    return this.#rows.get(key, minute);
  }

  /** Rows of a principal's sessions that were created within two seconds (`sessionKeysNear`), the nearest first. */
  near(principalId: string, createdAt: number, minute: number): readonly number[] {
    const [nearest, ...others] = secondsNear(principalId, createdAt);
    if (nearest === undefined) return [];
    const key = `${principalId}@${nearest}`;
    const row = this.find(key, minute);
    const rows = row === NO_ROW ? [] : [row];
    const begun = hashBegun(key);
    for (const second of others) {
      // These are seldom there; for those that differ in the last digit alone the hash tells it, without the key.
      const isAlike = second > 9 && Math.floor(second / 10) === Math.floor(nearest / 10);
      if (isAlike && !this.#rows.mayHave(hashEnded(begun, DIGIT_ZERO + (second % 10)))) continue;
      const other = this.find(`${principalId}@${second}`, minute);
      if (other !== NO_ROW) rows.push(other);
    }
    return rows;
  }

  /** Without counting as use. */
  has(key: string): boolean {
    return this.#rows.peek(key) !== NO_ROW;
  }

  /** @param owner who the row counts for, where it comes only now */
  row(key: string, owner: string, minute: number): number {
    const known = this.find(key, minute);
    return known === NO_ROW ? this.#rows.add(key, owner, minute, minute) : known;
  }

  /** `row` itself where it is still that of `key`: spares the look-up where another row leads to it. */
  held(row: number, key: string, minute: number): number {
    return this.#rows.held(row, key, minute);
  }

  /** To be used before the row changes. */
  told(row: number): Readonly<SessionFacts> {
    return this.#cells.told(row);
  }

  isSeen(row: number): boolean {
    return this.#cells.isSeen(row);
  }

  learnIssuance(row: number, subject: string, keepUntil: number): void {
    this.#rows.keep(row, keepUntil);
    const before = this.#cells.told(row).issued;
    const issued = withText(before, subject, MOST_ISSUED);
    if (issued !== before) this.#cells.write(row, { ...this.#cells.read(row), issued });
  }

  /**
   * False where nothing was added.
   * @param isAwaited whether the issuance of the key is not known, and may still come
   */
  learnUse(row: number, use: Use, isAwaited: boolean, minute: number): boolean {
    const keepUntil = minute + LONGEST_RETENTION_MINUTES;
    const isKeptLonger = keepUntil !== this.#rows.keepUntil(row);
    this.#rows.keep(row, keepUntil);
    this.#rows.promote(row);
    if (!isAwaited && this.#cells.has(row, use)) return isKeptLonger;
    return this.#merge(row, use, isAwaited) || isKeptLonger;
  }

  restore([, key, owner, keepUntil, isProtected, facts]: StoredSession, minute: number): void {
    let row = this.find(key, minute);
    if (row === NO_ROW) row = this.#rows.add(key, owner, keepUntil, minute, isProtected);
    else this.#rows.keep(row, keepUntil);
    const merged = this.#cells.read(row);
    mergeFacts(merged, facts);
    this.#cells.write(row, merged);
  }

  stored(key: string): StoredSession | undefined {
    const row = this.#rows.peek(key);
    return row === NO_ROW ? undefined : this.#stored(row);
  }

  /** Rows may go and others come while it runs. */
  *dump(): Generator<StoredSession> {
    for (const row of this.#rows.rows()) if (this.#rows.isHeld(row)) yield this.#stored(row);
  }

  #stored(row: number): StoredSession {
    const [rows, key] = [this.#rows, this.#cells.cells.key(row)];
    const facts = this.#cells.read(row);
    return ['session', key, rows.owner(row), rows.keepUntil(row), rows.isProtected(row), facts];
  }

  #merge(row: number, use: Use, isAwaited: boolean): boolean {
    const kept = this.#cells.kept(row);
    const facts = kept ?? this.#cells.read(row);
    const before = { ...facts };
    mergeUse(facts, use);
    if (isAwaited && facts.issued === undefined)
      addPending(facts, use, this.#cells.pending < this.#mostPending);
    if (areSameFacts(before, facts)) return false;
    this.#poolNew(facts, use.sighting);
    if (kept === undefined) this.#cells.write(row, facts);
    else this.#cells.notePending(sizeOf(facts.pending) - sizeOf(before.pending));
    return true;
  }

  #poolNew(facts: SessionFacts, sighting: Sighting | undefined): void {
    if (sighting === undefined) return;
    if (facts.earliestPublic === sighting) facts.earliestPublic = this.#pool.sighting(sighting);
    if (facts.earliestPrivate === sighting) facts.earliestPrivate = this.#pool.sighting(sighting);
    if (typeof facts.addresses === 'string') facts.addresses = this.#pool.text(facts.addresses);
  }
}
