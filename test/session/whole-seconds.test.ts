import fc from 'fast-check';
import { expect, test } from 'vitest';
import { secondsOf, timeOf } from '../../src/session/whole-seconds.ts';

test('every millisecond of eight thousand years comes back as itself', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(0), max: Date.UTC(9999) }), (time) => {
      expect(timeOf(secondsOf(time))).toBe(time);
    }),
    { numRuns: 10_000 },
  );
});

test('what CloudTrail writes is a whole number of seconds', () => {
  expect(Number.isInteger(secondsOf(Date.parse('2026-11-24T08:00:05Z')))).toBe(true);
});
