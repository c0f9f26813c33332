import { expect, test } from 'vitest';
import { heapWarning } from '../src/heap-room.ts';

const MEBIBYTE = 2 ** 20;

const cases: readonly [name: string, sessions: number, heapMebibytes: number, isWarned: boolean][] = [
  ['the default, in a container of 1 GiB', 200_000, 512, false],
  ['a million, in one of 1.5 GiB', 1_000_000, 768, true],
  ['a million, in one of 2 GiB', 1_000_000, 1024, true],
  ['a million, with the heap that the warning asks for', 1_000_000, 1_259, false],
  ['as many as may be set, on a large machine', 10_000_000, 4_144, true],
];

test.each(cases)('the heap for %s', (_name, sessions, heapMebibytes, isWarned) => {
  const warning = heapWarning(sessions, heapMebibytes * MEBIBYTE);
  expect(warning !== undefined).toBe(isWarned);
});

test('the warning names the setting, and the option that makes room', () => {
  expect(heapWarning(1_000_000, 768 * MEBIBYTE)).toBe(
    'DETRAILS_SESSION_MAX=1000000 can need a heap of 1259 MiB, and Node gives this process 768: set NODE_OPTIONS=--max-old-space-size=1259, and the memory of the container half as much again',
  );
});

test('the limit is that of this process where none is given', () => {
  expect(heapWarning(0)).toBeUndefined();
  expect(heapWarning(1e9)).toContain('NODE_OPTIONS=--max-old-space-size=');
});
