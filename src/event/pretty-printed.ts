import { USUAL_START } from './usual-records.ts';

/**
 * Whether a line is the first of JSON that is printed over several. It ends where JSON cannot end, as in `{` or
 * `{ "Resources": [`; but so may a line of NDJSON that was cut off, and that one must not take the records behind it
 * along. Where the next line begins as a record of its own does, it was cut off.
 * @param bytes from the begin of the line on
 * @param length how many of them the line has, without its end
 * @returns undefined where the bytes that decide it are still to come
 */
export function isPrettyPrinted(bytes: Buffer, length: number, ended: boolean): boolean | undefined {
  const last = bytes.toString('latin1', 0, length).trimEnd().at(-1) ?? '';
  const record = RECORD_BEGINS[last];
  if (record === undefined) return false;
  const next = bytes.toString('latin1', length + 1, length + 1 + record.length);
  if (next === record) return false;
  return !record.startsWith(next) || ended ? true : undefined;
}

/**
 * By the last character of a line: how the next line begins where it is a record. After a comma or a brace a value
 * goes on with a key; after a bracket or a colon it may go on with any object, but hardly with a whole record at the
 * begin of a line.
 */
const RECORD_BEGINS: Readonly<Record<string, string>> = {
  ',': '{',
  '{': '{',
  '[': USUAL_START,
  ':': USUAL_START,
};
