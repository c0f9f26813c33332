import { RECORD_LISTS } from './record-lists.ts';
import { readBytes, type StreamRecord, unread } from './stream-record.ts';
import { MOST_AT_A_TIME, type UsualRecords } from './usual-records.ts';

/**
 * Reads the elements of one JSON array, or of the list of records of one JSON object (record-lists.ts), out of a stream
 * of bytes. An object without such an array is one record itself. Usual elements are read whole; of
 * all others brackets and strings are followed byte by byte, so that a broken one ends where it would.
 */
export class ElementScanner {
  /** True once the array or object has been closed. */
  done = false;
  readonly #limit: number;
  /** Brackets open at the current byte. */
  #depth = 0;
  /** How many brackets are open between two elements; NONE before the array and after it. */
  #arrayDepth = NONE;
  #arrayFound = false;
  #inString = false;
  #escaped = false;
  /** The next byte to look at, in the buffer that scan() is handed. */
  #at = 0;
  /** Where the record being read began; NONE between two. */
  #start = NONE;
  #keyStart = 0;
  /** Whether the last string at depth 1, the key of what follows, names the records. */
  #keyNamesRecords = false;
  #tooLarge = false;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  /**
   * Scans on, until there are MOST_AT_A_TIME. Complete elements go to `records`; the bytes of an unfinished one, and
   * what was not read yet, are returned, to be handed in again with more.
   * @param usual elements of bytes that end where these do
   */
  scan(buffer: Buffer, usual: UsualRecords, records: StreamRecord[]): Buffer {
    while (this.#at < buffer.length && !this.done && records.length < MOST_AT_A_TIME) {
      if (this.#inString) this.#throughString(buffer, records);
      else if (this.#arrayDepth !== NONE && this.#depth > this.#arrayDepth)
        this.#throughElement(buffer, records);
      else this.#structure(buffer, usual, records);
    }
    return this.#unfinished(buffer);
  }

  #throughString(buffer: Buffer, records: StreamRecord[]): void {
    let at = this.#at;
    for (; at < buffer.length; at++) {
      const byte = buffer[at];
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) break;
    }
    this.#at = at;
    if (at === buffer.length) return;
    this.#inString = false;
    this.#at = at + 1;
    if (this.#depth === this.#arrayDepth) this.#emit(buffer, records);
    else if (this.#depth === 1) this.#keyNamesRecords = namesRecords(buffer, this.#keyStart, this.#at);
  }

  /**
   * Goes on to the end of the element, where nothing but brackets and strings counts: nearly all bytes of a file of
   * CloudTrail's are passed over here.
   */
  #throughElement(buffer: Buffer, records: StreamRecord[]): void {
    const end = buffer.length;
    let at = this.#at;
    let depth = this.#depth;
    while (at < end && depth > this.#arrayDepth) {
      const byte = buffer[at++] as number;
      if (byte === QUOTE) {
        while (at < end && buffer[at] !== QUOTE) at += buffer[at] === BACKSLASH ? 2 : 1;
        this.#inString = at >= end;
        this.#escaped = at > end;
        at = Math.min(at + 1, end);
      } else if ((byte | LOWER) === OPEN_BRACE) depth++;
      else if ((byte | LOWER) === CLOSE_BRACE) depth--;
    }
    this.#at = at;
    this.#depth = depth;
    if (depth === this.#arrayDepth) this.#emit(buffer, records);
  }

  /** Goes on to the next byte that begins a string, or opens or closes a bracket. */
  #structure(buffer: Buffer, usual: UsualRecords, records: StreamRecord[]): void {
    const between = this.#depth === this.#arrayDepth;
    for (let at = this.#at; at < buffer.length; at++) {
      const kind = KINDS[buffer[at] as number];
      if (kind === PLAIN) {
        if (between && this.#start === NONE) this.#start = at;
      } else if (kind === GAP) {
        if (!between || this.#start === NONE) continue;
        this.#at = at;
        this.#emit(buffer, records);
        return;
      } else {
        this.#at = at;
        const begins = between && this.#start === NONE && kind === OPEN_OBJECT;
        const read = begins ? usual.readElements(buffer.length - at, records) : 0;
        if (read === 0) this.#turn(buffer, kind, records);
        else this.#at += read;
        return;
      }
    }
    this.#at = buffer.length;
  }

  #turn(buffer: Buffer, kind: number | undefined, records: StreamRecord[]): void {
    if (kind === STRING) {
      this.#inString = true;
      if (this.#depth === this.#arrayDepth) this.#start = this.#at;
      else if (this.#depth === 1) this.#keyStart = this.#at;
    } else if (kind === CLOSE) {
      this.#ascend(buffer, records);
      return;
    } else {
      this.#descend(kind === OPEN_LIST);
    }
    this.#at++;
  }

  #descend(list: boolean): void {
    if (this.#depth === this.#arrayDepth) {
      this.#start = this.#at;
    } else if (this.#depth === 0) {
      if (list) this.#enterArray(1);
      else this.#start = this.#at;
    } else if (this.#depth === 1 && list && !this.#arrayFound && this.#keyNamesRecords) {
      this.#enterArray(2);
    }
    this.#depth++;
  }

  #enterArray(depth: number): void {
    this.#arrayFound = true;
    this.#arrayDepth = depth;
    this.#start = NONE;
    this.#tooLarge = false;
  }

  #ascend(buffer: Buffer, records: StreamRecord[]): void {
    if (this.#depth === this.#arrayDepth) {
      if (this.#start !== NONE) this.#emit(buffer, records);
      this.#arrayDepth = NONE;
    }
    this.#depth--;
    this.#at++;
    if (this.#depth === this.#arrayDepth) this.#emit(buffer, records);
    if (this.#depth > 0) return;
    if (!this.#arrayFound) this.#emit(buffer, records);
    this.done = true;
  }

  #emit(buffer: Buffer, records: StreamRecord[]): void {
    const tooLarge = this.#tooLarge || this.#at - this.#start > this.#limit;
    records.push(tooLarge ? unread('body_too_large') : readBytes(buffer, this.#start, this.#at));
    this.#start = NONE;
    this.#tooLarge = false;
  }

  /** Keeps the bytes of the record being read, unless it has become too large to be answered. */
  #unfinished(buffer: Buffer): Buffer {
    if (this.done) return buffer.subarray(this.#at);
    if (this.#start !== NONE && this.#at - this.#start > this.#limit) this.#tooLarge = true;
    const keep = this.#start !== NONE && !this.#tooLarge ? this.#start : this.#keyOrEnd();
    if (this.#start !== NONE) this.#start = Math.max(0, this.#start - keep);
    this.#keyStart -= keep;
    this.#at -= keep;
    return buffer.subarray(keep);
  }

  /** A key cut in two by the end of a chunk must stay whole to be recognised; a long string is no such key. */
  #keyOrEnd(): number {
    const inKey = this.#inString && this.#depth === 1 && this.#at - this.#keyStart <= LONGEST_KEY;
    return inKey ? this.#keyStart : this.#at;
  }
}

function namesRecords(buffer: Buffer, start: number, end: number): boolean {
  if (start < 0 || end - start > LONGEST_KEY) return false;
  return RECORDS_KEYS.has(buffer.toString('latin1', start, end));
}

const RECORDS_KEYS: ReadonlySet<string> = new Set(RECORD_LISTS.map((name) => JSON.stringify(name)));
const LONGEST_KEY = Math.max(...[...RECORDS_KEYS].map(({ length }) => length));
const NONE = -1;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The bit by which `{` differs from `[`, and `}` from `]`. */
const LOWER = 0x20;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const PLAIN = 0;
const GAP = 1;
const STRING = 2;
const OPEN_LIST = 3;
const OPEN_OBJECT = 4;
const CLOSE = 5;

const KINDS = new Uint8Array(256);
for (const gap of ' \t\r\n,:') KINDS[gap.charCodeAt(0)] = GAP;
KINDS[QUOTE] = STRING;
KINDS['['.charCodeAt(0)] = OPEN_LIST;
KINDS['{'.charCodeAt(0)] = OPEN_OBJECT;
KINDS[']'.charCodeAt(0)] = CLOSE;
KINDS['}'.charCodeAt(0)] = CLOSE;
