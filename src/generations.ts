/**
 * A bounded map of two halves: the older one is forgotten at once when the younger is full. Less exact than the order
 * of last use, and a third of its cost.
 */
export class Generations<Key, Value> {
  readonly #size: number;
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();
  #number = 1;

  /** @param size of each half */
  constructor(size: number) {
    this.#size = size;
  }

  /** Of the younger half; raised whenever the older one is forgotten. */
  get number(): number {
    return this.#number;
  }

  young(key: Key): Value | undefined {
    return this.#young.get(key);
  }

  /** Makes nothing young. */
  old(key: Key): Value | undefined {
    return this.#old.get(key);
  }

  /** From either half; makes nothing young. */
  peek(key: Key): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  /** From either half, and makes it young. */
  get(key: Key): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  /** Makes it young. */
  set(key: Key, value: Value): void {
    if (this.#young.size >= this.#size) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#number++;
    }
    this.#young.set(key, value);
  }

  /** Oldest first; what was made young again comes twice. */
  *keys(): Generator<Key> {
    yield* this.#old.keys();
    yield* this.#young.keys();
  }
}
