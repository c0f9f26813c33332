import { isAscii } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordReader } from '../../src/event/read-records.ts';
import type { StreamRecord } from '../../src/event/stream-record.ts';

const LIMIT = 4096;

function split(
  text: string,
  chunkBytes = 65_536,
  limit = LIMIT,
): { pieces: string[]; form: string | undefined } {
  const reader = new RecordReader(limit);
  const bytes = Buffer.from(text);
  const records: StreamRecord[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    for (const some of reader.push(bytes.subarray(at, at + chunkBytes))) records.push(...some);
  }
  for (const some of reader.end()) records.push(...some);
  return {
    pieces: records.map(({ text, parsed }) => (text !== '' || parsed.ok ? text : `! ${parsed.refusal.code}`)),
    form: reader.form,
  };
}

const cases: readonly (readonly [
  name: string,
  input: string,
  pieces: readonly string[],
  form?: string | undefined,
])[] = [
  ['nothing', '', [], undefined],
  ['only white space', ' \n\r\n\t', [], undefined],
  ['one object', '{"a":1}', ['{"a":1}']],
  ['one object a line', '{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
  ['lines that end in CR LF', '{"a":1}\r\n{"b":2}', ['{"a":1}\r', '{"b":2}']],
  ['empty lines between', '{"a":1}\n\n\n{"b":2}', ['{"a":1}', '{"b":2}']],
  ['a broken line', '{"a":1}\n{"b":"x\n{"c":3}', ['{"a":1}', '{"b":"x', '{"c":3}']],
  ['a line that is no JSON', 'hello\n{"c":3}', ['hello', '{"c":3}']],
  ['an array', '[{"a":1}, {"b":[2,{"c":"]}"}]} ]', ['{"a":1}', '{"b":[2,{"c":"]}"}]}'], 'array'],
  ['an empty array', '[]', [], 'array'],
  [
    'an array of all kinds',
    '[1,"a,b",null,true,[2],{"x":"\\"]"}]',
    ['1', '"a,b"', 'null', 'true', '[2]', '{"x":"\\"]"}'],
    'array',
  ],
  ['an array that is cut off', '[{"a":1},{"b"', ['{"a":1}', '! not_json'], 'array'],
  ['Records', '{"Records":[{"a":1},{"b":2}]}', ['{"a":1}', '{"b":2}']],
  [
    'Records, printed prettily',
    '{\n  "Records": [\n    {\n "a": 1 },\n {"b":2}\n ]\n}\n',
    ['{\n "a": 1 }', '{"b":2}'],
  ],
  [
    'records after other keys, as Firehose writes',
    '{"requestId":"r","timestamp":1,"records":[{"data":"e30="}]}',
    ['{"data":"e30="}'],
  ],
  [
    'a record that breaks its line after the version',
    '{"eventVersion":"1.11",\n "a":1}\n{"eventVersion":"1.11"}',
    ['{"eventVersion":"1.11",\n "a":1}', '{"eventVersion":"1.11"}'],
  ],
  [
    'Events that were looked up',
    '{"Events":[{"CloudTrailEvent":"{\\"a\\":1}"},{"b":2}],"NextToken":"t"}\n{"c":3}',
    ['{"CloudTrailEvent":"{\\"a\\":1}"}', '{"b":2}', '{"c":3}'],
  ],
  [
    'Events that were looked up, printed prettily',
    '{\n    "Events": [\n        {\n"a": 1\n        },\n        {"b":2}\n    ]\n}\n',
    ['{\n"a": 1\n        }', '{"b":2}'],
  ],
  [
    'Events of something else',
    '{"a":1,"Events":[1,2]}\n{"b":["Events"]}',
    ['{"a":1,"Events":[1,2]}', '{"b":["Events"]}'],
  ],
  ['a broken line with Events in it', '{"a":{"Events":[{\n{"c":3}', ['{"a":{"Events":[{', '{"c":3}']],
  ['Records as a value, not a key', '{"a":"Records","b":[1]}', ['{"a":"Records","b":[1]}']],
  ['Records below the top', '{"a":{"Records":[1,2]}}', ['{"a":{"Records":[1,2]}}']],
  ['Records that hold one object', '{"Records":{"a":1}}', ['{"Records":{"a":1}}']],
  [
    'files one after the other',
    '{"Records":[{"a":1}]}\n{"Records":[{"b":2}]}{"Records":[]}',
    ['{"a":1}', '{"b":2}'],
  ],
  [
    'objects one behind the other',
    '{"a":1}{"b":[{"c":"}{"}]}\n{"d":3}',
    ['{"a":1}', '{"b":[{"c":"}{"}]}', '{"d":3}'],
  ],
  [
    'objects one behind the other, of which one is broken',
    '{"a":1}{"b":x}\n{"d":3}',
    ['{"a":1}{"b":x}', '{"d":3}'],
  ],
  ['a text that looks so', '{"a":"{}{"}\n{"d":3}', ['{"a":"{}{"}', '{"d":3}']],
  [
    'a subscription of CloudWatch Logs, twice in a line',
    '{"messageType":"DATA_MESSAGE","logEvents":[{"id":"1"},{"id":"2"}]}{"messageType":"DATA_MESSAGE","logEvents":[]}',
    ['{"id":"1"}', '{"id":"2"}'],
  ],
  ['an array and then a line', '[1]\n{"a":1}', ['1', '{"a":1}'], 'array'],
  ['one object, printed prettily', '{\n "a": 1\n}', ['{\n "a": 1\n}']],
  ...[',', '{', '[', ':'].map((last) => {
    const broken = `{"eventVersion":"1.11","a"${last}`;
    const whole = '{"eventVersion":"1.11"}';
    return [
      `a line that is cut off behind ${last}`,
      `${broken}\n${whole}\n${broken}\r\n${whole}\n${broken}`,
      [broken, whole, `${broken}\r`, whole, '! not_json'],
    ] as const;
  }),
  [
    'lines that are cut off, one after the other',
    '{"a":1,\n{"b":{\n{"c":3}',
    ['{"a":1,', '{"b":{', '{"c":3}'],
  ],
  [
    'objects at the begin of a line, printed prettily',
    '{"a":[\n{"eventTime":1}]}\n{"a":\n{"eventV":\n1}\n{"a":[\n{',
    ['{"a":[\n{"eventTime":1}]}', '{"a":', '{"eventV":\n1}', '! not_json'],
  ],
  [
    'an array that someone cut into lines',
    '{"a":1},\n{"b":{"c":2}},\r\n{"d":3},\n',
    ['{"a":1}', '{"b":{"c":2}}', '{"d":3}'],
  ],
  ['lines that begin with the comma', '{"a":1}\n,{"b":2}\n , \n{"c":3}', ['{"a":1}', '{"b":2}', '{"c":3}']],
  ['a line that is cut off behind an inner brace', '{"a":{"b":1},\n{"c":3}', ['{"a":{"b":1},', '{"c":3}']],
  ['a comma alone', ',', [',']],
  ['a byte order mark', '\ufeff{"a":1}', ['{"a":1}']],
];

const MEBIBYTE = 1024 * 1024;

describe('what is made to be dear to read', () => {
  test.each([65_536, 1000])(
    'a line of more objects than one record may have keys is read, in chunks of %i',
    (chunk) => {
      const one = '{"a":1,"b":2,"c":3,"d":4}';
      const { pieces } = split(`${one.repeat(9000)}\n{"e":5}\n`, chunk, MEBIBYTE);
      expect(pieces.length).toBe(9001);
      expect(new Set(pieces)).toEqual(new Set([one, '{"e":5}']));
    },
  );

  test('a line of a hundred thousand objects loses none, and none behind it', () => {
    const { pieces } = split(`${'{"a":1}'.repeat(130_000)}\n{"b":2}\n`, 65_536, MEBIBYTE);
    expect([pieces.length, pieces.at(-2), pieces.at(-1)]).toEqual([130_001, '{"a":1}', '{"b":2}']);
  });
});

describe('a stream is split into its records', () => {
  for (const [name, input, pieces, form = input.trim() === '' ? undefined : 'lines'] of cases) {
    test.each([65_536, 7, 1])(`${name}, in chunks of %i bytes`, (chunkBytes) => {
      expect(split(input, chunkBytes)).toEqual({ pieces, form });
    });
  }

  test.each([65_536, 1000, 13])(
    'a record over the limit is refused and the next one is read, in chunks of %i',
    (chunk) => {
      const large = `{"a":"${'x'.repeat(LIMIT)}"}`;
      for (const stream of [`${large}\n{"b":1}`, `[${large},{"b":1}]`, `{"Records":[${large},{"b":1}]}`]) {
        expect(split(stream, chunk).pieces).toEqual(['! body_too_large', '{"b":1}']);
      }
    },
  );

  test.each([65_536, 1000, 13])(
    'a line over the limit is read where it holds several objects, in chunks of %i',
    (chunk) => {
      const one = `{"a":"${'x'.repeat(LIMIT / 2)}"}`;
      expect(split(`${one}${one}${one}\n{"b":1}`, chunk).pieces).toEqual([one, one, one, '{"b":1}']);
    },
  );

  test('any array of JSON values comes out as its elements, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue()),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        (values, chunk, pretty) => {
          const indent = pretty ? 2 : undefined;
          for (const text of [
            JSON.stringify(values, null, indent),
            JSON.stringify({ Records: values }, null, indent),
          ]) {
            const { pieces } = split(text, chunk, 1_000_000);
            expect(pieces.map((piece) => JSON.parse(piece))).toEqual(
              values.map((value) => JSON.parse(JSON.stringify(value))),
            );
          }
        },
      ),
    );
  });

  test('lines come out the same, however the stream is cut', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '{"eventVersion":"1.11"}',
        '{"eventVersion":"1.11","eventName":"é"}',
        '{"eventVersion"',
        '',
      ),
      fc.constantFrom(
        '{"eventVersion":',
        '{"eventVersion":"1.11",',
        '{"a":{',
        '{"a":[',
        ' "b":1',
        '{"a":1},',
        ',',
        ',{"a":1}',
        '{"even',
        ']}',
        '}',
      ),
      fc.constantFrom(
        '{"a":{"b":[1]}}',
        '{"Records":[{"eventVersion":"1.11"}]}',
        'x',
        '{"a":1}{"b":2}',
        `{"eventVersion":"${'1'.repeat(99)}"}`,
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.integer({ min: 1, max: 60 }), (lines, chunk) => {
        const stream = `${lines.join('\n')}\n`;
        expect(split(stream, chunk, 80)).toEqual(split(stream, 65_536, 80));
        expect(split(`{"x":1}\n${stream}`, chunk, 80)).toEqual(split(`{"x":1}\n${stream}`, 1, 80));
      }),
      { numRuns: 500 },
    );
  });

  test('elements come out the same whether they are cut where the next one begins or followed byte by byte', () => {
    const call = '"eventSource":"sts.amazonaws.com","eventName":"GetCallerIdentity"';
    const usual = `{"eventVersion":"1.11",${call}}`;
    const element = fc.oneof(
      { weight: 4, arbitrary: fc.constant(usual) },
      fc.constantFrom(
        `{"eventVersion":"1.11","inner":[${usual},${usual}],${call}}`,
        `{"eventVersion":"1.11","inner":[{"a":1},${usual}],${call}}`,
        `{"eventVersion":"1.11","text":${JSON.stringify(`${usual},${usual}`)},${call}}`,
        `{"eventVersion":"1.11","name":"é",${call}}`,
        `{"eventVersion":"${'1'.repeat(200)}",${call}}`,
      ),
      fc.constantFrom('{"eventVersion":"1.11"}', '{"a":1}', 'null', '1', '"eventVersion"', ''),
      fc.constantFrom('{"eventVersion":"1.11","broken":"', '{"eventVersion"', '}', ']', '\\'),
    );
    const separator = fc.oneof(
      { weight: 4, arbitrary: fc.constant(',') },
      fc.constantFrom(', ', ',\n', ' ', ''),
    );
    const list = fc
      .array(fc.tuple(element, separator), { maxLength: 12 })
      .map((parts) => parts.map(([text, between], i) => (i === 0 ? text : between + text)).join(''));
    const byteByByte = (stream: string) => split(stream, 1, 200);
    fc.assert(
      fc.property(list, list, fc.integer({ min: 2, max: 400 }), (one, other, chunk) => {
        for (const stream of [`[${one}]`, `{"Records":[${one}]}\n{"Records":[${other}]}`]) {
          expect(split(stream, 65_536, 200)).toEqual(byteByByte(stream));
          expect(split(stream, chunk, 200)).toEqual(byteByByte(stream));
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('usual records of any length are read alike, however long they are together and wherever they are cut', () => {
    const record = fc
      .tuple(
        fc.nat(99),
        fc.oneof({ weight: 9, arbitrary: fc.nat(3_000) }, fc.integer({ min: 14_000, max: 18_000 })),
        fc.constantFrom('', '', '', '\u00e9', '\\', ' '),
      )
      .map(([name, length, odd]) =>
        JSON.stringify({
          eventVersion: '1.11',
          eventTime: '2026-11-24T10:00:00Z',
          eventType: 'AwsApiCall',
          eventSource: 's3.amazonaws.com',
          eventName: `Get${name}`,
          requestParameters: { key: `${'k'.repeat(length)}${odd}` },
        }),
      );
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 60 }),
        fc.integer({ min: 500, max: 70_000 }),
        (records, chunk) => {
          const lines = split(records.map((one) => `${one}\n`).join(''), chunk, 20_000);
          expect(lines.pieces).toEqual(records);
          expect(split(`[${records.join(',')}]`, chunk, 20_000).pieces).toEqual(records);
          expect(split(`{"Records":[${records.join(',')}]}`, chunk, 20_000).pieces).toEqual(records);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('any bytes are split without an error, and nothing is made up', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 50 }), (bytes, chunk) => {
        const reader = new RecordReader(LIMIT);
        const source = Buffer.from(bytes);
        const records: StreamRecord[] = [];
        for (let at = 0; at < source.length; at += chunk)
          for (const some of reader.push(source.subarray(at, at + chunk))) records.push(...some);
        for (const some of reader.end()) records.push(...some);
        const text = source.toString('latin1');
        if (!isAscii(source)) return;
        for (const record of records) expect(text).toContain(record.text);
      }),
    );
  });
});
