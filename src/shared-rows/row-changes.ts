const MOST_CHANGES = 10_000;

/** When rows were last changed: some are forgotten at once, and what was read before then counts as changed. */
export class RowChanges {
  readonly #changed = new Map<string, number>();
  #stamp = 0;
  #oldest = 0;

  get stamp(): number {
    return this.#stamp;
  }

  add(key: string): void {
    if (this.#changed.size >= MOST_CHANGES) {
      this.#changed.clear();
      this.#oldest = this.#stamp + 1;
    }
    this.#changed.set(key, ++this.#stamp);
  }

  since(stamp: number, keys: readonly string[]): boolean {
    if (stamp === this.#stamp) return false;
    if (stamp < this.#oldest) return true;
    for (const key of keys) {
      const changed = this.#changed.get(key);
      if (changed !== undefined && changed > stamp) return true;
    }
    return false;
  }
}
