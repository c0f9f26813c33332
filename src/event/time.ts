/**
 * Milliseconds since the epoch of a time as CloudTrail and its carriers write it, always read as UTC:
 * `2026-11-24T10:00:00Z`, with fractions of a second, with an offset (`+01:00`), `2026-11-24 10:00:00`, or compact as
 * in `20131102T010628Z` (User Guide, "CloudTrail userIdentity element", example of creationDate). `Date.parse` alone
 * would read the form with a space in the server's own time zone, the compact one not at all, and 31 February as a day
 * in March.
 */
export function parseTime(text: string): number | undefined {
  const usual = text.length === 20 ? parseUsual(text) : undefined;
  return usual ?? parseAny(text);
}

/** The form of nearly every record, `2026-11-24T10:00:00Z`, in a third of the time that Date.parse takes. */
function parseUsual(text: string): number | undefined {
  if (
    text.charCodeAt(4) !== DASH ||
    text.charCodeAt(7) !== DASH ||
    text.charCodeAt(10) !== CAPITAL_T ||
    text.charCodeAt(13) !== COLON ||
    text.charCodeAt(16) !== COLON ||
    text.charCodeAt(19) !== CAPITAL_Z
  )
    return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const isTimeOfDay = hour < 24 && minute < 60 && second < 60;
  // Date.UTC takes the first hundred years for those since 1900.
  const isDate = year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
  return isDate && isTimeOfDay ? Date.UTC(year, month - 1, day, hour, minute, second) : undefined;
}

/** Days of a month, from 1 to 12. */
function daysOf(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** NaN where one is no digit. */
function twoDigits(text: string, at: number): number {
  return isDigit(text, at) && isDigit(text, at + 1)
    ? (text.charCodeAt(at) - DIGIT_ZERO) * 10 + text.charCodeAt(at + 1) - DIGIT_ZERO
    : Number.NaN;
}

function parseAny(text: string): number | undefined {
  if (text.length === 16 && text.charCodeAt(8) === CAPITAL_T && isDigit(text, 0))
    return parseTime(extended(text));
  if (text.length < 19 || text.length > 40 || !isDigit(text, 0) || text.charCodeAt(4) !== DASH)
    return undefined;
  const separator = text.charCodeAt(10);
  if (separator !== CAPITAL_T && separator !== SPACE) return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  if (twoDigits(text, 8) > daysOf(year, twoDigits(text, 5))) return undefined;
  const iso = separator === CAPITAL_T ? text : `${text.slice(0, 10)}T${text.slice(11)}`;
  const time = Date.parse(hasZone(iso) ? iso : `${iso}Z`);
  return Number.isNaN(time) ? undefined : time;
}

const DASH = 0x2d;
const COLON = 0x3a;
const DIGIT_ZERO = 0x30;
const CAPITAL_Z = 0x5a;
const SPACE = 0x20;
const CAPITAL_T = 0x54;

function extended(compact: string): string {
  const part = (from: number, to: number) => compact.slice(from, to);
  return `${part(0, 4)}-${part(4, 6)}-${part(6, 11)}:${part(11, 13)}:${part(13, 16)}`;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

function hasZone(iso: string): boolean {
  return iso.endsWith('Z') || iso.includes('+', 19) || iso.includes('-', 19);
}
