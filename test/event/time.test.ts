import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTime } from '../../src/event/time.ts';

const times: readonly (readonly [text: string, iso: string | undefined])[] = [
  ['2026-11-24T10:00:00Z', '2026-11-24T10:00:00.000Z'],
  ['2026-11-24T10:00:00.123Z', '2026-11-24T10:00:00.123Z'],
  ['2026-11-24T16:20:30.160862033Z', '2026-11-24T16:20:30.160Z'],
  ['2026-11-24T10:00:00+01:00', '2026-11-24T09:00:00.000Z'],
  ['2026-11-24T10:00:00', '2026-11-24T10:00:00.000Z'],
  ['2026-11-24 10:00:00', '2026-11-24T10:00:00.000Z'],
  ['2026-11-24 10:00:00.000000000', '2026-11-24T10:00:00.000Z'],
  ['2026-11-24 10:00:00Z', '2026-11-24T10:00:00.000Z'],
  ['20131102T010628Z', '2013-11-02T01:06:28.000Z'],
  ['20131302T010628Z', undefined],
  ['2026-13-24T10:00:00Z', undefined],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
  ['2026-12-31T23:59:59Z', '2026-12-31T23:59:59.000Z'],
  ['2026-01-31 10:00:00', '2026-01-31T10:00:00.000Z'],
  ['2021-02-29T00:00:00Z', undefined],
  ['2021-02-30T00:00:00Z', undefined],
  ['1900-02-29T00:00:00Z', undefined],
  ['2026-04-31T00:00:00Z', undefined],
  ['2026-04-31T00:00:00.000Z', undefined],
  ['2026-02-31T10:00:00+01:00', undefined],
  ['2026-02-31 10:00:00', undefined],
  ['20260231T010628Z', undefined],
  ['yesterday', undefined],
  ['string', undefined],
  ['', undefined],
];

describe('times are UTC, whatever the zone of the server', () => {
  test.each(times)('%s', (text, iso) => {
    const time = parseTime(text);
    expect(time === undefined ? undefined : new Date(time).toISOString()).toBe(iso);
  });
});

test('the usual form is read as Date.parse reads it, whatever stands in it, but for days that a month does not have', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789x'), minLength: 14, maxLength: 14 });
  const almost = digits.map((d) => d.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6Z'));
  const dates = fc.date({ noInvalidDate: true }).map((date) => `${date.toISOString().slice(0, 19)}Z`);
  const two = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, '0'));
  const days = fc.tuple(
    two,
    fc.constantFrom('02', '04', '12'),
    fc.constantFrom('28', '29', '30', '31', '32'),
  );
  const texts = fc.oneof(
    almost,
    days.map(([year, month, day]) => `20${year}-${month}-${day}T10:00:00Z`),
    dates.filter((text) => text.length === 20),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const isDay = new Date(Date.parse(text.slice(0, 10))).getUTCDate() === Number(text.slice(8, 10));
      expect(parseTime(text) ?? Number.NaN).toBe(
        /^\d{4}-/.test(text) && isDay ? Date.parse(text) : Number.NaN,
      );
    }),
    { numRuns: 2000 },
  );
});
