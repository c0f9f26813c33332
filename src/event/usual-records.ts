import { loadBytes, scanFields } from './record-scanner.ts';
import { scannedRecord } from './scan-record.ts';
import { ReadRecord, type StreamRecord } from './stream-record.ts';

/** A record as CloudTrail writes it begins with its version, and is no envelope. */
export const USUAL_START = '{"eventV';

const START = Buffer.from(USUAL_START);

/** Nearly all have a tenth of it. */
const LONGEST = 16 * 1024;

/** A stream may hold tens of thousands in a few KiB, and others are to have their turn between them. */
export const MOST_AT_A_TIME = 256;

/**
 * Usual records of a stream, one after the other: where each ends is found with its fields, so that nobody has to look
 * for its end before.
 */
export class UsualRecords {
  readonly #bytes: Buffer;
  readonly #longest: number;

  /** @param limit the largest record, in bytes */
  constructor(bytes: Buffer, limit: number) {
    this.#bytes = bytes;
    this.#longest = Math.min(limit, LONGEST);
  }

  /**
   * Elements of an array as CloudTrail's files have them, as long as another usual one follows each at once; the rest
   * is left to who goes byte by byte.
   * @param left how many bytes there are from the first of them to the end
   * @returns how many bytes were read, with the comma behind the last
   */
  readElements(left: number, records: StreamRecord[]): number {
    return this.#read(left, records, isBeforeElement);
  }

  /** The same of lines. */
  readLines(left: number, records: StreamRecord[]): number {
    return this.#read(left, records, isEndOfLine);
  }

  #read(left: number, records: StreamRecord[], isEnd: (bytes: Buffer, at: number) => boolean): number {
    const bytes = this.#bytes;
    const start = bytes.length - left;
    let at = start;
    let loadedFrom = NONE;
    let loadedTo = NONE;
    while (records.length < MOST_AT_A_TIME && beginsUsually(bytes, at)) {
      const end = loadedFrom === NONE ? 0 : scanFields(at);
      if (end === 0) {
        const isWholeLoaded = loadedTo === bytes.length || at + this.#longest <= loadedTo;
        if (loadedFrom === at || isWholeLoaded) break;
        loadedTo = loadBytes(bytes, at);
        loadedFrom = at;
        continue;
      }
      const parsed = end - at <= this.#longest && isEnd(bytes, end) ? scannedRecord(bytes) : undefined;
      if (parsed === undefined) break;
      records.push(new ReadRecord(bytes, at, end, parsed));
      at = end + 1;
    }
    return at - start;
  }
}

function isBeforeElement(bytes: Buffer, at: number): boolean {
  return bytes[at] === COMMA && beginsUsually(bytes, at + 1);
}

function isEndOfLine(bytes: Buffer, at: number): boolean {
  return bytes[at] === NEW_LINE;
}

export function beginsUsually(bytes: Buffer, at: number): boolean {
  for (let i = 0; i < START.length; i++) if (bytes[at + i] !== START[i]) return false;
  return true;
}

const NONE = -1;
const NEW_LINE = 0x0a;
const COMMA = 0x2c;
