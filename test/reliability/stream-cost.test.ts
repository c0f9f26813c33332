import { describe, expect, test } from 'vitest';
import { RecordReader } from '../../src/event/read-records.ts';

const MEBIBYTE = 1024 * 1024;

/** Milliseconds of processor time to read a text, the least of three: others work on the machine too. */
function costOf(text: string, chunkBytes = 65_536): number {
  const bytes = Buffer.from(text);
  const costs = [1, 2, 3].map(() => {
    const began = process.cpuUsage();
    const reader = new RecordReader(4 * MEBIBYTE);
    for (let at = 0; at < bytes.length; at += chunkBytes)
      for (const _ of reader.push(bytes.subarray(at, at + chunkBytes)));
    for (const _ of reader.end());
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  });
  return Math.min(...costs);
}

/**
 * Lines and arrays of about so many bytes that hold as many records as they can, or make the reader look at them again
 * and again.
 */
const bombs: Readonly<Record<string, (bytes: number) => string>> = {
  'envelopes behind a long object': (bytes) =>
    `{"a":"${'p'.repeat(600)}"}${'{"Records":[{"eventV":1}]}'.repeat(bytes / 26)}\n`,
  'objects one behind the other': (bytes) => `${'{"a":1}'.repeat(bytes / 7)}\n`,
  'objects behind each other, without an end of line': (bytes) => `${'{}'.repeat(bytes / 2)}{"a":1}{"b":2}`,
  'one line with an envelope of many': (bytes) =>
    `{"a":"${'p'.repeat(600)}"}{"Records":[${'1,'.repeat(bytes / 2)}1]}\n`,
  'lines of a brace': (bytes) => '{\n'.repeat(bytes / 8),
  'lines of a digit': (bytes) => '1\n'.repeat(bytes / 2),
  'an array of digits': (bytes) => `[${'1,'.repeat(bytes / 2)}1]`,
};

describe('what is made to be dear to read', () => {
  test.each(Object.entries(bombs))(
    '%s: eight times as much costs some eight times as much',
    (_name, bomb) => {
      costOf(bomb(100_000));
      expect(costOf(bomb(800_000)) / costOf(bomb(100_000))).toBeLessThan(24);
    },
  );

  test.each(Object.entries(bombs))('%s: no more than some thousand records come at a time', (_name, bomb) => {
    const reader = new RecordReader(MEBIBYTE);
    const bytes = Buffer.from(bomb(800_000));
    const counts: number[] = [];
    for (let at = 0; at < bytes.length; at += 65_536)
      for (const some of reader.push(bytes.subarray(at, at + 65_536))) counts.push(some.length);
    for (const some of reader.end()) counts.push(some.length);
    expect(Math.max(...counts)).toBeLessThan(5000);
    expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThan(30_000);
  });

  test('a long record in chunks of a few bytes costs as much for each as a short one', () => {
    const line = (bytes: number) => `{"a":"${'x'.repeat(bytes)}"}\n`;
    costOf(line(100_000), 16);
    expect(costOf(line(800_000), 16) / costOf(line(100_000), 16)).toBeLessThan(24);
  });
});
