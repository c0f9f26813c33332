import { afterEach, describe, expect, test } from 'vitest';
import { parseExpiration } from '../../src/session/expiration.ts';

const AT = Date.UTC(2026, 6, 1, 12, 8, 19);
const FORMS = [
  '2026-07-01T12:08:19Z',
  '20260701T120819Z',
  'Jul 1, 2026, 12:08:19 PM',
  'Jul 1, 2026 12:08:19 PM',
  'Jul 1, 2026, 12:08:19\u202fPM',
  'Jul 1, 2026 12:08:19\u202fPM',
  '2026-07-01 12:08:19',
  '2026-07-01T12:08:19.000Z',
];

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

describe.each([
  ['UTC', 0],
  ['America/Sao_Paulo', 180],
  ['Asia/Kathmandu', -345],
])('in the zone %s', (name, minutes) => {
  test.each(FORMS)('%s is the same instant', (form) => {
    process.env['TZ'] = name;
    expect(new Date(AT).getTimezoneOffset(), 'the zone is in force').toBe(minutes);
    expect(parseExpiration(form)).toBe(AT);
  });
});

test.each([
  ['Sep 17, 2020 8:04:10 PM', Date.UTC(2020, 8, 17, 20, 4, 10)],
  ['Jul 1, 2026, 12:00:00 AM', Date.UTC(2026, 6, 1)],
  ['Jan 01, 2019 0:00:00 PM', Date.UTC(2019, 0, 1, 12)],
  [1782907699, Date.UTC(2026, 6, 1, 12, 8, 19)],
  [1782907699000, Date.UTC(2026, 6, 1, 12, 8, 19)],
])('%s is read', (value, time) => {
  expect(parseExpiration(value)).toBe(time);
});

test.each([
  'soon',
  '',
  'Jul 1, 2026, 25:08:19 PM',
  'Feb 31, 2026, 12:08:19 PM',
  'Foo 1, 2026, 12:08:19 PM',
  '20261301T000000Z',
  '20260231T120819Z',
  '2026-02-31T12:08:19Z',
  '2026-02-31 12:08:19',
  'x'.repeat(1_000_000),
  {},
  null,
  -1,
  Number.NaN,
])('%j is no expiry', (value) => {
  expect(parseExpiration(value)).toBeUndefined();
});
