import { type CoverPattern, readPattern, takesIn } from './resource-cover.ts';
import { firstWildcard, wildcardTest } from './wildcard.ts';

/** A pattern that is taken apart once, to be held against hundreds of others. */
export class ResourcePattern {
  readonly text: string;
  readonly #whole: Segment;
  /** The six parts of an ARN; one where it is none. */
  readonly #segments: readonly Segment[];
  #cover: CoverPattern | undefined;

  constructor(text: string) {
    this.text = text;
    this.#whole = readSegment(text);
    const segments = arnParts(text);
    this.#segments = segments.length < ARN_PARTS ? [this.#whole] : segments.map(readSegment);
  }

  /** A no may be wrong, a yes never is. */
  takesIn(other: ResourcePattern): boolean {
    return takesIn(this.#taken(), other.#taken());
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

  #taken(): CoverPattern {
    this.#cover ??= readPattern(this.text);
    return this.#cover;
  }
}

/** With whatever may stand in the place of its variables. */
export function looseOf(text: string): ResourcePattern {
  return new ResourcePattern(withoutVariables(text));
}

/** With a star in the place of each variable. */
export function withoutVariables(text: string): string {
  return text.replaceAll(VARIABLE, '*');
}

const VARIABLE = /\$\{[^}]*\}/g;
const ARN_PARTS = 6;

interface Segment {
  readonly text: string;
  /** Where its first wildcard stands, or -1. */
  readonly first: number;
  /** How many characters stand behind its last wildcard. */
  readonly tail: number;
  test: ((text: string) => boolean) | undefined;
}

function readSegment(text: string): Segment {
  const first = firstWildcard(text);
  const tail = text.length - 1 - Math.max(text.lastIndexOf('*'), text.lastIndexOf('?'));
  return { text, first, tail, test: undefined };
}

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
