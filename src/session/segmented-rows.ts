import {
  FLAGS,
  HASH,
  IS_PROTECTED,
  KEEP_UNTIL,
  NO_ROW,
  OWNER,
  type RowCells,
  WAS_READ,
} from './row-cells.ts';
import { RowIndex } from './row-index.ts';
import { RowList } from './row-list.ts';
import { RowOwners } from './row-owners.ts';
import { hashOf } from './text-hash.ts';

/** One segment: its rows by age, all together and for each owner. */
class Segment {
  readonly rows: RowList;
  readonly #name: 'probation' | 'protected';
  readonly #cells: RowCells;
  readonly #owners: RowOwners;
  /** Owners that hold more than their quota: the first to give way. */
  readonly #overQuota = new Set<RowList>();
  readonly #quota: number;

  constructor(name: 'probation' | 'protected', cells: RowCells, owners: RowOwners, quota: number) {
    this.#name = name;
    this.#cells = cells;
    this.#owners = owners;
    this.#quota = quota;
    this.rows = new RowList(cells, 'segment');
  }

  add(row: number): void {
    const list = this.#ofOwner(row);
    list.add(row);
    if (list.size > this.#quota) this.#overQuota.add(list);
    this.rows.add(row);
  }

  remove(row: number): void {
    this.rows.remove(row);
    const list = this.#ofOwner(row);
    list.remove(row);
    if (list.size <= this.#quota) this.#overQuota.delete(list);
  }

  /** The row to give up when room is needed. */
  victim(): number {
    for (const list of this.#overQuota) return list.victim();
    return this.rows.victim();
  }

  #ofOwner(row: number): RowList {
    return this.#owners.rows(this.#cells.get(row, OWNER), this.#name);
  }
}

export interface RowLimits {
  /** Rows in both segments together. */
  readonly most: number;
  /** Called with a row that is no longer found, and can still be read; `isEvicted` where it had to make room before its time. */
  readonly onLeave: (row: number, isEvicted: boolean) => void;
}

/** Rows never used may fill what is free, and keep this share when it is not. */
const PROBATION_SHARE = 1 / 5;
const QUOTA_SHARE = 1 / 10;

/**
 * Rows in two segments: on probation until first used, then protected. When room is needed, a principal over its
 * quota gives up a row that it has not used of late; only where there is none does such a row of anyone go. So
 * neither a flood of issuances nor one of issuances that are each used once evicts the sessions of others.
 */
export class SegmentedRows {
  readonly #cells: RowCells;
  readonly #index: RowIndex;
  readonly #owners: RowOwners;
  readonly #probation: Segment;
  readonly #protected: Segment;
  readonly #limits: RowLimits;
  #size = 0;
  /** One event reads the same row when it merges and when it answers: among a million, a look-up is what costs. */
  #last = NO_ROW;
  #lastKey = '';
  /** Reading what was just put there is not a use. */
  #added = NO_ROW;

  constructor(cells: RowCells, limits: RowLimits) {
    const quota = Math.max(1, Math.floor(limits.most * QUOTA_SHARE));
    this.#cells = cells;
    this.#index = new RowIndex(cells, limits.most);
    this.#owners = new RowOwners(cells);
    this.#probation = new Segment('probation', cells, this.#owners, quota);
    this.#protected = new Segment('protected', cells, this.#owners, quota);
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** Reading counts as use for the order of eviction: the requesters above a session in use stay as long as it does. */
  get(key: string, minute: number): number {
    const row = this.peek(key);
    if (row === NO_ROW) return NO_ROW;
    if (this.#cells.get(row, KEEP_UNTIL) < minute) {
      this.#remove(row, false);
      return NO_ROW;
    }
    if (row !== this.#added) this.#mark(row);
    return row;
  }

  /** False where no key of this hash is held (text-hash.ts). */
  mayHave(hash: number): boolean {
    return this.#index.mayFind(hash);
  }

  /** `row` itself where it is still held under `key`: spares the look-up of a row that another one leads to. */
  held(row: number, key: string, minute: number): number {
    if (row === NO_ROW) return NO_ROW;
    if (!this.#cells.hasKey(row, key)) return NO_ROW;
    this.#keepInMind(row, key);
    return this.get(key, minute);
  }

  /** Without counting as use. */
  peek(key: string): number {
    if (this.#last !== NO_ROW && this.#lastKey === key) return this.#last;
    const row = this.#index.find(key, hashOf(key));
    if (row !== NO_ROW) this.#keepInMind(row, key);
    return row;
  }

  /** A row with nothing in it but its key, its owner, and how long it is kept. */
  add(key: string, owner: string, keepUntil: number, minute: number, isProtected = false): number {
    this.#dropExpired(this.#probation, minute);
    this.#dropExpired(this.#protected, minute);
    while (this.#size >= this.#limits.most) this.#evict(minute);
    const row = this.#cells.take(key);
    this.#cells.set(row, HASH, hashOf(key));
    this.#cells.set(row, KEEP_UNTIL, keepUntil);
    this.#cells.set(row, FLAGS, isProtected ? IS_PROTECTED : 0);
    this.#cells.set(row, OWNER, this.#owners.numberOf(owner));
    this.#index.add(row);
    this.#segmentOf(row).add(row);
    this.#size++;
    this.#added = row;
    this.#keepInMind(row, key);
    return row;
  }

  /** Moves a row out of probation at its first use. */
  promote(row: number): void {
    if (this.isProtected(row)) return;
    this.#probation.remove(row);
    this.#cells.set(row, FLAGS, this.#cells.get(row, FLAGS) | IS_PROTECTED);
    this.#protected.add(row);
  }

  isProtected(row: number): boolean {
    return (this.#cells.get(row, FLAGS) & IS_PROTECTED) !== 0;
  }

  owner(row: number): string {
    return this.#owners.name(this.#cells.get(row, OWNER));
  }

  /** Whether the number stands for a row; another one than before, maybe. */
  isHeld(row: number): boolean {
    return this.#cells.isTaken(row);
  }

  keepUntil(row: number): number {
    return this.#cells.get(row, KEEP_UNTIL);
  }

  /** Longer, never shorter. */
  keep(row: number, minute: number): void {
    if (minute > this.#cells.get(row, KEEP_UNTIL)) this.#cells.set(row, KEEP_UNTIL, minute);
  }

  /** The oldest first, protected ones last: added again in this order they end in this order. */
  rows(): number[] {
    return [...this.#probation.rows.rows(), ...this.#protected.rows.rows()];
  }

  /** What is as it was is not written: memory that was only read need not be written back. */
  #mark(row: number): void {
    const flags = this.#cells.get(row, FLAGS);
    if ((flags & WAS_READ) === 0) this.#cells.set(row, FLAGS, flags | WAS_READ);
  }

  #keepInMind(row: number, key: string): void {
    this.#last = row;
    this.#lastKey = key;
  }

  #segmentOf(row: number): Segment {
    return this.isProtected(row) ? this.#protected : this.#probation;
  }

  #remove(row: number, isEvicted: boolean): void {
    if (this.#last === row) this.#last = NO_ROW;
    if (this.#added === row) this.#added = NO_ROW;
    this.#index.remove(row);
    this.#segmentOf(row).remove(row);
    this.#owners.leave(this.#cells.get(row, OWNER));
    this.#size--;
    this.#limits.onLeave(row, isEvicted);
    this.#cells.release(row);
  }

  /** At most one row a time: the cost of a clean-up is spread over the rows that come. */
  #dropExpired(segment: Segment, minute: number): void {
    const row = segment.rows.oldest;
    if (row !== NO_ROW && this.#cells.get(row, KEEP_UNTIL) < minute) this.#remove(row, false);
  }

  #evict(minute: number): void {
    const probation = this.#probation.rows.size;
    const fromProbation = probation > this.#limits.most * PROBATION_SHARE || probation === this.#size;
    const row = (fromProbation ? this.#probation : this.#protected).victim();
    if (row !== NO_ROW) this.#remove(row, this.#cells.get(row, KEEP_UNTIL) >= minute);
  }
}
