/**
 * Python's `fnmatch.fnmatchcase`, because Cloudsplaining expands actions with it: `*`, `?`, and the classes
 * `[seq]` and `[!seq]`. IAM knows no such classes, so that no policy in use needs them: they are here only because
 * this mode is promised to follow Cloudsplaining to the letter.
 *
 * Every token but the star takes one code point, so that what stands between two stars is searched for behind the
 * part before it and never before it again: time is bounded by the product of the two lengths, and names are short.
 */
type Part = readonly CharacterClass[];

/** One entry for each ASCII character, 1 where the class takes it: asking costs the same however long the class is. */
type CharacterClass = Uint8Array;
const ASCII = 128;
const ANY: CharacterClass = new Uint8Array(ASCII).fill(1);
const NONE: CharacterClass = new Uint8Array(ASCII);
const CHARACTERS = Array.from({ length: ASCII }, (_, code) => {
  const table = new Uint8Array(ASCII);
  table[code] = 1;
  return table;
});

export type NameTest = (name: string) => boolean;

/** For names in ASCII: action names are. */
export function fnmatchTest(pattern: string): NameTest {
  const [first = [], ...rest] = partsOf(Array.from(pattern));
  const last = rest.pop();
  if (last === undefined) return (name) => name.length === first.length && stands(first, name, 0);
  const parts = rest.filter((part) => part.length > 0);
  return (name) => {
    const end = name.length - last.length;
    if (end < first.length || !stands(last, name, end) || !stands(first, name, 0)) return false;
    let at = first.length;
    for (const part of parts) {
      at = endOfPart(part, name, at, end);
      if (at < 0) return false;
    }
    return true;
  };
}

function endOfPart(part: Part, name: string, from: number, end: number): number {
  for (let place = from; place + part.length <= end; place++) {
    if (stands(part, name, place)) return place + part.length;
  }
  return -1;
}

function stands(part: Part, name: string, place: number): boolean {
  for (let at = 0; at < part.length; at++) {
    if (part[at]?.[name.charCodeAt(place + at)] !== 1) return false;
  }
  return true;
}

/** What stands between the stars. */
function partsOf(pattern: readonly string[]): Part[] {
  let part: CharacterClass[] = [];
  const parts = [part];
  const lastClose = pattern.lastIndexOf(']');
  let place = 0;
  while (place < pattern.length) {
    const character = pattern[place++] ?? '';
    const end = character === '[' && place <= lastClose ? endOfClass(pattern, place) : -1;
    if (end >= 0) {
      part.push(characterClass(pattern.slice(place, end)));
      place = end + 1;
    } else if (character === '*') {
      part = [];
      parts.push(part);
    } else part.push(character === '?' ? ANY : (CHARACTERS[codeOf(character)] ?? NONE));
  }
  return parts;
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

/**
 * Where ranges begin and end is counted first, so that as many of them as a document holds cost no more than its
 * length.
 */
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
