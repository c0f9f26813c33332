/**
 * Milliseconds since the epoch of a time as CloudTrail and its carriers write it, always read as UTC:
 * `2026-11-24T10:00:00Z`, with fractions of a second, with an offset (`+01:00`), `2026-11-24 10:00:00`, or compact as
 * in `20131102T010628Z` (User Guide, "CloudTrail userIdentity element", example of creationDate). `Date.parse` alone
 * would read the form with a space in the server's own time zone, and the compact one not at all.
 */
export function parseTime(text: string): number | undefined {
  if (text.length === 16 && text.charCodeAt(8) === CAPITAL_T && isDigit(text, 0))
    return parseTime(extended(text));
  if (text.length < 19 || text.length > 40 || !isDigit(text, 0) || text.charCodeAt(4) !== DASH)
    return undefined;
  const separator = text.charCodeAt(10);
  if (separator !== CAPITAL_T && separator !== SPACE) return undefined;
  const iso = separator === CAPITAL_T ? text : `${text.slice(0, 10)}T${text.slice(11)}`;
  const time = Date.parse(hasZone(iso) ? iso : `${iso}Z`);
  return Number.isNaN(time) ? undefined : time;
}

const DASH = 0x2d;
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
