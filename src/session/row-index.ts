import { HASH, NO_ROW, type RowCells } from './row-cells.ts';

/** At most half of the slots are taken: a look-up in vain ends after two and a half of them, on average. */
const SLOTS_A_ROW = 2;

/**
 * Finds a row by its key: open addressing with linear probing. A slot is one word, of a row's number and, in the bits
 * above, what is left of its hash, so that the cell of another row is hardly ever looked at.
 */
export class RowIndex {
  readonly #cells: RowCells;
  readonly #slots: Int32Array;
  readonly #mask: number;
  readonly #rowMask: number;

  /** @param most rows, which have the numbers from 1 to that */
  constructor(cells: RowCells, most: number) {
    this.#cells = cells;
    const size = 2 ** Math.ceil(Math.log2(most * SLOTS_A_ROW + 1));
    this.#slots = new Int32Array(size);
    this.#mask = size - 1;
    this.#rowMask = 2 ** Math.ceil(Math.log2(most + 1)) - 1;
  }

  find(key: string, hash: number): number {
    const print = hash & ~this.#rowMask;
    for (let at = hash & this.#mask; ; at = (at + 1) & this.#mask) {
      const slot = this.#slots[at] as number;
      if (slot === 0) return NO_ROW;
      const row = slot & this.#rowMask;
      if ((slot & ~this.#rowMask) === print && this.#cells.hasKey(row, key)) return row;
    }
  }

  /** False where no row has a key of this hash: spares making the key. */
  mayFind(hash: number): boolean {
    const print = hash & ~this.#rowMask;
    for (let at = hash & this.#mask; ; at = (at + 1) & this.#mask) {
      const slot = this.#slots[at] as number;
      if (slot === 0) return false;
      if ((slot & ~this.#rowMask) === print) return true;
    }
  }

  /** @param row one whose hash is set, and whose key is not yet there */
  add(row: number): void {
    const hash = this.#cells.get(row, HASH);
    let at = hash & this.#mask;
    while (this.#slots[at] !== 0) at = (at + 1) & this.#mask;
    this.#slots[at] = (hash & ~this.#rowMask) | row;
  }

  /** What comes behind the gap and would no longer be found moves into it: Knuth, The Art of Computer Programming 3, 6.4 R. */
  remove(row: number): void {
    let gap = this.#cells.get(row, HASH) & this.#mask;
    while (((this.#slots[gap] as number) & this.#rowMask) !== row) gap = (gap + 1) & this.#mask;
    for (let at = (gap + 1) & this.#mask; this.#slots[at] !== 0; at = (at + 1) & this.#mask) {
      const slot = this.#slots[at] as number;
      const home = this.#cells.get(slot & this.#rowMask, HASH) & this.#mask;
      if (((at - home) & this.#mask) < ((at - gap) & this.#mask)) continue;
      this.#slots[gap] = slot;
      gap = at;
    }
    this.#slots[gap] = 0;
  }
}
