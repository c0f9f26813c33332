/**
 * Keys of rows that the server does not hold yet. What is to be written is the row as it will then be known, so that
 * a row waits once, however much is added to it.
 */
export class WriteQueue {
  readonly #keys = new Set<string>();
  readonly #most: number;
  #dropped = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#keys.size;
  }

  /** Rows that had to give way since the start: the longest waiting first. */
  get dropped(): number {
    return this.#dropped;
  }

  add(key: string): void {
    if (this.#keys.has(key)) return;
    if (this.#keys.size >= this.#most) {
      const [oldest = ''] = this.#keys;
      this.#keys.delete(oldest);
      this.#dropped++;
    }
    this.#keys.add(key);
  }

  first(count: number): readonly string[] {
    return this.#keys.values().take(count).toArray();
  }

  remove(keys: readonly string[]): void {
    for (const key of keys) this.#keys.delete(key);
  }
}
