import type { RefusalCode } from '../errors.ts';
import { ElementScanner } from './element-scanner.ts';
import { NextOf } from './next-of.ts';
import { isPrettyPrinted } from './pretty-printed.ts';
import { LOG_EVENTS, LOOKED_UP, RECORDS } from './record-lists.ts';
import { isBlank } from './scan-record.ts';
import { readBytes, readText, type StreamRecord, unread } from './stream-record.ts';
import { beginsUsually, MOST_AT_A_TIME, UsualRecords } from './usual-records.ts';

/** `array` where the stream is one JSON array (and so is its answer), `lines` in every other case. */
export type StreamForm = 'array' | 'lines';

/**
 * Reads the records of a stream without holding more of it than one record: a JSON array, `{"Records":[...]}` (real
 * S3 files are one line of it, and may be larger than memory), one JSON object a line, or several of these one
 * after the other. A broken line gives one refusal and the next line is read; a broken array cannot be entered
 * again, so it gives one refusal for the rest.
 */
export class RecordReader {
  form: StreamForm | undefined;
  readonly #limit: number;
  #rest: Buffer = EMPTY;
  /**
   * Bytes behind `#rest` that are ours to write to: small chunks of a long line are put there, so that not all of it is
   * copied for each.
   */
  #room = 0;
  readonly #lineEnd = new NextOf(NEW_LINE);
  readonly #between = new NextOf(BETWEEN_OBJECTS);
  #scanner: ElementScanner | undefined;
  #skippingLine = false;
  #started = false;
  /** Whether a value was read to its end. */
  #isBehindOne = false;
  /** Of what came last: bytes that end where `#rest` does. */
  #usual: UsualRecords;

  /** @param limitBytes the largest record; a larger one is answered `body_too_large`, and the next one is read. */
  constructor(limitBytes: number) {
    this.#limit = limitBytes;
    this.#usual = new UsualRecords(EMPTY, limitBytes);
  }

  /**
   * Takes the next bytes of the stream; yields the records that are complete with them, some hundred at a time, so that
   * who reads may let others have their turn between them. All of it must be read before the next bytes are handed in.
   */
  *push(chunk: Buffer): Generator<StreamRecord[]> {
    let records: StreamRecord[] = [];
    for (const bytes of this.#parted(chunk)) {
      this.#append(bytes);
      for (; this.#advance(records, false); records = []) yield records;
    }
    yield records;
  }

  /** All but the line that the chunks share stays where it is. */
  #parted(chunk: Buffer): readonly Buffer[] {
    const shared = this.#rest.length === 0 || this.#scanner !== undefined ? 0 : chunk.indexOf(NEW_LINE) + 1;
    return shared > 0 ? [chunk.subarray(0, shared), chunk.subarray(shared)] : [chunk];
  }

  #append(bytes: Buffer): void {
    const { length } = this.#rest;
    if (length > 0 && bytes.length <= this.#room) {
      const { buffer, byteOffset } = this.#rest;
      this.#rest = Buffer.from(buffer, byteOffset, length + bytes.length);
      this.#rest.set(bytes, length);
      this.#room -= bytes.length;
    } else if (length < LONG_REST || bytes.length >= length) {
      this.#rest = length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
      this.#room = 0;
    } else {
      const roomy = Buffer.allocUnsafeSlow(2 * length);
      roomy.set(this.#rest);
      roomy.set(bytes, length);
      this.#rest = roomy.subarray(0, length + bytes.length);
      this.#room = length - bytes.length;
    }
    this.#lineEnd.grow(bytes.length);
    this.#between.grow(bytes.length);
    this.#usual = new UsualRecords(this.#rest, this.#limit);
  }

