import { parseTime } from '../event/time.ts';

/**
 * Milliseconds since the epoch of a credential's `expiration`, of which STS's records know several forms, all UTC:
 * `2026-07-01T12:08:19Z`, `20131102T010628Z`, `Jul 1, 2026, 12:08:19 PM`, `Sep 17, 2020 8:04:10 PM`, and the
 * English ones with a narrow no-break space before AM and PM (Java 20 and later write it so). `new Date()` would
 * read the English forms in the server's own zone.
 */
export function parseExpiration(value: unknown): number | undefined {
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'string' || value.length > 40) return undefined;
  return parseTime(value) ?? parseEnglish(value);
}

/** EKS and Identity Center answer in seconds or milliseconds since the epoch. */
function fromNumber(value: number): number | undefined {
  if (!(value > 0 && value < 4e12)) return undefined;
  return value < 4e10 ? Math.round(value * 1000) : Math.round(value);
}

const ENGLISH = /^([A-Z][a-z]{2})[a-z]* (\d{1,2}), (\d{4}),? (\d{1,2}):(\d\d):(\d\d)[ \u202f\u00a0]([AP])M$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function parseEnglish(text: string): number | undefined {
  const [, month = '', day, year, hour, minute, second, half] = ENGLISH.exec(text) ?? [];
  if (Number(hour) > 12) return undefined;
  const clock = (Number(hour) % 12) + (half === 'P' ? 12 : 0);
  return utc(Number(year), MONTHS.indexOf(month), Number(day), clock, Number(minute), Number(second));
}

/** Date.UTC carries 31 February over into March: such a date is refused. */
function utc(year: number, month: number, day: number, hour: number, minute: number, second: number) {
  const time = Date.UTC(year, month, day, hour, minute, second);
  if (Number.isNaN(time) || minute > 59 || second > 59) return undefined;
  const date = new Date(time);
  return date.getUTCMonth() === month && date.getUTCDate() === day ? time : undefined;
}
