import { ElementScanner } from './element-scanner.ts';
import { isPrettyPrinted } from './pretty-printed.ts';
import { LOG_EVENTS, LOOKED_UP, RECORDS } from './record-lists.ts';
import { readText, type StreamRecord, unread } from './stream-record.ts';
import { USUAL_START, UsualElements } from './usual-elements.ts';

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
  /** Bytes of `#rest` that are known to hold no end of line. */
  #searched = 0;
  #scanner: ElementScanner | undefined;
  #skippingLine = false;
  #started = false;
  /** Of what came last: bytes that end where `#rest` does. */
  #usual: UsualElements;

  /** @param limitBytes the largest record; a larger one is answered `body_too_large`, and the next one is read. */
  constructor(limitBytes: number) {
    this.#limit = limitBytes;
    this.#usual = new UsualElements(EMPTY, limitBytes);
  }

  /** Takes the next bytes of the stream; returns the records that are complete with them. */
  push(chunk: Buffer): StreamRecord[] {
    const records: StreamRecord[] = [];
    // All but the line that the chunks share stays where it is.
    const shared = this.#rest.length === 0 || this.#scanner !== undefined ? 0 : chunk.indexOf(NEW_LINE) + 1;
    if (shared > 0) this.#take(chunk.subarray(0, shared), records);
    this.#take(shared > 0 ? chunk.subarray(shared) : chunk, records);
    return records;
  }

  #take(bytes: Buffer, records: StreamRecord[]): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    this.#usual = new UsualElements(this.#rest, this.#limit);
    this.#advance(records, false);
  }

  /** The stream has ended; returns what is left. */
  end(): StreamRecord[] {
    const records: StreamRecord[] = [];
    this.#advance(records, true);
    if (this.#scanner !== undefined) records.push(unread('not_json'));
    this.#scanner = undefined;
    return records;
  }

  #advance(records: StreamRecord[], ended: boolean): void {
    while (this.#rest.length > 0) {
      if (this.#scanner === undefined) {
        if (!this.#startValue(records, ended)) return;
        continue;
      }
      this.#rest = this.#scanner.scan(this.#rest, this.#usual, records);
      if (!this.#scanner.done) return;
      this.#scanner = undefined;
    }
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
    const found = this.#rest.indexOf(NEW_LINE, this.#searched);
    const complete = found !== -1 || ended;
    const length = found === -1 ? this.#rest.length : found;
    const scanned = this.#isScanned(length, complete, ended);
    if (scanned === undefined) return false;
    if (scanned) {
      this.#searched = 0;
      this.#scanner = new ElementScanner(this.#limit);
      return true;
    }
    if (!complete && length <= Math.max(this.#limit, HEAD)) {
      this.#searched = length;
      return false;
    }
    this.#searched = 0;
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
    if (length > this.#limit && holdsSeveral(this.#rest, this.#limit)) return true;
    if (isUsualLine(this.#rest, length, complete)) return false;
    if (isEnvelope(this.#rest.subarray(0, Math.min(length, HEAD)))) return true;
    return complete && length <= HEAD && isPrettyPrinted(this.#rest, length, ended);
  }

  #takeLine(records: StreamRecord[], length: number, complete: boolean): void {
    if (length > this.#limit) {
      records.push(unread('body_too_large'));
      this.#skippingLine = !complete;
    } else {
      const record = readText(this.#rest.toString('utf8', 0, length));
      if (isNotJson(record)) records.push(...this.#readBroken(record, length));
      else records.push(record);
    }
    this.#rest = this.#rest.subarray(complete ? length + 1 : length);
  }

  /** A line that is no JSON may be objects that were written one behind the other, as Data Firehose does. */
  #readBroken(record: StreamRecord, length: number): StreamRecord[] {
    const line = this.#rest.subarray(0, length);
    return (holdsSeveral(line, length) ? readObjects(line, this.#limit) : undefined) ?? [record];
  }

  #skipLine(): boolean {
    const found = this.#rest.indexOf(NEW_LINE);
    this.#skippingLine = found === -1;
    this.#rest = found === -1 ? EMPTY : this.#rest.subarray(found + 1);
    return true;
  }

  #skipBlank(ended: boolean): boolean {
    if (!this.#started && !this.#skipByteOrderMark(ended)) return false;
    let at = 0;
    while (at < this.#rest.length && isBlank(this.#rest[at])) at++;
    if (at > 0) {
      this.#rest = this.#rest.subarray(at);
      this.#searched = 0;
    }
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

/** Undefined where the line is broken also if its objects are read one by one. */
function readObjects(line: Buffer, limit: number): StreamRecord[] | undefined {
  const records: StreamRecord[] = [];
  let rest = line;
  while (rest.length > 0) {
    const before = records.length;
    const scanner = new ElementScanner(limit);
    rest = scanner.scan(rest, new UsualElements(rest, limit), records);
    if (!scanner.done || records.slice(before).some(isNotJson)) return undefined;
    while (rest.length > 0 && isBlank(rest[0])) rest = rest.subarray(1);
  }
  return records;
}

function isNotJson({ parsed }: StreamRecord): boolean {
  return !parsed.ok && parsed.refusal.code === 'not_json';
}

/** Within one object these characters can only stand where a text ends. */
function holdsSeveral(bytes: Buffer, length: number): boolean {
  return bytes.subarray(0, length).includes('}{"');
}

/** Far enough to see the first keys of an envelope. */
const HEAD = 512;

/** A list that others may have too counts where it stands first of all, as its writer prints it. */
function isEnvelope(head: Buffer): boolean {
  return ENVELOPES.some((key) => head.includes(key)) || LOOKED_UP_FIRST.test(head.toString('latin1'));
}

const ENVELOPES = [...RECORDS, LOG_EVENTS].map((name) => JSON.stringify(name));
const LOOKED_UP_FIRST = new RegExp(`^\\{\\s*"${LOOKED_UP}"\\s*:`);

/** A usual record on one line ends with its brace. */
function isUsualLine(bytes: Buffer, length: number, complete: boolean): boolean {
  for (let i = 0; i < RECORD_START.length; i++) if (bytes[i] !== RECORD_START[i]) return false;
  return !complete || bytes[length - 1] === CLOSE_BRACE;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === NEW_LINE || byte === 0x0d || byte === 0x09;
}

const RECORD_START = Buffer.from(USUAL_START);
const NEW_LINE = 0x0a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const EMPTY = Buffer.alloc(0);
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
