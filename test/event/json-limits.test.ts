import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  exceededLimit,
  exceededLimitInText,
  isSurelyWithinLimits,
  MAX_DEPTH,
  MAX_KEYS,
} from '../../src/event/json-limits.ts';

const long = (text: string) => text + ' '.repeat(3 * MAX_KEYS);
const brackets = (levels: number) => long('['.repeat(levels) + ']'.repeat(levels));
const elements = (count: number) => long(`[${Array.from({ length: count }, () => '1').join(',')}]`);

test.each([
  ['as many levels as are allowed', brackets(MAX_DEPTH), undefined],
  ['one level more', brackets(MAX_DEPTH + 1), 'too_deep'],
  ['brackets beside each other', long(`[${'[],'.repeat(500)}[]]`), undefined],
  ['brackets in a string', long(`["${'['.repeat(200)}"]`), undefined],
  ['brackets in a string after an escaped quote', long(`["\\"${'['.repeat(200)}"]`), undefined],
  ['brackets after a string that ends in a backslash', long(`["\\\\",${'['.repeat(200)}`), 'too_deep'],
  ['a string without an end', long(`["${'['.repeat(200)}`), undefined],
  ['commas in a string', long(`["${','.repeat(2 * MAX_KEYS)}"]`), undefined],
  ['elements', elements(2 * MAX_KEYS), 'too_many_keys'],
])('%s in a text before it is parsed', (_name, text, limit) => {
  expect(exceededLimitInText(text)).toBe(limit);
});

test('nothing is refused as text that would pass as a value', () => {
  const json = fc.json({ maxDepth: 5 });
  fc.assert(
    fc.property(json, fc.nat(20_000), (text, more) => {
      const longer = `[${text}${',0'.repeat(more)}]${' '.repeat(2 * MAX_KEYS)}`;
      if (exceededLimitInText(longer) !== undefined)
        expect(exceededLimit(JSON.parse(longer))).not.toBeUndefined();
    }),
    { numRuns: 100 },
  );
});

test.each([
  ['as many levels as are allowed', '['.repeat(MAX_DEPTH) + ']'.repeat(MAX_DEPTH), true],
  ['one level more', '['.repeat(MAX_DEPTH + 1) + ']'.repeat(MAX_DEPTH + 1), false],
  ['one level more, of both kinds', '[{"a":'.repeat(33) + '}]'.repeat(33), false],
  ['as many objects beside each other', `[${'{},'.repeat(MAX_DEPTH)}{}]`, false],
  ['a long text', ' '.repeat(2 * MAX_KEYS + 1), false],
])('only a short text needs no look: %s', (_name, text, isSure) => {
  expect(isSurelyWithinLimits(text)).toBe(isSure);
});

test('no value that exceeds a limit is in a text that needs no look', () => {
  const nested = fc
    .tuple(fc.nat(90), fc.nat(90), fc.json({ maxDepth: 3 }))
    .map(
      ([lists, objects, inner]) =>
        '['.repeat(lists) + '{"k":'.repeat(objects) + inner + '}'.repeat(objects) + ']'.repeat(lists),
    );
  fc.assert(
    fc.property(fc.oneof(nested, fc.json({ maxDepth: 8 })), (text) => {
      if (isSurelyWithinLimits(text)) expect(exceededLimit(JSON.parse(text))).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

test('a string of backslashes and quotes is read once', () => {
  const text = `["${'\\"'.repeat(400_000)}`;
  const began = performance.now();
  exceededLimitInText(text);
  expect(performance.now() - began).toBeLessThan(500);
});
