const STAR = 0x2a;
const ANY = 0x3f;

/**
 * IAM's wildcards: `*` for any run of characters, `?` for one. What stands between two stars is searched for as a
 * whole, each part behind the one before it and never before it again, so that a long pattern costs a text no more than
 * a short one once the text is used up.
 */
export function wildcardTest(pattern: string): (text: string) => boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return (text) => text.length === pattern.length && stands(pattern, text, 0);
  const parts = rest.filter((part) => part !== '').map(readPart);
  return (text) => {
    const end = text.length - last.length;
    if (end < first.length || !stands(last, text, end) || !stands(first, text, 0)) return false;
    let at = first.length;
    for (const part of parts) {
      at = endOfPart(part, text, at);
      if (at < 0 || at > end) return false;
    }
    return true;
  };
}

interface Part {
  /** `*??x` is any two characters and whatever follows them up to an x. */
  readonly skipped: number;
  readonly literal: string;
  /** The literal holds a `?`, though not at its beginning. */
  readonly loose: boolean;
}

function readPart(part: string): Part {
  let skipped = 0;
  while (part.charCodeAt(skipped) === ANY) skipped++;
  const literal = part.slice(skipped);
  return { skipped, literal, loose: literal.includes('?') };
}

function endOfPart({ skipped, literal, loose }: Part, text: string, from: number): number {
  let place = text.indexOf(loose ? literal.charAt(0) : literal, from + skipped);
  while (loose && place >= 0 && !stands(literal, text, place)) {
    place = text.indexOf(literal.charAt(0), place + 1);
  }
  return place < 0 ? -1 : Math.max(place, from + skipped) + literal.length;
}

/** Whether a pattern without stars stands at this place of the text. */
function stands(part: string, text: string, place: number): boolean {
  for (let at = 0; at < part.length; at++) {
    const unit = part.charCodeAt(at);
    const other = text.charCodeAt(place + at);
    if (unit !== other && (unit !== ANY || Number.isNaN(other))) return false;
  }
  return true;
}

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
