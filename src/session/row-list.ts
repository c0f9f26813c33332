/** What every stored row carries for the store itself. The links are fields of the row: a list costs no memory of its own. */
export class Kept<Row> {
  readonly key: string;
  row: Row;
  /** The requesting principal that it counts for. */
  readonly owner: string;
  /** Service clock, milliseconds. */
  keepUntil: number;
  isProtected = false;
  olderInSegment: Kept<Row> | undefined = undefined;
  newerInSegment: Kept<Row> | undefined = undefined;
  olderOfOwner: Kept<Row> | undefined = undefined;
  newerOfOwner: Kept<Row> | undefined = undefined;

  constructor(key: string, row: Row, owner: string, keepUntil: number) {
    this.key = key;
    this.row = row;
    this.owner = owner;
    this.keepUntil = keepUntil;
  }
}

/**
 * Rows in the order of their last use, as a linked list: any row is added, moved and removed in constant time. A
 * cache of a library would do for the order, but not for a row that is in two orders at once; and lru-cache clears
 * its whole arrays when its only entry is deleted, which is what happens when an issuance is used at once.
 */
export class RowList<Row> {
  oldest: Kept<Row> | undefined;
  newest: Kept<Row> | undefined;
  size = 0;
  readonly #older: 'olderInSegment' | 'olderOfOwner';
  readonly #newer: 'newerInSegment' | 'newerOfOwner';

  constructor(order: 'InSegment' | 'OfOwner') {
    this.#older = `older${order}`;
    this.#newer = `newer${order}`;
  }

  add(kept: Kept<Row>): void {
    kept[this.#older] = this.newest;
    kept[this.#newer] = undefined;
    if (this.newest === undefined) this.oldest = kept;
    else this.newest[this.#newer] = kept;
    this.newest = kept;
    this.size++;
  }

  remove(kept: Kept<Row>): void {
    const older = kept[this.#older];
    const newer = kept[this.#newer];
    if (older === undefined) this.oldest = newer;
    else older[this.#newer] = newer;
    if (newer === undefined) this.newest = older;
    else newer[this.#older] = older;
    kept[this.#older] = undefined;
    kept[this.#newer] = undefined;
    this.size--;
  }

  touch(kept: Kept<Row>): void {
    if (this.newest === kept) return;
    this.remove(kept);
    this.add(kept);
  }

  *keys(): Generator<string> {
    for (let kept = this.oldest; kept !== undefined; kept = kept[this.#newer]) yield kept.key;
  }
}
