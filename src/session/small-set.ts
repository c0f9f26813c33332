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
  return typeof set === 'string' ? set === text : set?.includes(text) === true;
}

/** The union with one more text; of too many the smallest stay, whatever came first. */
export function withText(set: SmallSet, added: string, most: number): SmallSet {
  if (set === undefined) return added;
  if (hasText(set, added)) return set;
  const texts = textsOf(set);
  const at = texts.findIndex((text) => added < text);
  if (at === -1) return texts.length < most ? [...texts, added] : set;
  return [...texts.slice(0, at), added, ...texts.slice(at)].slice(0, most);
}
