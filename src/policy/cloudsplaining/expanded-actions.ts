import type { ActionSet } from '../patterns/action-set.ts';

/**
 * The actions that one statement expands to. Most statements name a few, so that they are kept as lists, and only
 * `*` and NotAction as a set of bits.
 */
export class ExpandedActions {
  readonly #named: number[] = [];
  readonly #lists: ArrayLike<number>[] = [this.#named];
  /** Not changed while it is another one's. */
  #set: ActionSet | undefined;

  add(index: number): void {
    this.#named.push(index);
  }

  addList(indices: ArrayLike<number>): void {
    this.#lists.push(indices);
  }

  addSet(set: ActionSet): void {
    if (this.#set === undefined) this.#set = set;
    else {
      this.#set = this.#set.copy();
      this.#set.addAll(set);
    }
  }

  addTo(target: ActionSet): void {
    for (const list of this.#lists) target.addEach(list);
    if (this.#set !== undefined) target.addAll(this.#set);
  }

  /** Adds those that are in `mask` to `inside`, and the others to `outside`, where these are given. */
  divide(mask: ActionSet, inside: ActionSet | undefined, outside: ActionSet | undefined): void {
    for (const list of this.#lists) {
      for (let at = 0; at < list.length; at++) {
        const index = list[at] ?? 0;
        (mask.has(index) ? inside : outside)?.add(index);
      }
    }
    if (this.#set === undefined) return;
    inside?.addMasked(this.#set, mask);
    outside?.addUnmasked(this.#set, mask);
  }

  removeFrom(target: ActionSet): void {
    for (const list of this.#lists) for (let at = 0; at < list.length; at++) target.remove(list[at] ?? 0);
    if (this.#set !== undefined) target.removeAll(this.#set);
  }

  /** Those that are in `mask`, ascending, each once. */
  indices(mask: ActionSet): number[] {
    const found = this.#set === undefined ? [] : this.#set.indices(mask);
    for (const list of this.#lists) {
      for (let at = 0; at < list.length; at++) {
        const index = list[at] ?? 0;
        if (mask.has(index)) found.push(index);
      }
    }
    if (found.length < 2) return found;
    return [...new Set(found)].sort((a, b) => a - b);
  }
}
