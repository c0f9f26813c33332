/** No value. */
export const NOTHING = 0;

/**
 * Values that rows share, as numbers, which is what a cell holds. Whoever holds a number gives it back once: a value
 * that no row holds any more is forgotten.
 */
export class CountedValues<Value> {
  readonly #hashOf: (value: Value) => number;
  readonly #areEqual: (a: Value, b: Value) => boolean;
  readonly #values: (Value | undefined)[] = [undefined];
  /** Rows that hold each. */
  readonly #rows: number[] = [0];
  readonly #free: number[] = [];
  /** Of values of one hash the latest; the others are held all the same, and not shared. */
  readonly #byHash = new Map<number, number>();

  /** @param hashOf the same for equal values */
  constructor(hashOf: (value: Value) => number, areEqual: (a: Value, b: Value) => boolean) {
    this.#hashOf = hashOf;
    this.#areEqual = areEqual;
  }

  /** Values held. */
  get size(): number {
    return this.#values.length - 1 - this.#free.length;
  }

  hold(value: Value): number {
    const hash = this.#hashOf(value);
    const known = this.#byHash.get(hash) ?? NOTHING;
    if (known !== NOTHING && this.#areEqual(this.at(known), value)) {
      this.#rows[known] = this.#rowsOf(known) + 1;
      return known;
    }
    const number = this.#free.pop() ?? this.#values.length;
    this.#values[number] = value;
    this.#rows[number] = 1;
    this.#byHash.set(hash, number);
    return number;
  }

  at(number: number): Value {
    return this.#values[number] as Value;
  }

  giveBack(number: number): void {
    if (number === NOTHING) return;
    const rows = this.#rowsOf(number) - 1;
    this.#rows[number] = rows;
    if (rows > 0) return;
    const hash = this.#hashOf(this.at(number));
    if (this.#byHash.get(hash) === number) this.#byHash.delete(hash);
    this.#values[number] = undefined;
    this.#free.push(number);
  }

  #rowsOf(number: number): number {
    return this.#rows[number] as number;
  }
}
