import type { IamAction } from '../../tables/action-table.ts';

/** The bits of a few neighbouring actions, such as those of one service: what is outside of them is not looked at. */
export interface ActionSpan {
  readonly firstWord: number;
  readonly words: Uint32Array;
}

/** What a set has until something is added: many stay empty. */
const NO_WORDS = new Uint32Array(0);

export function spanOf(indices: ArrayLike<number>): ActionSpan {
  let low = Number.POSITIVE_INFINITY;
  let high = -1;
  for (let at = 0; at < indices.length; at++) {
    const word = (indices[at] ?? 0) >>> 5;
    low = Math.min(low, word);
    high = Math.max(high, word);
  }
  if (high < 0) return { firstWord: 0, words: new Uint32Array(0) };
  const words = new Uint32Array(high - low + 1);
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at] ?? 0;
    words[(index >>> 5) - low] = (words[(index >>> 5) - low] ?? 0) | (1 << (index & 31));
  }
  return { firstWord: low, words };
}

/**
 * A set of actions: one bit for each action of the table, at its index. Most sets hold actions of a few services
 * only, so that each knows between which words its bits lie: outside of `#low` to `#high` every word is zero.
 */
export class ActionSet {
  /** In 32 actions each. */
  readonly #length: number;
  #words: Uint32Array;
  #low: number;
  #high: number;

  private constructor(length: number, words: Uint32Array, low: number, high: number) {
    this.#length = length;
    this.#words = words;
    this.#low = low;
    this.#high = high;
  }

  /** `size` is the number of actions of the table. */
  static empty(size: number): ActionSet {
    const length = (size + 31) >>> 5;
    return new ActionSet(length, NO_WORDS, length, -1);
  }

  static of(actions: readonly IamAction[], belongs: (action: IamAction) => boolean): ActionSet {
    const set = ActionSet.empty(actions.length);
    for (const action of actions) if (belongs(action)) set.add(action.index);
    return set;
  }

  copy(): ActionSet {
    const words = this.#words === NO_WORDS ? NO_WORDS : this.#words.slice();
    return new ActionSet(this.#length, words, this.#low, this.#high);
  }

  /** To be called before bits are set between these words. */
  #widen(low: number, high: number): void {
    if (this.#words === NO_WORDS) this.#words = new Uint32Array(this.#length);
    if (low < this.#low) this.#low = low;
    if (high > this.#high) this.#high = high;
  }

  add(index: number): void {
    const word = index >>> 5;
    this.#widen(word, word);
    this.#words[word] = (this.#words[word] ?? 0) | (1 << (index & 31));
  }

  has(index: number): boolean {
    return (((this.#words[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;
  }

  remove(index: number): void {
    const word = index >>> 5;
    if (word < this.#low || word > this.#high) return;
    this.#words[word] = (this.#words[word] ?? 0) & ~(1 << (index & 31));
  }

  addEach(indices: ArrayLike<number>): void {
    for (let at = 0; at < indices.length; at++) this.add(indices[at] ?? 0);
  }

  addAll(other: ActionSet): void {
    if (other.#high < 0) return;
    this.#widen(other.#low, other.#high);
    const words = this.#words;
    const others = other.#words;
    for (let at = other.#low; at <= other.#high; at++) words[at] = (words[at] ?? 0) | (others[at] ?? 0);
  }

  /** Adds what is in both `other` and `mask`. */
  addMasked(other: ActionSet, mask: ActionSet): void {
    if (other.#high < 0) return;
    this.#widen(other.#low, other.#high);
    const words = this.#words;
    for (let at = other.#low; at <= other.#high; at++) {
      words[at] = (words[at] ?? 0) | ((other.#words[at] ?? 0) & (mask.#words[at] ?? 0));
    }
  }

  /** Adds what is in `other` but not in `mask`. */
  addUnmasked(other: ActionSet, mask: ActionSet): void {
    if (other.#high < 0) return;
    this.#widen(other.#low, other.#high);
    const words = this.#words;
    for (let at = other.#low; at <= other.#high; at++) {
      words[at] = (words[at] ?? 0) | ((other.#words[at] ?? 0) & ~(mask.#words[at] ?? 0));
    }
  }

  removeAll(other: ActionSet): void {
    const words = this.#words;
    for (let at = other.#low; at <= other.#high; at++)
      words[at] = (words[at] ?? 0) & ~(other.#words[at] ?? 0);
  }

  keepAll(other: ActionSet): void {
    const words = this.#words;
    for (let at = this.#low; at <= this.#high; at++) words[at] = (words[at] ?? 0) & (other.#words[at] ?? 0);
  }

  isEmpty(): boolean {
    for (let at = this.#low; at <= this.#high; at++) if (this.#words[at] !== 0) return false;
    return true;
  }

  meets(other: ActionSet): boolean {
    for (let at = this.#low; at <= this.#high; at++) {
      if (((this.#words[at] ?? 0) & (other.#words[at] ?? 0)) !== 0) return true;
    }
    return false;
  }

  includesAll(other: ActionSet): boolean {
    for (let at = other.#low; at <= other.#high; at++) {
      if (((other.#words[at] ?? 0) & ~(this.#words[at] ?? 0)) !== 0) return false;
    }
    return true;
  }

  includesSpan({ firstWord, words }: ActionSpan): boolean {
    for (let at = 0; at < words.length; at++) {
      if (((words[at] ?? 0) & ~(this.#words[firstWord + at] ?? 0)) !== 0) return false;
    }
    return true;
  }

  meetsSpan({ firstWord, words }: ActionSpan): boolean {
    if (firstWord > this.#high || firstWord + words.length <= this.#low) return false;
    for (let at = 0; at < words.length; at++) {
      if (((words[at] ?? 0) & (this.#words[firstWord + at] ?? 0)) !== 0) return true;
    }
    return false;
  }

  addSpan({ firstWord, words }: ActionSpan): void {
    if (words.length === 0) return;
    this.#widen(firstWord, firstWord + words.length - 1);
    for (let at = 0; at < words.length; at++) {
      this.#words[firstWord + at] = (this.#words[firstWord + at] ?? 0) | (words[at] ?? 0);
    }
  }

  count(): number {
    let bits = 0;
    for (let at = this.#low; at <= this.#high; at++) bits += bitCount(this.#words[at] ?? 0);
    return bits;
  }

  /** The indices in the set, ascending; with `mask`, only those that are in it too; `most` of them at the most. */
  indices(mask?: ActionSet, most = Number.POSITIVE_INFINITY): number[] {
    const found: number[] = [];
    for (let at = this.#low; at <= this.#high; at++) {
      let word = (this.#words[at] ?? 0) & (mask === undefined ? -1 : (mask.#words[at] ?? 0));
      while (word !== 0) {
        if (found.length >= most) return found;
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
