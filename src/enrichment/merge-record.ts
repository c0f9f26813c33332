import { endOfString } from '../event/json-limits.ts';

/**
 * The record as it was sent, with its enrichment as the field `detrails`, in the place of one that it had: a record may
 * come here again, and of two fields of one name readers take whichever they like. Only line breaks between its tokens
 * are changed, into spaces, so that one record stays one line (inside a JSON string a line break cannot stand).
 * @param text JSON of the record
 * @param json the enrichment
 */
export function mergeRecord(text: string, json: string): string {
  const record =
    text.includes('\n') || text.includes('\r') ? text.replaceAll(LINE_BREAK, ' ').trim() : text.trim();
  if (!record.startsWith('{')) return `{"message":${record},"detrails":${json}}`;
  if (!record.includes('"detrails"')) return `${record.slice(0, -1)},"detrails":${json}}`;
  const members = membersOf(record).filter((member) => !/^\s*"detrails"\s*:/.test(member));
  return `{${[...members, `"detrails":${json}`].join(',')}}`;
}

/**
 * The same of a record that was refused, which must not be lost for that. Undefined where it is no JSON, or too long to
 * be asked.
 * @param json the refusal
 */
export function mergeRefused(text: string, json: string): string | undefined {
  const record = text.trim();
  if (!isJson(record)) return undefined;
  return EMPTY_OBJECT.test(record) ? `{"detrails":${json}}` : mergeRecord(record, json);
}

/**
 * A trail writes no event that is longer (AWS CloudTrail User Guide, "Quotas in AWS CloudTrail", event size), and a
 * mebibyte of brackets, which was refused before it was parsed, takes JSON.parse a tenth of a second.
 */
const LONGEST_EVENT = 256 * 1024;

function isJson(text: string): boolean {
  if (text.length > LONGEST_EVENT) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const EMPTY_OBJECT = /^\{\s*\}$/;
const LINE_BREAK = /[\r\n]+/g;

/** The members of a JSON object, each as it is written, with the white space around it. */
function membersOf(object: string): string[] {
  const members: string[] = [];
  let start = 1;
  let depth = 0;
  for (let i = 0; i < object.length; i++) {
    const character = object[i];
    if (character === '"') i = endOfString(object, i + 1);
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    if (depth > 1 || (depth === 1 && character !== ',')) continue;
    members.push(object.slice(start, i));
    start = i + 1;
  }
  return members;
}
