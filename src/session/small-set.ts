/** A sorted set of texts. Most sets hold one, and there are millions: nothing and one need no array. */
export type SmallSet = string | readonly string[] | undefined;

const NONE: readonly string[] = [];

export function textsOf(set: SmallSet): readonly string[] {
  return set === undefined ? NONE : typeof set === 'string' ? [set] : set;
}

export function sizeOf(set: SmallSet): number {
  return set === undefined ? 0 : typeof set === 'string' ? 1 : set.length;
}

export function hasText(set: SmallSet, text: string): boolean {
  if (set === undefined || typeof set === 'string') return set === text;
  return set[placeOf(text, set)] === text;
}

/**
 * The union with one more text; of too many the smallest stay, whatever came first. What has it already stays the very
 * same: an equal text of each event, put into a row of long ago, is work for the next collections of the heap.
 */
export function withText(set: SmallSet, added: string, most: number): SmallSet {
  if (set === undefined) return added;
  if (set === added) return set;
  const texts = textsOf(set);
  const at = placeOf(added, texts);
  if (texts[at] === added) return set;
  if (at === texts.length) return at < most ? [...texts, added] : set;
  return [...texts.slice(0, at), added, ...texts.slice(at)].slice(0, most);
}

/** The union of two sets; of too many the smallest stay. */
export function unionOf(set: SmallSet, other: SmallSet, most: number): SmallSet {
  let all = set;
  for (const text of textsOf(other)) all = withText(all, text, most);
  return all;
}

/** How many texts are smaller. */
function placeOf(text: string, sorted: readonly string[]): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as string) < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
