/**
 * What every stored row carries for the store itself. There may be millions of rows, so the links of the lists that
 * a row is in are fields of the row, and times are whole minutes, which V8 keeps in the field itself.
 */
export abstract class KeptRow {
  readonly key: string;
  /** The requesting principal that it counts for. */
  readonly owner: string;
  /** Service clock, minutes since the epoch. */
  keepUntil: number;
  isProtected = false;
  /** Read since it was last looked at for eviction. */
  wasRead = false;
  olderInSegment: this | undefined = undefined;
  newerInSegment: this | undefined = undefined;
  olderOfOwner: this | undefined = undefined;
  newerOfOwner: this | undefined = undefined;

  constructor(key: string, owner: string, keepUntil: number) {
    this.key = key;
    this.owner = owner;
    this.keepUntil = keepUntil;
  }

  /** Longer, and never shorter. */
  prolong(until: number): void {
    if (until > this.keepUntil) this.keepUntil = until;
  }
}

/**
 * Second chances given in one search for a victim, so that no event waits longer than a fraction of a millisecond for
 * room.
 */
const MOST_CHANCES = 1000;

/**
 * Rows from the oldest to the newest, as a linked list: any row is added and removed in constant time. Reading a row
 * only marks it; a marked row that has become the oldest is put back to the newest when room is needed (the "second
 * chance" of paging). Moving it at each reading would touch four other rows, which among a million costs more than
 * the whole look-up.
 */
export class RowList<Row extends KeptRow> {
  oldest: Row | undefined;
  newest: Row | undefined;
  size = 0;
  readonly #older: 'olderInSegment' | 'olderOfOwner';
  readonly #newer: 'newerInSegment' | 'newerOfOwner';

  constructor(order: 'InSegment' | 'OfOwner') {
    this.#older = `older${order}`;
    this.#newer = `newer${order}`;
  }

  add(row: Row): void {
    row[this.#older] = this.newest;
    row[this.#newer] = undefined;
    if (this.newest === undefined) this.oldest = row;
    else this.newest[this.#newer] = row;
    this.newest = row;
    this.size++;
  }

  remove(row: Row): void {
    const older = row[this.#older] as Row | undefined;
    const newer = row[this.#newer] as Row | undefined;
    if (older === undefined) this.oldest = newer;
    else older[this.#newer] = newer;
    if (newer === undefined) this.newest = older;
    else newer[this.#older] = older;
    row[this.#older] = undefined;
    row[this.#newer] = undefined;
    this.size--;
  }

  /** The oldest row that was not read since it was last looked at. */
  victim(): Row | undefined {
    for (let chances = 0; chances < MOST_CHANCES && this.oldest?.wasRead === true; chances++) {
      const row = this.oldest;
      row.wasRead = false;
      this.remove(row);
      this.add(row);
    }
    return this.oldest;
  }

  *rows(): Generator<Row> {
    for (let row = this.oldest; row !== undefined; row = row[this.#newer] as Row | undefined) yield row;
  }
}
