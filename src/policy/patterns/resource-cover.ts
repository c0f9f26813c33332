/** A pattern, taken apart once where it is held against many. */
export interface CoverPattern {
  readonly whole: Part;
  /** What stands between the colons and slashes. */
  readonly parts: readonly Part[];
  /** These colons and slashes. */
  readonly separators: string;
}

interface Part {
  readonly text: string;
  /** Where its first star is; -1 without any. */
  readonly star: number;
  /** What stands behind that star and those that follow it at once. */
  readonly tail: string;
  /** Whether there are more stars. */
  readonly hasMore: boolean;
}

/** To be charged to the WorkBudget: one `takesIn` takes about as long as this many comparisons of names. */
export const COVER_COST = 2;
/** And so long takes one `readPattern`. */
export const READ_COST = 10;

export function readPattern(text: string): CoverPattern {
  const pieces = text.split(SEPARATOR);
  return {
    whole: readPart(text),
    parts: pieces.filter((_, at) => at % 2 === 0).map(readPart),
    separators: pieces.filter((_, at) => at % 2 === 1).join(''),
  };
}

/** In parentheses, so that the separators too are pieces. */
const SEPARATOR = /([:/])/;

function readPart(text: string): Part {
  const star = text.indexOf('*');
  let end = star;
  if (star >= 0) while (text[end] === '*') end++;
  const tail = star < 0 ? '' : text.slice(end);
  return { text, star, tail, hasMore: tail.includes('*') };
}

/**
 * Whether every text that fits the pattern `narrow` fits `wide`, in a time that grows with their length: as a whole
 * where `wide` has one star, and part by part between the colons and slashes where it has one in each. A no may be
 * wrong for patterns with more stars, a yes never is.
 */
export function takesIn(wide: CoverPattern, narrow: CoverPattern): boolean {
  if (takesInByOneStar(wide.whole, narrow.whole.text)) return true;
  return wide.separators === narrow.separators && takesInByParts(wide.parts, narrow.parts);
}

/** From the last part on: names differ more often than what stands before them. */
function takesInByParts(wide: readonly Part[], narrow: readonly Part[]): boolean {
  for (let at = wide.length - 1; at >= 0; at--) {
    const [one, other] = [wide[at], narrow[at]];
    if (one === undefined || other === undefined || !takesInByOneStar(one, other.text)) return false;
  }
  return true;
}

function takesInByOneStar({ text, star, tail, hasMore }: Part, narrow: string): boolean {
  if (star < 0) return text.length === narrow.length && fits(text, narrow, 0, text.length);
  if (hasMore || narrow.length < star + tail.length) return false;
  return fits(text, narrow, 0, star) && fits(tail, narrow, narrow.length - tail.length, tail.length);
}

const STAR = 42;
const QUESTION_MARK = 63;

/** So many symbols, those of the text from `from` on: `?` takes in one character or another `?`, but no star. */
function fits(pattern: string, text: string, from: number, length: number): boolean {
  for (let at = 0; at < length; at++) {
    const wanted = pattern.charCodeAt(at);
    const symbol = text.charCodeAt(from + at);
    if (wanted !== symbol && (wanted !== QUESTION_MARK || symbol === STAR)) return false;
  }
  return true;
}
