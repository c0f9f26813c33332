import {
  FLAGS,
  NEWER_IN_SEGMENT,
  NEWER_OF_OWNER,
  NO_ROW,
  OLDER_IN_SEGMENT,
  OLDER_OF_OWNER,
  type RowCells,
  WAS_READ,
} from './row-cells.ts';

/** The links of the two orders that a row is in, as words of its cell. */
const ORDERS = {
  segment: { older: OLDER_IN_SEGMENT, newer: NEWER_IN_SEGMENT },
  owner: { older: OLDER_OF_OWNER, newer: NEWER_OF_OWNER },
} as const;

/** Second chances given in one search for a victim, so that no event waits longer than a fraction of a millisecond for room. */
const MOST_CHANCES = 1000;

/**
 * Rows from the oldest to the newest, as a linked list: any row is added and removed in constant time. Reading a row
 * only marks it; a marked row that has become the oldest is put back to the newest when room is needed (the "second
 * chance" of paging). Moving it at each reading would touch four other rows, which among a million costs more than
 * the whole look-up.
 */
export class RowList {
  oldest = NO_ROW;
  newest = NO_ROW;
  size = 0;
  readonly #cells: RowCells;
  readonly #older: number;
  readonly #newer: number;

  constructor(cells: RowCells, order: keyof typeof ORDERS) {
    this.#cells = cells;
    this.#older = ORDERS[order].older;
    this.#newer = ORDERS[order].newer;
  }

  add(row: number): void {
    this.#cells.set(row, this.#older, this.newest);
    this.#cells.set(row, this.#newer, NO_ROW);
    if (this.newest === NO_ROW) this.oldest = row;
    else this.#cells.set(this.newest, this.#newer, row);
    this.newest = row;
    this.size++;
  }

  remove(row: number): void {
    const older = this.#cells.get(row, this.#older);
    const newer = this.#cells.get(row, this.#newer);
    if (older === NO_ROW) this.oldest = newer;
    else this.#cells.set(older, this.#newer, newer);
    if (newer === NO_ROW) this.newest = older;
    else this.#cells.set(newer, this.#older, older);
    this.size--;
  }

  /** The oldest row that was not read since it was last looked at. */
  victim(): number {
    for (let chances = 0; chances < MOST_CHANCES && this.#wasRead(this.oldest); chances++) {
      const row = this.oldest;
      this.#cells.set(row, FLAGS, this.#cells.get(row, FLAGS) & ~WAS_READ);
      this.remove(row);
      this.add(row);
    }
    return this.oldest;
  }

  *rows(): Generator<number> {
    for (let row = this.oldest; row !== NO_ROW; row = this.#cells.get(row, this.#newer)) yield row;
  }

  #wasRead(row: number): boolean {
    return row !== NO_ROW && (this.#cells.get(row, FLAGS) & WAS_READ) !== 0;
  }
}
