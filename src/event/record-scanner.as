/**
 * AssemblyScript. Walks the JSON of one CloudTrail record, and notes where its fields stand: `npm run record-scanner`
 * makes record-scanner.wasm of it, and scan-record.ts reads what was noted.
 *
 * It takes an object that JSON.parse takes (RFC 8259), where all of it is ASCII, no more than MOST_DEPTH levels deep,
 * and no noted field comes twice, under an escaped name, or with a value of another kind. Of all else it says nothing
 * but that.
 */

/**
 * For each field, by its id: where its value begins and ends, the first byte of what it says, and its place. Where it
 * says nothing, as null and an empty text do, that byte is 0.
 */
const FIELDS: usize = 0;
const FIELD_BITS: usize = 4;
const MOST_FIELDS: usize = 64;

/** Kinds of fields: what they hold, where they say something. */
const TEXT: u32 = 1;
const OBJECT: u32 = 2;
/** What the time says, in the place of the field that there is not. */
const TIME: usize = FIELDS;

/** Names of fields by their hash: where the name stands, its length, its id and its kind. */
const NAMES: usize = 1024;
const MOST_NAMES: u32 = 256;
const NAME_TEXTS: usize = 4096;

/** Of texts and of identities, one for each that came twice: a hash tells which place it may have. */
const PLACES: usize = 4096;
/** The hashes of those that were met last and not kept. */
const MET_TEXTS: usize = 8192;
const MET_IDENTITIES: usize = MET_TEXTS + 4 * PLACES;
/** What is kept: a length, and at 8 the bytes. */
const TEXT_BITS: usize = 8;
const IDENTITY_BITS: usize = 10;
const TEXTS: usize = 65536;
const IDENTITIES: usize = TEXTS + (PLACES << TEXT_BITS);

/** Where the JSON is written to; all memory from here on is for it. */
export const input: usize = IDENTITIES + (PLACES << IDENTITY_BITS);

const MOST_DEPTH: u32 = 40;

const QUOTE: u32 = 0x22;
const PERCENT: u32 = 0x25;
const COMMA: u32 = 0x2c;
const MINUS: u32 = 0x2d;
const DOT: u32 = 0x2e;
const SLASH: u32 = 0x2f;
const ZERO: u32 = 0x30;
const COLON: u32 = 0x3a;
const CAPITAL_T: u32 = 0x54;
const CAPITAL_Z: u32 = 0x5a;
const BACKSLASH: u32 = 0x5c;
const OPEN_BRACKET: u32 = 0x5b;
const CLOSE_BRACKET: u32 = 0x5d;
/** The first letter of `null`. */
const NULL: u32 = 0x6e;
const OPEN_BRACE: u32 = 0x7b;
const CLOSE_BRACE: u32 = 0x7d;

let nameEnd: usize = NAME_TEXTS;
/** Whether the string that was read last has an escape. */
let isEscaped: bool = false;

/** Where the next name is to be written, with its quotes, before `addName`. */
export function nameRoom(): usize {
  return nameEnd;
}

/**
 * @param length without the quotes; from 7 on
 * @param kind TEXT, OBJECT, or 0 for any
 */
export function addName(length: u32, id: u32, kind: u32): void {
  const start = nameEnd + 1;
  let slot = nameHash(start, length);
  while (load<u32>(NAMES + (<usize>slot << 3)) != 0) slot = (slot + 1) & (MOST_NAMES - 1);
  store<u32>(NAMES + (<usize>slot << 3), <u32>start);
  store<u32>(NAMES + (<usize>slot << 3), length | (id << 8) | (kind << 16), 4);
  nameEnd += <usize>length + 16;
}

/** By the first eight letters and the last eight, of which a quote may be one. */
@inline
function nameHash(start: usize, length: u32): u32 {
  const first = load<u64>(start) * 0x9e3779b97f4a7c15;
  const last = load<u64>(start + length - 8) * 0xc2b2ae3d27d4eb4f;
  return <u32>((first ^ last ^ <u64>length) >> 56);
}

