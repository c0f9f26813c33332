import { type KeptRow, RowList } from './row-list.ts';

/** One segment: its rows by age, all together and for each owner. */
class Segment<Row extends KeptRow> {
  readonly rows = new RowList<Row>('InSegment');
  readonly #owners = new Map<string, RowList<Row>>();
  /** Owners that hold more than their quota: the first to give way. */
  readonly #overQuota = new Set<RowList<Row>>();
  readonly #quota: number;

  constructor(quota: number) {
    this.#quota = quota;
  }

  add(row: Row): void {
    let list = this.#owners.get(row.owner);
    if (list === undefined) {
      list = new RowList('OfOwner');
      this.#owners.set(row.owner, list);
    }
    list.add(row);
    if (list.size > this.#quota) this.#overQuota.add(list);
    this.rows.add(row);
  }

  remove(row: Row): void {
    this.rows.remove(row);
    const list = this.#owners.get(row.owner);
    if (list === undefined) return;
    list.remove(row);
    if (list.size <= this.#quota) this.#overQuota.delete(list);
    if (list.size === 0) this.#owners.delete(row.owner);
  }

  /** The row to give up when room is needed. */
  victim(): Row | undefined {
    for (const list of this.#overQuota) return list.victim();
    return this.rows.victim();
  }
}

export interface RowLimits<Row> {
  /** Rows in both segments together. */
  readonly most: number;
  /** Called with a row that leaves; `isEvicted` where it had to make room before its time. */
  readonly onLeave: (row: Row, isEvicted: boolean) => void;
}

/** Rows never used may fill what is free, and keep this share when it is not. */
const PROBATION_SHARE = 1 / 5;
const QUOTA_SHARE = 1 / 10;

/** The `keepUntil` of a row that was removed, for those that still refer to it. */
const GONE = -1;

/**
 * Rows in two segments: on probation until first used (unless they come protected), then protected. When room is
 * needed, a principal over its quota gives up a row that it has not used of late; only where there is none does such a
 * row of anyone go. So neither a flood of issuances nor one of issuances that are each used once evicts the sessions
 * of others.
 */
export class SegmentedRows<Row extends KeptRow> {
  readonly #rows = new Map<string, Row>();
  readonly #probation: Segment<Row>;
  readonly #protected: Segment<Row>;
  readonly #limits: RowLimits<Row>;
  /** One event reads the same row when it merges and when it answers: among a million, a look-up is what costs. */
  #last: Row | undefined;
  /** Reading what was just put there is not a use. */
  #added: Row | undefined;

  constructor(limits: RowLimits<Row>) {
    const quota = Math.max(1, Math.floor(limits.most * QUOTA_SHARE));
    this.#probation = new Segment(quota);
    this.#protected = new Segment(quota);
    this.#limits = limits;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Reading counts as use for the order of eviction: the requesters above a session in use stay as long as it does. */
  get(key: string, minute: number): Row | undefined {
    const row = this.#last?.key === key ? this.#last : this.#rows.get(key);
    if (row === undefined) return undefined;
    if (row.keepUntil < minute) {
      this.#remove(row, false);
      return undefined;
    }
    if (row !== this.#added) row.wasRead = true;
    this.#last = row;
    return row;
  }

  /** `row` itself where it is still held under `key`: spares the look-up of a row that another one leads to. */
  held(row: Row | undefined, key: string, minute: number): Row | undefined {
    if (row === undefined || row.keepUntil < minute || row.key !== key) return undefined;
    row.wasRead = true;
    this.#last = row;
    return row;
  }

  /** Without counting as use. */
  peek(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  add(row: Row, minute: number): void {
    this.#dropExpired(this.#probation, minute);
    this.#dropExpired(this.#protected, minute);
    while (this.#rows.size >= this.#limits.most) this.#evict(minute);
    this.#added = row;
    this.#rows.set(row.key, row);
    this.#segmentOf(row).add(row);
  }

  /** Moves a row out of probation at its first use. */
  promote(row: Row): void {
    if (row.isProtected) return;
    this.#probation.remove(row);
    row.isProtected = true;
    this.#protected.add(row);
  }

  /** The oldest first, protected ones last: added again in this order they end in this order. */
  rows(): Row[] {
    return [...this.#probation.rows.rows(), ...this.#protected.rows.rows()];
  }

  #segmentOf(row: Row): Segment<Row> {
    return row.isProtected ? this.#protected : this.#probation;
  }

  #remove(row: Row, isEvicted: boolean): void {
    if (this.#last === row) this.#last = undefined;
    if (this.#added === row) this.#added = undefined;
    this.#rows.delete(row.key);
    this.#segmentOf(row).remove(row);
    row.keepUntil = GONE;
    this.#limits.onLeave(row, isEvicted);
  }

  /** At most one row a time: the cost of a clean-up is spread over the rows that come. */
  #dropExpired(segment: Segment<Row>, minute: number): void {
    const row = segment.rows.oldest;
    if (row !== undefined && row.keepUntil < minute) this.#remove(row, false);
  }

  #evict(minute: number): void {
    const probation = this.#probation.rows.size;
    const fromProbation = probation > this.#limits.most * PROBATION_SHARE || probation === this.#rows.size;
    const row = (fromProbation ? this.#probation : this.#protected).victim();
    if (row !== undefined) this.#remove(row, row.keepUntil >= minute);
  }
}
