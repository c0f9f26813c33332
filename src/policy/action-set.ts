import type { IamAction } from '../tables/action-table.ts';

/** A set of actions: one bit for each action of the table, at its index. */
export class ActionSet {
  readonly #words: Uint32Array;

  private constructor(words: Uint32Array) {
    this.#words = words;
  }

  /** `size` is the number of actions of the table. */
  static empty(size: number): ActionSet {
    return new ActionSet(new Uint32Array((size + 31) >>> 5));
  }

  static of(actions: readonly IamAction[], belongs: (action: IamAction) => boolean): ActionSet {
    const set = ActionSet.empty(actions.length);
    for (const action of actions) if (belongs(action)) set.add(action.index);
    return set;
  }

  copy(): ActionSet {
    return new ActionSet(this.#words.slice());
  }

  add(index: number): void {
    const word = index >>> 5;
    this.#words[word] = (this.#words[word] ?? 0) | (1 << (index & 31));
  }

  has(index: number): boolean {
    return (((this.#words[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;
  }

  addEach(indices: Iterable<number> & ArrayLike<number>): void {
    for (let at = 0; at < indices.length; at++) this.add(indices[at] ?? 0);
  }

  addAll(other: ActionSet): void {
    const words = this.#words;
    const others = other.#words;
    for (let at = 0; at < words.length; at++) words[at] = (words[at] ?? 0) | (others[at] ?? 0);
  }

  /** Adds what is in both `other` and `mask`. */
  addMasked(other: ActionSet, mask: ActionSet): void {
    const words = this.#words;
    for (let at = 0; at < words.length; at++) {
      words[at] = (words[at] ?? 0) | ((other.#words[at] ?? 0) & (mask.#words[at] ?? 0));
    }
  }

  /** Adds what is in `other` but not in `mask`. */
  addUnmasked(other: ActionSet, mask: ActionSet): void {
    const words = this.#words;
    for (let at = 0; at < words.length; at++) {
      words[at] = (words[at] ?? 0) | ((other.#words[at] ?? 0) & ~(mask.#words[at] ?? 0));
    }
  }

  removeAll(other: ActionSet): void {
    const words = this.#words;
    for (let at = 0; at < words.length; at++) words[at] = (words[at] ?? 0) & ~(other.#words[at] ?? 0);
  }

  keepAll(other: ActionSet): void {
    const words = this.#words;
    for (let at = 0; at < words.length; at++) words[at] = (words[at] ?? 0) & (other.#words[at] ?? 0);
  }

  isEmpty(): boolean {
    for (const word of this.#words) if (word !== 0) return false;
    return true;
  }

  meets(other: ActionSet): boolean {
    for (let at = 0; at < this.#words.length; at++) {
      if (((this.#words[at] ?? 0) & (other.#words[at] ?? 0)) !== 0) return true;
    }
    return false;
  }

  count(): number {
    let bits = 0;
    for (const word of this.#words) if (word !== 0) bits += bitCount(word);
    return bits;
  }

  /** The indices in the set, ascending; with `mask`, only those that are in it too. */
  indices(mask?: ActionSet): number[] {
    const found: number[] = [];
    for (let at = 0; at < this.#words.length; at++) {
      let word = (this.#words[at] ?? 0) & (mask === undefined ? -1 : (mask.#words[at] ?? 0));
      while (word !== 0) {
        found.push((at << 5) + 31 - Math.clz32(word & -word));
        word &= word - 1;
      }
    }
    return found;
  }
}

function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return (((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