/** The id and, at KIND_BITS, the kind of a field; 0 where the name is none of those that are noted. */
@inline
function fieldOf(start: usize, length: u32): u32 {
  let slot = nameHash(start, length);
  while (true) {
    const name = <usize>load<u32>(NAMES + (<usize>slot << 3));
    if (name == 0) return 0;
    const about = load<u32>(NAMES + (<usize>slot << 3), 4);
    if ((about & 0xff) == length && isEqual(name, start, length)) return about >> 8;
    slot = (slot + 1) & (MOST_NAMES - 1);
  }
}

/** Those of the last, incomplete word that count. */
@inline
function lastBytes(length: u32): u64 {
  return (<u64>1 << (<u64>(length & 7) << 3)) - 1;
}

function isEqual(a: usize, b: usize, length: u32): bool {
  const whole = length & ~7;
  for (let i: u32 = 0; i < whole; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false;
  return ((load<u64>(a + whole) ^ load<u64>(b + whole)) & lastBytes(length)) == 0;
}

function hashOf(start: usize, length: u32): u32 {
  const whole = length & ~7;
  let hash: u64 = <u64>length * 0x9e3779b97f4a7c15;
  for (let i: u32 = 0; i < whole; i += 8) {
    hash = (hash ^ load<u64>(start + i)) * 0x9fb21c651e98df25;
    hash ^= hash >> 32;
  }
  hash = (hash ^ (load<u64>(start + whole) & lastBytes(length))) * 0x9fb21c651e98df25;
  return <u32>(hash >> 32);
}

/**
 * Where the same bytes were kept: their place from 1 on; below 0 its negative, where they are kept from now on because
 * they came before; 0 where they came for the first time.
 */
function placeOf(start: usize, length: u32, kept: usize, bits: usize, met: usize): i32 {
  const hash = hashOf(start, length);
  const place = <usize>hash & (PLACES - 1);
  const at = kept + (place << bits);
  if (load<u32>(at) == length && isEqual(at + 8, start, length)) return <i32>place + 1;
  const last = met + (place << 2);
  if (load<u32>(last) != hash) {
    store<u32>(last, hash);
    return 0;
  }
  store<u32>(at, length);
  memory.copy(at + 8, start, length);
  return -(<i32>place + 1);
}

@inline
function isBlank(c: u32): bool {
  return c == 0x20 || c == 0x0a || c == 0x0d || c == 0x09;
}

@inline
function isDigit(c: u32): bool {
  return c - ZERO < 10;
}

@inline
function isHex(c: u32): bool {
  return isDigit(c) || (c | 0x20) - 0x61 < 6;
}

/** Behind the escape that a backslash begins; 0 where there is none. */
function endOfEscape(at: usize): usize {
  switch (<u32>load<u8>(at, 1)) {
    case QUOTE:
    case SLASH:
    case BACKSLASH:
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at + 2;
    case 0x75: // u
      for (let i: usize = 2; i < 6; i++) if (!isHex(<u32>load<u8>(at + i))) return 0;
      return at + 6;
    default:
      return 0;
  }
}

/** Where the quote stands that ends the string; 0 where none does, or where a byte is no ASCII. */
@inline
function endOfString(at: usize): usize {
  isEscaped = false;
  while (true) {
    const bytes = v128.load(at);
    const quotes = i8x16.eq(bytes, i8x16.splat(0x22));
    const escapes = i8x16.eq(bytes, i8x16.splat(0x5c));
    // As signed bytes, those that are no ASCII are below the control characters.
    const others = i8x16.lt_s(bytes, i8x16.splat(0x20));
    const found = i8x16.bitmask(v128.or(v128.or(quotes, escapes), others));
    if (found == 0) {
      at += 16;
      continue;
    }
    at += <usize>ctz(found);
    const c = <u32>load<u8>(at);
    if (c == QUOTE) return at;
    if (c != BACKSLASH) return 0;
    isEscaped = true;
    at = endOfEscape(at);
    if (at == 0) return 0;
  }
}

function behindDigits(at: usize): usize {
  if (!isDigit(<u32>load<u8>(at))) return 0;
  while (isDigit(<u32>load<u8>(++at)));
  return at;
}

function endOfNumber(at: usize): usize {
  if (<u32>load<u8>(at) == MINUS) at++;
  at = <u32>load<u8>(at) == ZERO ? at + 1 : behindDigits(at);
  if (at != 0 && <u32>load<u8>(at) == DOT) at = behindDigits(at + 1);
  if (at == 0 || (<u32>load<u8>(at) | 0x20) != 0x65) return at; // e
  const sign = <u32>load<u8>(at, 1);
  return behindDigits(sign == 0x2b || sign == MINUS ? at + 2 : at + 1);
}

@inline
function endOfPlainValue(at: usize): usize {
  const word = load<u32>(at);
  if (word == 0x65757274 || word == 0x6c6c756e) return at + 4; // true, null
  if (word == 0x736c6166) return load<u8>(at, 4) == 0x65 ? at + 5 : 0; // false
  return endOfNumber(at);
}

@inline
function behindBlanks(at: usize): usize {
  while (isBlank(<u32>load<u8>(at))) at++;
  return at;
}

/** What the last name of the outermost object is about, as `fieldOf` tells it. */
let field: u32 = 0;

/** From the quote that begins a name to the value behind its colon; 0 where there is none. */
@inline
function behindName(at: usize, isOutermost: bool): usize {
  if (<u32>load<u8>(at) != QUOTE) return 0;
  const start = at + 1;
  const end = endOfString(start);
  if (end == 0) return 0;
  if (isOutermost) {
    if (isEscaped) return 0;
    field = fieldOf(start, <u32>(end - start));
  }
  at = behindBlanks(end + 1);
  return <u32>load<u8>(at) == COLON ? behindBlanks(at + 1) : 0;
}

/** False where the field was noted before, or has a value of another kind. */
@inline
function note(start: usize, end: usize): bool {
  if (field == 0) return true;
  const at = FIELDS + (<usize>(field & 0xff) << FIELD_BITS);
  if (load<u32>(at) != 0) return false;
  const first = <u32>load<u8>(start);
  const quote: usize = first == QUOTE ? 1 : 0;
  store<u32>(at, <u32>(start + quote));
  store<u32>(at, <u32>(end - quote), 4);
  if (first == NULL || (quote && end - start == 2)) return true;
  store<u32>(at, first, 8);
  const kind = field >> 8;
  if (kind == OBJECT) return first == OPEN_BRACE;
  // Logstash's `%{field}` stands for nothing, and what has an escape is not its own text.
  return quote ? !isEscaped && <u32>load<u8>(start, 1) != PERCENT : kind != TEXT;
}

/** Behind the object that begins there; 0 where there is none. */
function walk(at: usize): usize {
  let depth: u32 = 0;
  /** A bit for each level that is open, the innermost last: 1 for an object. */
  let objects: u64 = 0;
  let start: usize = 0;
  if (<u32>load<u8>(at) != OPEN_BRACE) return 0;
  while (true) {
    const c = <u32>load<u8>(at);
    if (depth == 1) start = at;
    if (c == QUOTE) {
      at = endOfString(at + 1);
      if (at == 0) return 0;
      at++;
    } else if (c == OPEN_BRACE || c == OPEN_BRACKET) {
      if (++depth > MOST_DEPTH) return 0;
      objects = (objects << 1) | <u64>(c == OPEN_BRACE);
      at = behindBlanks(at + 1);
      if (<u32>load<u8>(at) != c + 2) {
        if (c == OPEN_BRACE) {
          at = behindName(at, depth == 1);
          if (at == 0) return 0;
        }
        continue;
      }
      at++;
      depth--;
      objects >>= 1;
    } else {
      at = endOfPlainValue(at);
      if (at == 0) return 0;
    }
    while (true) {
      if (depth == 0) return at;
      if (depth == 1 && !note(start, at)) return 0;
      at = behindBlanks(at);
      const next = <u32>load<u8>(at);
      if (next == COMMA) break;
      if (next != (objects & 1 ? CLOSE_BRACE : CLOSE_BRACKET)) return 0;
      at++;
      depth--;
      objects >>= 1;
    }
    at = behindBlanks(at + 1);
    if (objects & 1) {
      at = behindName(at, depth == 1);
      if (at == 0) return 0;
    }
  }
}

/** 100 where one is no digit. */
@inline
function twoDigits(at: usize): i32 {
  const tens = <u32>load<u8>(at) - ZERO;
  const ones = <u32>load<u8>(at, 1) - ZERO;
  return tens > 9 || ones > 9 ? 100 : <i32>(tens * 10 + ones);
}

/** Of the Gregorian calendar, months from 1 to 12. */
function daysOf(year: i32, month: i32): i32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** Since 1 January 1970. Years are counted from March on, so that a leap day is the last of its year. */
function daysBefore(year: i32, month: i32, day: i32): i32 {
  const years = month > 2 ? year : year - 1;
  const months = month > 2 ? month - 3 : month + 9;
  const leapDays = years / 4 - years / 100 + years / 400;
  return years * 365 + leapDays + (153 * months + 2) / 5 + day - 1 - 719468;
}

/** Milliseconds since the epoch of `2026-11-24T10:00:00Z`, from the year 1000 on; NaN of any other text. */
function usualTime(at: usize, length: u32): f64 {
  if (length != 20) return NaN;
  if (load<u8>(at, 4) != MINUS || load<u8>(at, 7) != MINUS || load<u8>(at, 10) != CAPITAL_T) return NaN;
  if (load<u8>(at, 13) != COLON || load<u8>(at, 16) != COLON || load<u8>(at, 19) != CAPITAL_Z) return NaN;
  const century = twoDigits(at);
  const years = twoDigits(at + 2);
  const month = twoDigits(at + 5);
  const day = twoDigits(at + 8);
  const hour = twoDigits(at + 11);
  const minute = twoDigits(at + 14);
  const second = twoDigits(at + 17);
  const year = century * 100 + years;
  if (century < 10 || century > 99 || years > 99 || month < 1 || month > 12) return NaN;
  if (day < 1 || day > daysOf(year, month) || hour > 23 || minute > 59 || second > 59) return NaN;
  return (<f64>daysBefore(year, month, day) * 86400 + <f64>(hour * 3600 + minute * 60 + second)) * 1000;
}

/**
 * Notes the fields of the object that begins there, in bytes that were written to `input` and on.
 * @param end of these bytes; 16 behind it are written to
 * @param texts the fields from 1 to this id are texts that are kept where they come twice
 * @param identity the id of the field that is an object and kept where it comes twice
 * @param time the id of the field that is a time
 * @returns where it ends; 0 where there is none
 */
export function scan(at: usize, end: usize, texts: u32, identity: u32, time: u32): usize {
  v128.store(end, i8x16.splat(0));
  memory.fill(FIELDS, 0, MOST_FIELDS << FIELD_BITS);
  const last = walk(at);
  if (last == 0) return 0;
  for (let id: u32 = 1; id <= texts; id++) keep(<usize>id << FIELD_BITS, QUOTE, TEXTS, TEXT_BITS, MET_TEXTS);
  keep(<usize>identity << FIELD_BITS, OPEN_BRACE, IDENTITIES, IDENTITY_BITS, MET_IDENTITIES);
  const start = load<u32>(FIELDS + (<usize>time << FIELD_BITS));
  store<f64>(TIME, usualTime(<usize>start, load<u32>(FIELDS + (<usize>time << FIELD_BITS), 4) - start));
  return last;
}

function keep(field: usize, first: u32, kept: usize, bits: usize, met: usize): void {
  if (load<u32>(FIELDS + field, 8) != first) return;
  const start = load<u32>(FIELDS + field);
  const length = load<u32>(FIELDS + field, 4) - start;
  if (length > (<u32>1 << <u32>bits) - 8) return;
  store<i32>(FIELDS + field, placeOf(<usize>start, length, kept, bits, met), 12);
}
