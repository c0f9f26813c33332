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