  /** The stream has ended; yields what is left. */
  *end(): Generator<StreamRecord[]> {
    let records: StreamRecord[] = [];
    for (; this.#advance(records, true); records = []) yield records;
    if (this.#scanner !== undefined) records.push(unread('not_json'));
    this.#scanner = undefined;
    yield records;
  }

  /** True where there may be more, and there are enough for now. */
  #advance(records: StreamRecord[], ended: boolean): boolean {
    while (this.#rest.length > 0 && records.length < MOST_AT_A_TIME) {
      if (this.#scanner === undefined) {
        if (!this.#startValue(records, ended)) return false;
        continue;
      }
      this.#rest = this.#scanner.scan(this.#rest, this.#usual, records);
      if (this.#scanner.done) this.#endScan();
      else if (records.length < MOST_AT_A_TIME) return false;
    }
    return this.#rest.length > 0;
  }

  #endScan(): void {
    this.#scanner = undefined;
    this.#isBehindOne = true;
  }

  /** Between two values: takes the next line, or starts a scanner. False means that more bytes are needed. */
  #startValue(records: StreamRecord[], ended: boolean): boolean {
    if (this.#skippingLine) return this.#skipLine();
    if (!this.#skipBlank(ended)) return false;
    const array = this.#rest[0] === OPEN_BRACKET;
    this.form ??= array ? 'array' : 'lines';
    if (array) {
      this.#scanner = new ElementScanner(this.#limit);
      return true;
    }
    return this.#startLine(records, ended);
  }

  #startLine(records: StreamRecord[], ended: boolean): boolean {
    const found = this.#lineEnd.in(this.#rest);
    const read = found === -1 ? 0 : this.#usual.readLines(this.#rest.length, records);
    if (read > 0) {
      this.#isBehindOne = true;
      this.#rest = this.#rest.subarray(read);
      return true;
    }
    const complete = found !== -1 || ended;
    const length = found === -1 ? this.#rest.length : found;
    const scanned = this.#isScanned(length, complete, ended);
    if (scanned === undefined) return false;
    if (scanned) {
      this.#scanner = new ElementScanner(this.#limit);
      return true;
    }
    if (!complete && length <= Math.max(this.#limit, HEAD)) return false;
    this.#takeLine(records, length, complete);
    return true;
  }

  /**
   * Whether the value that begins here is to be followed bracket by bracket, since its lines do not tell its end.
   * Undefined where the bytes that decide it are still to come.
   */
  #isScanned(length: number, complete: boolean, ended: boolean): boolean | undefined {
    if (this.#rest[0] !== OPEN_BRACE) return false;
    // Only what has come by then in any case is asked: the answer does not rest on how the stream is cut.
    if (length > this.#limit && this.#holdsSeveralWithin(this.#limit)) return true;
    if (isUsualLine(this.#rest, length, complete)) return false;
    if (isEnvelope(this.#rest.subarray(0, Math.min(length, HEAD)))) return true;
    return complete && length <= HEAD && isPrettyPrinted(this.#rest, length, ended);
  }

  /** Within one object these characters can only stand where a text ends. */
  #holdsSeveralWithin(length: number): boolean {
    const found = this.#between.in(this.#rest);
    return found !== -1 && found + BETWEEN_OBJECTS.length <= length;
  }

  #takeLine(records: StreamRecord[], length: number, complete: boolean): void {
    this.#isBehindOne = true;
    if (length > this.#limit) {
      records.push(unread('body_too_large'));
      this.#skippingLine = !complete;
    } else {
      const record = readBytes(this.#rest, 0, length);
      if (isBeyondOne(record) && this.#readObjects(records, length)) return;
      records.push(isNotJson(record) ? withoutSeparator(record) : record);
    }
    this.#rest = this.#rest.subarray(complete ? length + 1 : length);
  }

  /**
   * A line that is no JSON may be objects that were written one behind the other, as Data Firehose does. False where it
   * is broken also if they are read one by one; after so many that are not, it is taken for such a line, and the rest
   * of it for the next one.
   */
  #readObjects(records: StreamRecord[], length: number): boolean {
    if (!this.#holdsSeveralWithin(length)) return false;
    const line = this.#rest.subarray(0, length);
    const usual = new UsualRecords(line, this.#limit);
    const found: StreamRecord[] = [];
    let rest = line;
    let scanner: ElementScanner | undefined;
    while (rest.length > 0 && found.length < SURELY_SEVERAL) {
      scanner ??= new ElementScanner(this.#limit);
      const some: StreamRecord[] = [];
      rest = scanner.scan(rest, usual, some);
      if (some.some(isNotJson) || (!scanner.done && some.length < MOST_AT_A_TIME)) return false;
      for (const record of some) found.push(record);
      if (!scanner.done) continue;
      scanner = undefined;
      rest = withoutBlank(rest);
    }
    if (scanner !== undefined && rest.length === 0) return false;
    for (const record of found) records.push(record);
    this.#scanner = scanner;
    this.#rest = this.#rest.subarray(length - rest.length);
    return true;
  }

  #skipLine(): boolean {
    const found = this.#rest.indexOf(NEW_LINE);
    this.#skippingLine = found === -1;
    this.#rest = found === -1 ? EMPTY : this.#rest.subarray(found + 1);
    return true;
  }

  #skipBlank(ended: boolean): boolean {
    if (!this.#started && !this.#skipByteOrderMark(ended)) return false;
    this.#rest = withoutBlank(this.#rest);
    // Between two values a comma is what is left of an array that someone cut into lines.
    while (this.#rest[0] === COMMA && this.#isBehindOne) this.#rest = withoutBlank(this.#rest.subarray(1));
    return this.#rest.length > 0;
  }

  #skipByteOrderMark(ended: boolean): boolean {
    if (this.#rest[0] === BYTE_ORDER_MARK[0] && this.#rest.length < BYTE_ORDER_MARK.length && !ended)
      return false;
    if (this.#rest.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)) {
      this.#rest = this.#rest.subarray(BYTE_ORDER_MARK.length);
    }
    this.#started = true;
    return true;
  }
}

function isNotJson({ parsed }: StreamRecord): boolean {
  return !parsed.ok && parsed.refusal.code === 'not_json';
}

/** The same record of a line that ends with the comma that an array has between two. */
function withoutSeparator(record: StreamRecord): StreamRecord {
  const text = record.text.trimEnd();
  if (!text.endsWith('},')) return record;
  const alone = readText(text.slice(0, -1));
  return isNotJson(alone) ? record : alone;
}

/** What a text of several objects is taken for: keys are counted, and brackets, before it is parsed. */
function isBeyondOne({ parsed }: StreamRecord): boolean {
  return !parsed.ok && BEYOND_ONE.includes(parsed.refusal.code);
}

const BEYOND_ONE: readonly RefusalCode[] = ['not_json', 'too_many_keys', 'too_deep'];

/** Records of a line that is no JSON, all without a fault. */
const SURELY_SEVERAL = 4096;

const BETWEEN_OBJECTS = Buffer.from('}{"');

/** Up to there it costs nothing to copy what is left of one chunk, to the next. */
const LONG_REST = 4096;

/** Far enough to see the first keys of an envelope. */
const HEAD = 512;

/** A list that others may have too counts where it stands first of all, as its writer prints it. */
function isEnvelope(head: Buffer): boolean {
  if (head.length < SHORTEST_ENVELOPE) return false;
  return ENVELOPES.some((key) => head.includes(key)) || LOOKED_UP_FIRST.test(head.toString('latin1'));
}

const ENVELOPES = [...RECORDS, LOG_EVENTS].map((name) => JSON.stringify(name));
const LOOKED_UP_FIRST = new RegExp(`^\\{\\s*"${LOOKED_UP}"\\s*:`);
const SHORTEST_ENVELOPE = `{${JSON.stringify(LOOKED_UP)}:`.length;

/** A usual record on one line ends with its brace. */
function isUsualLine(bytes: Buffer, length: number, complete: boolean): boolean {
  return beginsUsually(bytes, 0) && (!complete || bytes[length - 1] === CLOSE_BRACE);
}

function withoutBlank(bytes: Buffer): Buffer {
  let at = 0;
  while (at < bytes.length && isBlank(bytes[at])) at++;
  return at === 0 ? bytes : bytes.subarray(at);
}

const NEW_LINE = 0x0a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const EMPTY = Buffer.alloc(0);
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
