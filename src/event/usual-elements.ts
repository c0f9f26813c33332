import { isAscii } from 'node:buffer';
import { readText, type StreamRecord } from './stream-record.ts';

/** A record as CloudTrail writes it begins with its version, and is no envelope. */
export const USUAL_START = '{"eventV';

/** Between two of them in CloudTrail's files. */
const BETWEEN = `},${USUAL_START}`;

/** Nearly all have a tenth of it. */
const LONGEST = 16 * 1024;

/**
 * Elements of an array as CloudTrail writes them, out of bytes that are all ASCII, as nearly always. These become one
 * text, which is cut where the next element begins: a tenth of what it costs to follow brackets and strings byte by
 * byte. Such a begin may also stand in a record, in an array of its own; what is cut there is no JSON. And what is JSON
 * from its first brace to its last is the element, since an object has one end.
 */
export class UsualElements {
  readonly #bytes: Buffer;
  readonly #longest: number;
  /** Made when it is first asked for; empty where the bytes are not all ASCII. */
  #text: string | undefined;
  /**
   * The last BETWEEN that was found, so that nothing is searched twice; the end of the text where there is no other.
   */
  #between = NONE;

  /** @param limit the largest record, in bytes */
  constructor(bytes: Buffer, limit: number) {
    this.#bytes = bytes;
    this.#longest = Math.min(limit, LONGEST);
  }

  /**
   * Reads elements, as long as another usual one follows each at once; the rest is left to who goes byte by byte.
   * @param left how many bytes there are from the first of them to the end
   * @returns how many bytes were read, with the comma behind the last
   */
  read(left: number, records: StreamRecord[]): number {
    this.#text ??= isAscii(this.#bytes) ? this.#bytes.toString('latin1') : '';
    const start = this.#bytes.length - left;
    let at = start;
    while (this.#text.startsWith(USUAL_START, at)) {
      const end = this.#nextBetween(this.#text, at) + 1;
      if (end > this.#text.length || end - at > this.#longest) break;
      const record = readText(this.#text.slice(at, end));
      if (!record.parsed.ok) break;
      records.push(record);
      at = end + 1;
    }
    return at - start;
  }

  #nextBetween(text: string, at: number): number {
    if (this.#between < at) {
      const found = text.indexOf(BETWEEN, at);
      this.#between = found === -1 ? text.length : found;
    }
    return this.#between;
  }
}

const NONE = -1;
