import type { RefusalCode } from '../errors.ts';
import { type ParsedRecord, parseRecordText } from './parse-record.ts';

/** One record of a stream. */
export interface StreamRecord {
  /** As it was sent; empty where it was too long to be held. */
  readonly text: string;
  readonly parsed: ParsedRecord;
}

export function readText(text: string): StreamRecord {
  return { text, parsed: parseRecordText(text) };
}

export function unread(code: RefusalCode): StreamRecord {
  return { text: '', parsed: { ok: false, refusal: { code } } };
}
