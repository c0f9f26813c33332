/**
 * IAM's wildcards: `*` for any run of characters, `?` for one. Only the last star is ever gone back to, so that the
 * time is bounded by the product of the two lengths, and by the pattern's length alone once the text is used up.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  const last = pattern.charCodeAt(pattern.length - 1);
  if (last !== STAR && last !== ANY && last !== text.charCodeAt(text.length - 1)) return pattern === text;
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const unit = pattern.charCodeAt(p);
    if (unit === STAR) {
      star = p++;
      resume = t;
    } else if (unit === ANY || unit === text.charCodeAt(t)) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern.charCodeAt(p) === STAR) p++;
  return p === pattern.length;
}

const STAR = 0x2a;
const ANY = 0x3f;

/** A pattern that every text fits: nothing but stars, with one `?` at the most. */
export function matchesEverything(pattern: string): boolean {
  let stars = 0;
  let others = 0;
  for (let at = 0; at < pattern.length; at++) {
    const unit = pattern.charCodeAt(at);
    if (unit === STAR) stars++;
    else if (unit === ANY && others === 0) others++;
    else return false;
  }
  return stars > 0;
}

/** Where the first wildcard stands, or -1. */
export function firstWildcard(text: string): number {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === STAR || unit === ANY) return at;
  }
  return -1;
}
