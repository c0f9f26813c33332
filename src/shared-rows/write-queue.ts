import type { KnownRow } from './known-row.ts';

/**
 * Rows that the server does not hold yet. What is to be written is the row as it will then be known, so that a row
 * waits once, however much is added to it.
 */
export class WriteQueue<Row> {
  readonly #rows = new Set<KnownRow<Row>>();
  readonly #most: number;
  #dropped = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Rows that had to give way since the start: the longest waiting first. */
  get dropped(): number {
    return this.#dropped;
  }

  add(row: KnownRow<Row>): void {
    if (this.#rows.has(row)) return;
    if (this.#rows.size >= this.#most) {
      for (const oldest of this.#rows) {
        this.#rows.delete(oldest);
        break;
      }
      this.#dropped++;
    }
    this.#rows.add(row);
  }

  first(count: number): readonly KnownRow<Row>[] {
    return this.#rows.values().take(count).toArray();
  }

  remove(rows: readonly KnownRow<Row>[]): void {
    for (const row of rows) this.#rows.delete(row);
  }
}
