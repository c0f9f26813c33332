/**
 * Rows as cells of one size, outside of V8's heap. A million rows as objects are ten million objects: the collector looks
 * at each again and again, and a look-up waits for memory as often as it follows a reference. A cell is one place.
 *
 * A row is a number from 1 on, and its cell a number of words of 32 bits. The first eight are the same for all rows; what
 * a row says follows (claim-cells.ts, session-cells.ts), first what each look-up reads, since memory comes by 16 words.
 */
export const NO_ROW = 0;

/** Words of every cell. */
export const HASH = 0;
/** Service clock, minutes since the epoch. */
export const KEEP_UNTIL = 1;
export const FLAGS = 2;
/** The requesting principal that the row counts for (row-owners.ts). */
export const OWNER = 3;
export const OLDER_IN_SEGMENT = 4;
export const NEWER_IN_SEGMENT = 5;
export const OLDER_OF_OWNER = 6;
export const NEWER_OF_OWNER = 7;

/** In FLAGS. */
export const IS_PROTECTED = 1;
/** Read since it was last looked at for eviction. */
export const WAS_READ = 2;

/** Cells are allocated by so many, when they are needed. */
const SLAB_BITS = 12;
const SLAB_ROWS = 1 << SLAB_BITS;
const SLAB_MASK = SLAB_ROWS - 1;

const BYTES_A_WORD = 4;
/** The length of a text is in its first byte, plus one: zero is no text, and the largest one that is kept elsewhere. */
const KEPT_ELSEWHERE = 255;

export interface CellShape {
  /** Words of a cell; an even number, since times take two of them. */
  readonly words: number;
  /** The first word of the key. */
  readonly key: number;
  /** Words of the key. A longer one, or one of other letters than Latin, costs an entry of its own. */
  readonly keyWords: number;
}

export class RowCells {
  readonly #shape: CellShape;
  readonly #key: number;
  readonly #words: Int32Array[] = [];
  readonly #times: Float64Array[] = [];
  readonly #bytes: Buffer[] = [];
  readonly #free: number[] = [];
  readonly #longKeys = new Map<number, string>();
  #next = 1;

  constructor(shape: CellShape) {
    this.#shape = shape;
    this.#key = shape.key;
  }

  /** A row of zeros, but for its key. */
  take(key: string): number {
    const row = this.#free.pop() ?? this.#next++;
    if (row >> SLAB_BITS === this.#words.length) this.#addSlab();
    if (!this.setText(row, this.#key, this.#shape.keyWords, key)) {
      this.#longKeys.set(row, key);
      this.#setByte(row, this.#key, KEPT_ELSEWHERE);
    }
    return row;
  }

  /** What refers to the row afterwards finds that it has another key. */
  release(row: number): void {
    this.#longKeys.delete(row);
    const start = (row & SLAB_MASK) * this.#shape.words;
    (this.#words[row >> SLAB_BITS] as Int32Array).fill(0, start, start + this.#shape.words);
    this.#free.push(row);
  }

  isTaken(row: number): boolean {
    return this.#byte(row, this.#key) !== 0;
  }

  key(row: number): string {
    return this.#longKeys.get(row) ?? this.text(row, this.#key) ?? '';
  }

  hasKey(row: number, key: string): boolean {
    if (this.#byte(row, this.#key) === KEPT_ELSEWHERE) return this.#longKeys.get(row) === key;
    return this.hasText(row, this.#key, key);
  }

  get(row: number, word: number): number {
    const words = this.#words[row >> SLAB_BITS] as Int32Array;
    return words[(row & SLAB_MASK) * this.#shape.words + word] as number;
  }

  set(row: number, word: number, value: number): void {
    const words = this.#words[row >> SLAB_BITS] as Int32Array;
    words[(row & SLAB_MASK) * this.#shape.words + word] = value;
  }

  /** @param word an even one, of two */
  time(row: number, word: number): number | undefined {
    const times = this.#times[row >> SLAB_BITS] as Float64Array;
    const time = times[((row & SLAB_MASK) * this.#shape.words + word) >> 1] as number;
    return Number.isNaN(time) ? undefined : time;
  }

  setTime(row: number, word: number, time: number | undefined): void {
    const times = this.#times[row >> SLAB_BITS] as Float64Array;
    times[((row & SLAB_MASK) * this.#shape.words + word) >> 1] = time ?? Number.NaN;
  }

  text(row: number, word: number): string | undefined {
    const bytes = this.#bytes[row >> SLAB_BITS] as Buffer;
    const at = ((row & SLAB_MASK) * this.#shape.words + word) * BYTES_A_WORD;
    const length = (bytes[at] as number) - 1;
    return length < 0 ? undefined : bytes.toString('latin1', at + 1, at + 1 + length);
  }

  hasText(row: number, word: number, text: string): boolean {
    const bytes = this.#bytes[row >> SLAB_BITS] as Buffer;
    const at = ((row & SLAB_MASK) * this.#shape.words + word) * BYTES_A_WORD;
    if (bytes[at] !== text.length + 1) return false;
    for (let i = 0; i < text.length; i++) if (bytes[at + 1 + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  /** False where it does not fit into `words`; there is no text then. */
  setText(row: number, word: number, words: number, text: string | undefined): boolean {
    this.#setByte(row, word, 0);
    if (text === undefined) return true;
    if (text.length >= words * BYTES_A_WORD) return false;
    const bytes = this.#bytes[row >> SLAB_BITS] as Buffer;
    const at = ((row & SLAB_MASK) * this.#shape.words + word) * BYTES_A_WORD;
    for (let i = 0; i < text.length; i++) {
      const letter = text.charCodeAt(i);
      if (letter > 255) return false;
      bytes[at + 1 + i] = letter;
    }
    bytes[at] = text.length + 1;
    return true;
  }

  #byte(row: number, word: number): number {
    const at = ((row & SLAB_MASK) * this.#shape.words + word) * BYTES_A_WORD;
    return (this.#bytes[row >> SLAB_BITS] as Buffer)[at] as number;
  }

  #setByte(row: number, word: number, value: number): void {
    const at = ((row & SLAB_MASK) * this.#shape.words + word) * BYTES_A_WORD;
    (this.#bytes[row >> SLAB_BITS] as Buffer)[at] = value;
  }

  #addSlab(): void {
    const slab = new ArrayBuffer(SLAB_ROWS * this.#shape.words * BYTES_A_WORD);
    this.#words.push(new Int32Array(slab));
    this.#times.push(new Float64Array(slab));
    this.#bytes.push(Buffer.from(slab));
  }
}
