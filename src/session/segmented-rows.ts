import { LRUCache } from 'lru-cache';

/** What every stored row carries for the store itself. */
export class Kept<Row> {
  readonly key: string;
  row: Row;
  readonly owner: string;
  /** Service clock, milliseconds. */
  keepUntil: number;
  list: OwnedRows<Row> | undefined;
  older: Kept<Row> | undefined;
  newer: Kept<Row> | undefined;

  constructor(key: string, row: Row, owner: string, keepUntil: number) {
    this.key = key;
    this.row = row;
    this.owner = owner;
    this.keepUntil = keepUntil;
    this.list = undefined;
    this.older = undefined;
    this.newer = undefined;
  }
}

/** The rows of one requesting principal in one segment, oldest first: a linked list, so that any of them leaves in constant time. */
class OwnedRows<Row> {
  readonly segment: Segment<Row>;
  oldest: Kept<Row> | undefined;
  newest: Kept<Row> | undefined;
  size = 0;

  constructor(segment: Segment<Row>) {
    this.segment = segment;
  }

  add(kept: Kept<Row>): void {
    kept.list = this;
    kept.older = this.newest;
    kept.newer = undefined;
    if (this.newest === undefined) this.oldest = kept;
    else this.newest.newer = kept;
    this.newest = kept;
    this.size++;
  }

  remove(kept: Kept<Row>): void {
    if (kept.older === undefined) this.oldest = kept.newer;
    else kept.older.newer = kept.newer;
    if (kept.newer === undefined) this.newest = kept.older;
    else kept.newer.older = kept.older;
    kept.list = undefined;
    kept.older = undefined;
    kept.newer = undefined;
    this.size--;
  }
}

/** One segment: rows by recency, and the same rows by owner. */
class Segment<Row> {
  readonly rows: LRUCache<string, Kept<Row>>;
  readonly #owners = new Map<string, OwnedRows<Row>>();
  /** Owners that hold more than their quota: the first to give way. */
  readonly #overQuota = new Set<OwnedRows<Row>>();
  readonly #quota: number;

  constructor(most: number, quota: number) {
    this.rows = new LRUCache({ max: most });
    this.#quota = quota;
  }

  add(kept: Kept<Row>): void {
    let list = this.#owners.get(kept.owner);
    if (list === undefined) {
      list = new OwnedRows(this);
      this.#owners.set(kept.owner, list);
    }
    list.add(kept);
    if (list.size > this.#quota) this.#overQuota.add(list);
    this.rows.set(kept.key, kept);
  }

  remove(kept: Kept<Row>): void {
    const list = kept.list;
    this.rows.delete(kept.key);
    if (list === undefined) return;
    list.remove(kept);
    if (list.size <= this.#quota) this.#overQuota.delete(list);
    if (list.size === 0) this.#owners.delete(kept.owner);
  }

  /** The row to give up when room is needed. */
  victim(): Kept<Row> | undefined {
    for (const list of this.#overQuota) return list.oldest;
    return this.leastRecent();
  }

  leastRecent(): Kept<Row> | undefined {
    for (const kept of this.rows.rvalues()) return kept;
    return undefined;
  }
}

export interface RowLimits {
  /** Rows in both segments together. */
  readonly most: number;
  /** Called with a row that had to make room before its time. */
  readonly onEvict: (key: string) => void;
}

/** Rows never used may fill what is free, and keep this share when it is not. */
const PROBATION_SHARE = 1 / 5;
const QUOTA_SHARE = 1 / 10;

/**
 * Rows in two segments: on probation until first used, then protected. When room is needed, a principal over its
 * quota gives up its oldest row; only where there is none does the least recently used row go. So neither a flood
 * of issuances nor one of issuances that are each used once evicts the sessions of others.
 */
export class SegmentedRows<Row> {
  readonly #probation: Segment<Row>;
  readonly #protected: Segment<Row>;
  readonly #limits: RowLimits;

  constructor(limits: RowLimits) {
    const quota = Math.max(1, Math.floor(limits.most * QUOTA_SHARE));
    this.#probation = new Segment(limits.most, quota);
    this.#protected = new Segment(limits.most, quota);
    this.#limits = limits;
  }

  get size(): number {
    return this.#probation.rows.size + this.#protected.rows.size;
  }

  /** Reading counts as use for the order of eviction: the requesters above a session in use stay as long as it does. */
  get(key: string, now: number): Kept<Row> | undefined {
    const kept = this.#protected.rows.get(key) ?? this.#probation.rows.get(key);
    if (kept === undefined || kept.keepUntil >= now) return kept;
    kept.list?.segment.remove(kept);
    return undefined;
  }

  /** Without counting as use. */
  has(key: string): boolean {
    return this.#protected.rows.has(key) || this.#probation.rows.has(key);
  }

  add(kept: Kept<Row>, now: number): void {
    this.#dropExpired(now);
    while (this.size >= this.#limits.most) this.#evict(now);
    this.#probation.add(kept);
  }

  /** Moves a row out of probation at its first use. */
  promote(kept: Kept<Row>): void {
    if (kept.list?.segment !== this.#probation) return;
    this.#probation.remove(kept);
    this.#protected.add(kept);
  }

  /** Keys of the least recently used first, protected ones last: added again in this order they end in this order. */
  keys(): string[] {
    return [...this.#probation.rows.rkeys(), ...this.#protected.rows.rkeys()];
  }

  /** Without counting as use. */
  peek(key: string): Kept<Row> | undefined {
    return this.#protected.rows.peek(key) ?? this.#probation.rows.peek(key);
  }

  isProtected(kept: Kept<Row>): boolean {
    return kept.list?.segment === this.#protected;
  }

  /** At most one of each segment: the cost of a clean-up is spread over the rows that come. */
  #dropExpired(now: number): void {
    for (const segment of [this.#probation, this.#protected]) {
      const kept = segment.leastRecent();
      if (kept !== undefined && kept.keepUntil < now) segment.remove(kept);
    }
  }

  #evict(now: number): void {
    const fromProbation =
      this.#probation.rows.size > this.#limits.most * PROBATION_SHARE || this.#protected.rows.size === 0;
    const segment = fromProbation ? this.#probation : this.#protected;
    const kept = segment.victim();
    if (kept === undefined) return;
    segment.remove(kept);
    if (kept.keepUntil >= now) this.#limits.onEvict(kept.key);
  }
}
