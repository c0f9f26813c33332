/**
 * Python's `fnmatch.fnmatchcase`, because Cloudsplaining expands actions with it: `*`, `?`, and the classes
 * `[seq]` and `[!seq]` that IAM does not have. Every token but the star takes one code point, so that going back
 * to the last star only is enough: time is bounded by the product of the two lengths, and names are short.
 */
type Token = string | typeof ANY | typeof STAR | CharacterClass;
const ANY = Symbol('any code point');
const STAR = Symbol('any run of code points');

/** One entry for each ASCII character, 1 where the class takes it: asking costs the same however long the class is. */
type CharacterClass = Uint8Array;
const ASCII = 128;

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
  return token[character.charCodeAt(0)] === 1;
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

/**
 * Python leaves out the ranges that run backwards, where a regular expression would call them errors, and only then
 * looks whether the class begins with `!`: `[z-a!q]` is everything but q. A range from that `!` is none any more.
 */
function characterClass(body: readonly string[]): CharacterClass {
  const marked = body[0] === '!';
  const ranges = rangesOf(marked ? body.slice(1) : body);
  const [first] = ranges;
  if (marked || first?.from !== '!') return tableOf(ranges, marked);
  const rest = ranges.slice(1);
  return tableOf(first.to === '!' ? rest : [single('-'), single(first.to), ...rest], true);
}

interface Range {
  readonly from: string;
  readonly to: string;
}

function single(member: string): Range {
  return { from: member, to: member };
}

/** A hyphen makes a range unless it is the first or the last of the class, or the first after a range. */
function rangesOf(members: readonly string[]): Range[] {
  const ranges: Range[] = [];
  let place = 0;
  while (place < members.length) {
    const from = members[place] ?? '';
    const to = members[place + 2];
    if (members[place + 1] === '-' && to !== undefined) {
      if (codeOf(from) <= codeOf(to)) ranges.push({ from, to });
      place += 3;
    } else {
      ranges.push(single(from));
      place++;
    }
  }
  return ranges;
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

/** Where ranges begin and end is counted first, so that as many of them as a document holds cost no more than its length. */
function tableOf(ranges: readonly Range[], negated: boolean): CharacterClass {
  const changes = new Int32Array(ASCII + 1);
  for (const { from, to } of ranges) {
    const first = Math.min(codeOf(from), ASCII);
    const end = Math.min(codeOf(to) + 1, ASCII);
    changes[first] = (changes[first] ?? 0) + 1;
    changes[end] = (changes[end] ?? 0) - 1;
  }
  const table = new Uint8Array(ASCII);
  let open = 0;
  for (let code = 0; code < ASCII; code++) {
    open += changes[code] ?? 0;
    table[code] = open > 0 !== negated ? 1 : 0;
  }
  return table;
}
