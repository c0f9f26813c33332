/**
 * Python's `fnmatch.fnmatchcase`, because Cloudsplaining expands actions with it: `*`, `?`, and the classes
 * `[seq]` and `[!seq]` that IAM does not have. Every token but the star takes one code point, so that going back
 * to the last star only is enough: time is bounded by the product of the two lengths, and names are short.
 */
type Token = string | typeof ANY | typeof STAR | CharacterClass;
const ANY = Symbol('any code point');
const STAR = Symbol('any run of code points');

interface CharacterClass {
  readonly negated: boolean;
  readonly ranges: readonly (readonly [from: string, to: string])[];
}

export type NameTest = (name: string) => boolean;

export function fnmatchTest(pattern: string): NameTest {
  const tokens = tokenize(Array.from(pattern));
  return (name) => matches(tokens, name);
}

/** `name` is ASCII: action names are. */
function matches(tokens: readonly Token[], name: string): boolean {
  let token = 0;
  let place = 0;
  let star = -1;
  let resume = 0;
  while (place < name.length) {
    if (tokens[token] === STAR) {
      star = token++;
      resume = place;
    } else if (token < tokens.length && takes(tokens[token], name[place] ?? '')) {
      token++;
      place++;
    } else if (star >= 0) {
      token = star + 1;
      place = ++resume;
    } else return false;
  }
  while (tokens[token] === STAR) token++;
  return token === tokens.length;
}

function takes(token: Token | undefined, character: string): boolean {
  if (typeof token === 'string') return token === character;
  if (token === ANY) return true;
  if (token === STAR || token === undefined) return false;
  const inside = token.ranges.some(([from, to]) => inRange(character, from, to));
  return inside !== token.negated;
}

function inRange(character: string, from: string, to: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return (from.codePointAt(0) ?? 0) <= code && code <= (to.codePointAt(0) ?? 0);
}

function tokenize(pattern: readonly string[]): Token[] {
  const tokens: Token[] = [];
  const lastClose = pattern.lastIndexOf(']');
  let place = 0;
  while (place < pattern.length) {
    const character = pattern[place++] ?? '';
    if (character === '*') {
      if (tokens.at(-1) !== STAR) tokens.push(STAR);
    } else if (character === '?') tokens.push(ANY);
    else if (character === '[') {
      const end = place > lastClose ? -1 : endOfClass(pattern, place);
      if (end < 0) tokens.push('[');
      else {
        tokens.push(characterClass(pattern.slice(place, end)));
        place = end + 1;
      }
    } else tokens.push(character);
  }
  return tokens;
}

/** The place of the closing bracket; one that comes first in the class, or first after `!`, is a member. */
function endOfClass(pattern: readonly string[], start: number): number {
  let place = start;
  if (pattern[place] === '!') place++;
  if (pattern[place] === ']') place++;
  return pattern.indexOf(']', place);
}

function characterClass(body: readonly string[]): CharacterClass {
  const negated = body[0] === '!';
  return { negated, ranges: rangesOf(negated ? body.slice(1) : body) };
}

/**
 * A hyphen makes a range unless it is the first or the last of the class, or the first after a range. A range
 * that runs backwards is empty, where a regular expression would call it an error.
 */
function rangesOf(members: readonly string[]): (readonly [string, string])[] {
  const ranges: (readonly [string, string])[] = [];
  let place = 0;
  while (place < members.length) {
    const from = members[place] ?? '';
    const to = members[place + 2];
    if (members[place + 1] === '-' && to !== undefined) {
      ranges.push([from, to]);
      place += 3;
    } else {
      ranges.push([from, from]);
      place++;
    }
  }
  return ranges;
}
