import { ElementScanner, type Piece } from './element-scanner.ts';

/** `array` where the stream is one JSON array (and so is its answer), `lines` in every other case. */
export type StreamForm = 'array' | 'lines';

/**
 * Splits a stream into records without holding more of it than one record: a JSON array, `{"Records":[...]}` (real
 * S3 files are one line of it, and may be larger than memory), one JSON object a line, or several of these one
 * after the other. A broken line gives one refusal and the next line is read; a broken array cannot be entered
 * again, so it gives one refusal for the rest. Pieces are not parsed here, only cut.
 */
export class RecordSplitter {
  form: StreamForm | undefined;
  readonly #limit: number;
  #rest: Buffer = EMPTY;
  /** Bytes of `#rest` that are known to hold no end of line. */
  #searched = 0;
  #scanner: ElementScanner | undefined;
  #skippingLine = false;
  #started = false;

  /** @param limitBytes the largest record; a larger one is answered `body_too_large`, and the next one is read. */
  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  /** Takes the next bytes of the stream; returns the records that are complete with them. */
  push(chunk: Buffer): Piece[] {
    const pieces: Piece[] = [];
    // All but the line that the chunks share stays where it is.
    const shared = this.#rest.length === 0 || this.#scanner !== undefined ? 0 : chunk.indexOf(NEW_LINE) + 1;
    if (shared > 0) this.#take(chunk.subarray(0, shared), pieces);
    this.#take(shared > 0 ? chunk.subarray(shared) : chunk, pieces);
    return pieces;
  }

  #take(bytes: Buffer, pieces: Piece[]): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    this.#advance(pieces, false);
  }

  /** The stream has ended; returns what is left. */
  end(): Piece[] {
    const pieces: Piece[] = [];
    this.#advance(pieces, true);
    if (this.#scanner !== undefined) pieces.push({ refusal: 'not_json' });
    this.#scanner = undefined;
    return pieces;
  }

  #advance(pieces: Piece[], ended: boolean): void {
    while (this.#rest.length > 0) {
      if (this.#scanner === undefined) {
        if (!this.#startValue(pieces, ended)) return;
        continue;
      }
      this.#rest = this.#scanner.scan(this.#rest, pieces);
      if (!this.#scanner.done) return;
      this.#scanner = undefined;
    }
  }

  /** Between two values: takes the next line, or starts a scanner. False means that more bytes are needed. */
  #startValue(pieces: Piece[], ended: boolean): boolean {
    if (this.#skippingLine) return this.#skipLine();
    if (!this.#skipBlank(ended)) return false;
    const array = this.#rest[0] === OPEN_BRACKET;
    this.form ??= array ? 'array' : 'lines';
    if (array) {
      this.#scanner = new ElementScanner(this.#limit);
      return true;
    }
    return this.#startLine(pieces, ended);
  }

  #startLine(pieces: Piece[], ended: boolean): boolean {
    const found = this.#rest.indexOf(NEW_LINE, this.#searched);
    const complete = found !== -1 || ended;
    const length = found === -1 ? this.#rest.length : found;
    if (!isUsualLine(this.#rest, length, complete) && this.#isScanned(length, complete)) {
      this.#searched = 0;
      this.#scanner = new ElementScanner(this.#limit);
      return true;
    }
    if (!complete && length <= Math.max(this.#limit, HEAD)) {
      this.#searched = length;
      return false;
    }
    this.#searched = 0;
    this.#takeLine(pieces, length, complete);
    return true;
  }

  /** Whether the value that begins here is to be followed bracket by bracket, since its lines do not tell its end. */
  #isScanned(length: number, complete: boolean): boolean {
    if (this.#rest[0] !== OPEN_BRACE) return false;
    const head = this.#rest.subarray(0, Math.min(length, HEAD));
    return isEnvelope(head) || (complete && this.#isPrettyPrinted(head, length));
  }

  #takeLine(pieces: Piece[], length: number, complete: boolean): void {
    if (length > this.#limit) {
      pieces.push({ refusal: 'body_too_large' });
      this.#skippingLine = !complete;
    } else {
      pieces.push({ bytes: this.#rest.subarray(0, length) });
    }
    this.#rest = this.#rest.subarray(complete ? length + 1 : length);
  }

  #skipLine(): boolean {
    const found = this.#rest.indexOf(NEW_LINE);
    this.#skippingLine = found === -1;
    this.#rest = found === -1 ? EMPTY : this.#rest.subarray(found + 1);
    return true;
  }

  /** A first line that ends where JSON cannot end, as in `{` or `{ "Records": [`, is not a line of NDJSON. */
  #isPrettyPrinted(head: Buffer, length: number): boolean {
    return length <= HEAD && OPEN_ENDS.includes(head.toString('latin1').trimEnd().at(-1) ?? '');
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

/** Far enough to see the first keys of an envelope. */
const HEAD = 512;

/** `"Records"` of CloudTrail's files and Lambda's events, `"records"` of a Firehose request. */
function isEnvelope(head: Buffer): boolean {
  return head.includes('"Records"') || head.includes('"records"');
}

/** A record as CloudTrail writes it begins with its version, and is no envelope; on one line it ends with its brace. */
function isUsualLine(bytes: Buffer, length: number, complete: boolean): boolean {
  for (let i = 0; i < RECORD_START.length; i++) if (bytes[i] !== RECORD_START[i]) return false;
  return !complete || bytes[length - 1] === CLOSE_BRACE;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === NEW_LINE || byte === 0x0d || byte === 0x09;
}

const RECORD_START = Buffer.from('{"eventV');
const OPEN_ENDS = ['{', '[', ',', ':'];
const NEW_LINE = 0x0a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const EMPTY = Buffer.alloc(0);
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
