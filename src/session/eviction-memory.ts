/** Of each of the two generations. */
const GENERATION = 100_000;

/**
 * Keys of rows that had to make room before their time, so that an answer can say so. The older half is forgotten at
 * once when the younger is full: bounded, without an order to keep.
 */
export class EvictionMemory {
  #young = new Set<string>();
  #old = new Set<string>();

  add(key: string): void {
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(key);
  }

  has(key: string): boolean {
    return this.#young.has(key) || this.#old.has(key);
  }

  /** Oldest first. */
  keys(): string[] {
    return [...this.#old, ...this.#young];
  }
}
