import type { RefusalCode } from '../errors.ts';
import { type ParsedRecord, parseRecordText } from './parse-record.ts';
import { parseRecordBytes } from './scan-record.ts';

/** One record of a stream. */
export interface StreamRecord {
  /** As it was sent; empty where it was too long to be held. */
  readonly text: string;
  readonly parsed: ParsedRecord;
}

export function readText(text: string): StreamRecord {
  return { text, parsed: parseRecordText(text) };
}

/** @param bytes that nobody writes to afterwards */
export function readBytes(bytes: Buffer, start: number, end: number): StreamRecord {
  return new ReadRecord(bytes, start, end, parseRecordBytes(bytes.subarray(start, end)));
}

export function unread(code: RefusalCode): StreamRecord {
  return { text: '', parsed: { ok: false, refusal: { code } } };
}

/** Its text is made where it is asked for: where records come back merged, or where it may be something else. */
export class ReadRecord implements StreamRecord {
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #end: number;
  readonly parsed: ParsedRecord;

  constructor(bytes: Buffer, start: number, end: number, parsed: ParsedRecord) {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.parsed = parsed;
  }

  get text(): string {
    return this.#bytes.toString('utf8', this.#start, this.#end);
  }
}
