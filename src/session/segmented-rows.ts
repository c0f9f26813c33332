import { type Kept, RowList } from './row-list.ts';

/** One segment: its rows by last use, all together and for each owner. */
class Segment<Row> {
  readonly rows = new RowList<Row>('InSegment');
  readonly #owners = new Map<string, RowList<Row>>();
  /** Owners that hold more than their quota: the first to give way. */
  readonly #overQuota = new Set<RowList<Row>>();
  readonly #quota: number;

  constructor(quota: number) {
    this.#quota = quota;
  }

  add(kept: Kept<Row>): void {
    let list = this.#owners.get(kept.owner);
    if (list === undefined) {
      list = new RowList('OfOwner');
      this.#owners.set(kept.owner, list);
    }
    list.add(kept);
    if (list.size > this.#quota) this.#overQuota.add(list);
    this.rows.add(kept);
  }

  remove(kept: Kept<Row>): void {
    this.rows.remove(kept);
    const list = this.#owners.get(kept.owner);
    if (list === undefined) return;
    list.remove(kept);
    if (list.size <= this.#quota) this.#overQuota.delete(list);
    if (list.size === 0) this.#owners.delete(kept.owner);
  }

  touch(kept: Kept<Row>): void {
    if (this.rows.newest === kept) return;
    this.rows.touch(kept);
    this.#owners.get(kept.owner)?.touch(kept);
  }

  /** The row to give up when room is needed. */
  victim(): Kept<Row> | undefined {
    for (const list of this.#overQuota) return list.oldest;
    return this.rows.oldest;
  }
}

export interface RowLimits {
  /** Rows in both segments together. */
  readonly most: number;
  /** Called with the key of a row that had to make room before its time. */
  readonly onEvict: (key: string) => void;
}

/** Rows never used may fill what is free, and keep this share when it is not. */
const PROBATION_SHARE = 1 / 5;
const QUOTA_SHARE = 1 / 10;

/**
 * Rows in two segments: on probation until first used, then protected. When room is needed, a principal over its
 * quota gives up its least recently used row; only where there is none does the least recently used row of all go.
 * So neither a flood of issuances nor one of issuances that are each used once evicts the sessions of others.
 */
export class SegmentedRows<Row> {
  readonly #rows = new Map<string, Kept<Row>>();
  readonly #probation: Segment<Row>;
  readonly #protected: Segment<Row>;
  readonly #limits: RowLimits;

  constructor(limits: RowLimits) {
    const quota = Math.max(1, Math.floor(limits.most * QUOTA_SHARE));
    this.#probation = new Segment(quota);
    this.#protected = new Segment(quota);
    this.#limits = limits;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Reading counts as use for the order of eviction: the requesters above a session in use stay as long as it does. */
  get(key: string, now: number): Kept<Row> | undefined {
    const kept = this.#rows.get(key);
    if (kept === undefined) return undefined;
    if (kept.keepUntil < now) {
      this.#remove(kept);
      return undefined;
    }
    this.#segmentOf(kept).touch(kept);
    return kept;
  }

  /** Without counting as use. */
  peek(key: string): Kept<Row> | undefined {
    return this.#rows.get(key);
  }

  add(kept: Kept<Row>, now: number): void {
    this.#dropExpired(this.#probation, now);
    this.#dropExpired(this.#protected, now);
    while (this.#rows.size >= this.#limits.most) this.#evict(now);
    this.#rows.set(kept.key, kept);
    this.#segmentOf(kept).add(kept);
  }

  /** Moves a row out of probation at its first use. */
  promote(kept: Kept<Row>): void {
    if (kept.isProtected) return;
    this.#probation.remove(kept);
    kept.isProtected = true;
    this.#protected.add(kept);
  }

  /** The least recently used first, protected ones last: added again in this order they end in this order. */
  keys(): string[] {
    return [...this.#probation.rows.keys(), ...this.#protected.rows.keys()];
  }

  #segmentOf(kept: Kept<Row>): Segment<Row> {
    return kept.isProtected ? this.#protected : this.#probation;
  }

  #remove(kept: Kept<Row>): void {
    this.#rows.delete(kept.key);
    this.#segmentOf(kept).remove(kept);
  }

  /** At most one row a time: the cost of a clean-up is spread over the rows that come. */
  #dropExpired(segment: Segment<Row>, now: number): void {
    const kept = segment.rows.oldest;
    if (kept !== undefined && kept.keepUntil < now) this.#remove(kept);
  }

  #evict(now: number): void {
    const probation = this.#probation.rows.size;
    const fromProbation = probation > this.#limits.most * PROBATION_SHARE || probation === this.#rows.size;
    const kept = (fromProbation ? this.#probation : this.#protected).victim();
    if (kept === undefined) return;
    this.#remove(kept);
    if (kept.keepUntil >= now) this.#limits.onEvict(kept.key);
  }
}
