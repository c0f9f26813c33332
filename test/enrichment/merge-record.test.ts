import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeRecord } from '../../src/enrichment/merge-record.ts';

test.each([
  ['a record', '{"a": 1}', '{"a": 1,"detrails":NEW}'],
  ['over several lines', '{\n "a": 1\r\n}', '{  "a": 1 ,"detrails":NEW}'],
  ['no object', '"text"', '{"message":"text","detrails":NEW}'],
  ['merged before', '{"a":1,"detrails":{"x":[1,{"y":"}"}]}}', '{"a":1,"detrails":NEW}'],
  ['with the old one first', '{"detrails" : null, "a":1 }', '{ "a":1 ,"detrails":NEW}'],
  ['with two old ones', '{"detrails":1,"a":1,"detrails":"\\",\\""}', '{"a":1,"detrails":NEW}'],
  ['with nothing else', '{ "detrails":[] }', '{"detrails":NEW}'],
  [
    'that has one further down',
    '{"a":{"detrails":1},"b":["detrails"]}',
    '{"a":{"detrails":1},"b":["detrails"],"detrails":NEW}',
  ],
  [
    'that has the word as a value',
    '{"a":"detrails","b":"\\"detrails\\":1,"}',
    '{"a":"detrails","b":"\\"detrails\\":1,","detrails":NEW}',
  ],
])('a record %s', (_name, text, merged) => {
  expect(mergeRecord(text, 'NEW')).toBe(merged);
});

test('any object keeps what it had, and has the field once', () => {
  const key = fc.oneof(fc.constantFrom('detrails', '"detrails"', 'details'), fc.string());
  fc.assert(
    fc.property(
      fc.dictionary(key, fc.jsonValue(), { minKeys: 1 }),
      fc.constantFrom(0, 1),
      (record, indent) => {
        const merged = mergeRecord(JSON.stringify(record, null, indent), '"NEW"');
        expect(merged).not.toContain('\n');
        expect(JSON.parse(merged)).toEqual({ ...JSON.parse(JSON.stringify(record)), detrails: 'NEW' });
        expect(Object.keys(JSON.parse(merged)).at(-1)).toBe('detrails');
      },
    ),
  );
});
