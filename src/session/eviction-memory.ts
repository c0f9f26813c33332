import { Generations } from '../generations.ts';

/** Of each of the two generations. */
const GENERATION = 100_000;

/** Keys of rows that had to make room before their time, so that an answer can say so. */
export class EvictionMemory {
  readonly #keys = new Generations<string, true>(GENERATION);

  add(key: string): void {
    this.#keys.set(key, true);
  }

  has(key: string): boolean {
    return this.#keys.peek(key) === true;
  }

  /** Oldest first. */
  keys(): string[] {
    return [...this.#keys.keys()];
  }
}
