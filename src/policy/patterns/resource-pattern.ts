import { firstWildcard, wildcardTest } from './wildcard.ts';

/** A pattern that is taken apart once, to be held against hundreds of others. */
export class ResourcePattern {
  readonly text: string;
  readonly #whole: Segment;
  /** The six parts of an ARN; one where it is none. */
  readonly #segments: readonly Segment[];
  #parts: readonly Segment[] | undefined;

  constructor(text: string) {
    this.text = text;
    this.#whole = readSegment(text);
    const segments = arnParts(text);
    this.#segments = segments.length < ARN_PARTS ? [this.#whole] : segments.map(readSegment);
  }

  /** As `takesIn` of resource-cover.ts: a no may be wrong, a yes never is. */
  takesIn(other: ResourcePattern): boolean {
    if (fitsOneStar(this.#whole, other.text)) return true;
    const wide = this.#separated();
    const narrow = other.#separated();
    if (wide.length !== narrow.length) return false;
    // From behind, because ARNs differ in their names.
    for (let at = wide.length - 1; at >= 0; at--) {
      const part = wide[at];
      const text = narrow[at]?.text;
      if (part === undefined || text === undefined || !fitsOneStar(part, text)) return false;
    }
    return true;
  }

  /**
   * Whether some resource may fit both; of two ARNs each part by itself, for AWS's names hold no colon before the last
   * one. A yes may be wrong, a no never is.
   */
  mayMeet(other: ResourcePattern): boolean {
    const ours = this.#segments;
    const theirs = other.#segments;
    if (ours.length !== theirs.length) return meets(this.#whole, other.#whole);
    for (let at = ours.length - 1; at >= 0; at--) {
      const one = ours[at];
      const another = theirs[at];
      if (one !== undefined && another !== undefined && !meets(one, another)) return false;
    }
    return true;
  }

  #separated(): readonly Segment[] {
    this.#parts ??= this.text.split(SEPARATOR).map(readSegment);
    return this.#parts;
  }
}

/** In parentheses, so that the separators too are parts, and have to be the same. */
const SEPARATOR = /([:/])/;
const ARN_PARTS = 6;

interface Segment {
  readonly text: string;
  /** Where its first wildcard stands, or -1. */
  readonly first: number;
  /** How many characters stand behind its last wildcard. */
  readonly tail: number;
  /** What stands before its stars, where all of them stand together; else `undefined`. */
  readonly before: string | undefined;
  readonly behind: string;
  /** It has stars. */
  readonly open: boolean;
  test: ((text: string) => boolean) | undefined;
}

function readSegment(text: string): Segment {
  const first = firstWildcard(text);
  const tail = text.length - 1 - Math.max(text.lastIndexOf('*'), text.lastIndexOf('?'));
  const star = text.indexOf('*');
  if (star < 0) return { text, first, tail, before: text, behind: '', open: false, test: undefined };
  let end = star;
  while (text[end] === '*') end++;
  const behind = text.slice(end);
  const before = behind.includes('*') ? undefined : text.slice(0, star);
  return { text, first, tail, before, behind, open: true, test: undefined };
}

function fitsOneStar({ before, behind, open }: Segment, narrow: string): boolean {
  if (before === undefined) return false;
  if (!open) return narrow.length === before.length && stands(before, narrow, 0);
  const end = narrow.length - behind.length;
  return end >= before.length && stands(behind, narrow, end) && stands(before, narrow, 0);
}

/** Symbol by symbol from behind: `?` takes in one character or another `?`, but no star. */
function stands(pattern: string, symbols: string, place: number): boolean {
  for (let at = pattern.length - 1; at >= 0; at--) {
    const unit = pattern.charCodeAt(at);
    const symbol = symbols.charCodeAt(place + at);
    if (unit !== symbol && (unit !== ANY || symbol === STAR)) return false;
  }
  return true;
}

const STAR = 0x2a;
const ANY = 0x3f;

function meets(one: Segment, other: Segment): boolean {
  if (one.first < 0) return other.first < 0 ? one.text === other.text : fits(other, one.text);
  if (other.first < 0) return fits(one, other.text);
  const head = Math.min(one.first, other.first);
  for (let at = 0; at < head; at++) if (one.text.charCodeAt(at) !== other.text.charCodeAt(at)) return false;
  const tail = Math.min(one.tail, other.tail);
  for (let at = 1; at <= tail; at++) {
    const unit = one.text.charCodeAt(one.text.length - at);
    if (unit !== other.text.charCodeAt(other.text.length - at)) return false;
  }
  return true;
}

function fits(pattern: Segment, text: string): boolean {
  pattern.test ??= wildcardTest(pattern.text);
  return pattern.test(text);
}

/** An ARN at its first five colons. */
export function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':', ARN_PARTS);
  if (parts.length < ARN_PARTS) return parts;
  return [...parts.slice(0, 5), arn.slice(parts.slice(0, 5).join(':').length + 1)];
}
