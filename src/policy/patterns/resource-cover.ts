import { firstWildcard, wildcardTest } from './wildcard.ts';

/**
 * Whether every text that fits the pattern `narrow` fits `wide`, in a time that grows with their length: as a whole
 * where `wide` has one star, and part by part between the colons and slashes where it has one in each. A no may be
 * wrong for patterns with more stars, a yes never is.
 */
export function takesIn(wide: string, narrow: string): boolean {
  if (takesInByOneStar(wide, narrow)) return true;
  const wideParts = wide.split(SEPARATOR);
  const narrowParts = narrow.split(SEPARATOR);
  return (
    wideParts.length === narrowParts.length &&
    wideParts.every((part, at) => takesInByOneStar(part, narrowParts[at] ?? ''))
  );
}

/** In parentheses, so that the separators too are parts, and have to be the same. */
const SEPARATOR = /([:/])/;

function takesInByOneStar(wide: string, narrow: string): boolean {
  const star = wide.indexOf('*');
  if (star < 0) return wide.length === narrow.length && fits(wide, narrow);
  let end = star;
  while (wide[end] === '*') end++;
  const tail = wide.slice(end);
  if (tail.includes('*')) return false;
  return (
    narrow.length >= star + tail.length &&
    fits(wide.slice(0, star), narrow.slice(0, star)) &&
    fits(tail, narrow.slice(narrow.length - tail.length))
  );
}

/** Symbol by symbol: `?` takes in one character or another `?`, but no star. Both are of the same length. */
function fits(pattern: string, symbols: string): boolean {
  for (let at = 0; at < pattern.length; at++) {
    const symbol = symbols[at];
    if (pattern[at] !== symbol && (pattern[at] !== '?' || symbol === '*')) return false;
  }
  return true;
}

/**
 * Whether some text may fit both patterns, by what stands before their first and behind their last wildcard. A yes may be
 * wrong, a no never is.
 */
export function mayMeet(one: string, other: string): boolean {
  const first = firstWildcard(one);
  const second = firstWildcard(other);
  if (first < 0) return second < 0 ? one === other : wildcardTest(other)(one);
  if (second < 0) return wildcardTest(one)(other);
  const length = Math.min(first, second);
  if (one.slice(0, length) !== other.slice(0, length)) return false;
  const tail = Math.min(tailOf(one), tailOf(other));
  return one.slice(one.length - tail) === other.slice(other.length - tail);
}

/** How many characters stand behind the last wildcard. */
function tailOf(pattern: string): number {
  return pattern.length - 1 - Math.max(pattern.lastIndexOf('*'), pattern.lastIndexOf('?'));
}
