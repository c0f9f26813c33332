import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CloudTrailRecord } from '../../src/event/cloudtrail-record.ts';
import { type ParsedRecord, parseRecordText } from '../../src/event/parse-record.ts';
import { parseRecordBytes, scanRecord } from '../../src/event/scan-record.ts';

const lines = ['escalation.ndjson', 'scenarios/pacu.ndjson', 'scenarios/privilege-escalation.ndjson'].flatMap(
  (name) =>
    readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
);
const usual = {
  eventVersion: '1.11',
  userIdentity: {
    type: 'AssumedRole',
    principalId: 'AROAEXAMPLE:deploy',
    arn: 'arn:aws:sts::111122223333:assumed-role/build/deploy',
    accountId: '111122223333',
    accessKeyId: 'ASIAEXAMPLEEXAMPLE01',
    sessionContext: { attributes: { creationDate: '2026-11-24T10:00:00Z', mfaAuthenticated: 'false' } },
  },
  eventTime: '2026-11-24T10:05:00Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'GetObject',
  awsRegion: 'eu-west-1',
  sourceIPAddress: '203.0.113.17',
  userAgent: 'aws-cli/2.15.0',
  requestParameters: { bucketName: 'reports', key: 'a/b' },
  responseElements: null,
  additionalEventData: { bytesTransferredOut: 1.5e3, isOwn: true, tags: [], more: {} },
  requestID: 'R1',
  eventID: '6f1c1b2a-0000-4000-8000-000000000001',
  readOnly: true,
  eventType: 'AwsApiCall',
  recipientAccountId: '111122223333',
  eventCategory: 'Data',
};
const text = JSON.stringify(usual);

/** In the fields of the interface, whoever holds them: what is parsed late is so here. */
function told(parsed: ParsedRecord): unknown {
  if (!parsed.ok) return parsed;
  const model = parseRecordText(text);
  if (!model.ok) throw new Error(model.refusal.code);
  const names = Object.keys(model.record) as (keyof CloudTrailRecord)[];
  return { ...parsed, record: Object.fromEntries(names.map((name) => [name, parsed.record[name]])) };
}

const scanned = (json: string) => scanRecord(Buffer.from(json));
const bothOf = (json: string) => [told(parseRecordBytes(Buffer.from(json))), told(parseRecordText(json))];

function expectSame(json: string): void {
  const [ours, theirs] = bothOf(json);
  expect(ours).toEqual(theirs);
}

const withField = (name: string, json: string) => `{"${name}":${json},${text.slice(1)}`;
const without = (name: string) => JSON.stringify({ ...usual, [name]: undefined });

describe('scanning a record', () => {
  test('finds in the examples what parsing them finds, at the first time, the second and the third', () => {
    expect(lines.length).toBeGreaterThan(50);
    for (const line of [...lines, ...lines, ...lines]) expectSame(line);
  });

  test.each([
    ['as it is', text],
    ['printed prettily', JSON.stringify(usual, null, 2)],
    ['with an end of line behind it', `${text}\r\n`],
    ['with fields that nobody knows', withField('edgeDeviceDetails', '{"a":[1,{"b":"\\u00e9"}]}')],
    ['with escapes in what is not read yet', withField('tlsDetails', '{"host":"a\\"b\\\\c\\/\\n\\u0041"}')],
    ['with an empty object', withField('serviceEventDetails', '{ }')],
    ['with a text in the place of true', withField('sessionCredentialFromConsole', '"true"')],
    ['with true', withField('sessionCredentialFromConsole', 'true')],
    ['with false', withField('sessionCredentialFromConsole', 'false')],
    ['with empty texts', withField('errorCode', '""')],
    ['with an empty text in the place of an object', withField('serviceEventDetails', '""')],
    ['with null', withField('vpcEndpointId', 'null')],
    [
      'with all kinds of numbers',
      withField('numbers', '[0,-0,1,-12.50,1e5,1E+5,0.1e-2,12345678901234567890]'),
    ],
    ['with a lone surrogate', withField('x', '"\\ud800"')],
    ['without an identity', without('userIdentity')],
    ['with ids that other tools write', without('eventID').replace('"requestID"', '"requestId"')],
  ])('takes the record %s', (_, json) => {
    expect(scanned(json)).toBeDefined();
    expectSame(json);
  });

  test.each([
    ['a letter that is no ASCII', text.replace('deploy', 'déploiement')],
    ['a byte order mark', `\uFEFF${text}`],
    ['white space before it', ` ${text}`],
    ['something behind it', `${text}{}`],
    ['a field that comes twice', withField('eventName', '"PutObject"')],
    ['a name with an escape', withField('eventN\\u0061me', '"PutObject"')],
    ['an escape in a text that is read', text.replace('aws-cli/2.15.0', 'a \\"b\\"')],
    ['an envelope', JSON.stringify({ detail: usual })],
    ['a list', `[${text}]`],
    ['a notification of S3', text.replace('"s3.amazonaws.com"', '"aws:s3"')],
    ['a reference that Logstash left', text.replace('"GetObject"', '"%{eventName}"')],
    ['no name', without('eventName')],
    ['no source', without('eventSource')],
    ['no time', without('eventTime')],
    ['a time that is none', text.replace('2026-11-24T10:05:00Z', 'yesterday')],
    ['no type', without('eventType')],
    ['a type of its own', text.replace('AwsApiCall', 'AwsConsoleAction')],
    ['a number in the place of a text', withField('errorCode', '5')],
    ['an object in the place of a text', withField('errorCode', '{}')],
    ['a text in the place of an object', withField('serviceEventDetails', '"{}"')],
    ['a list in the place of an object', withField('serviceEventDetails', '[]')],
    ['an identity that is a text', text.replace(/"userIdentity":\{.*?\}\}\}/, '"userIdentity":"x"')],
    ['an identity with a field of a wrong type', text.replace('"type":"AssumedRole"', '"type":1')],
    ['an identity with a time that is none', text.replace('2026-11-24T10:00:00Z', 'x')],
    ['41 levels', withField('x', `${'['.repeat(40)}${']'.repeat(40)}`)],
    ['more than 20,000 bytes', withField('x', `"${'a'.repeat(20_000)}"`)],
  ])('leaves %s to the parser', (_, json) => {
    for (let time = 0; time < 3; time++) {
      expect(scanned(json)).toBeUndefined();
      expectSame(json);
    }
  });

  test.each([
    '{"a":1,}',
    '{"a":01}',
    '{"a":1.}',
    '{"a":.5}',
    '{"a":1e}',
    '{"a":+1}',
    '{"a":-}',
    '{"a":tru}',
    '{"a":nul}',
    '{"a":falsy}',
    '{"a":truex}',
    '{"a":"\\x"}',
    '{"a":"\\u00g0"}',
    '{"a":"\\u00"}',
    '{"a":"\t"}',
    '{"a":"\u007f"}',
    '{"a" 1}',
    '{"a"}',
    '{a:1}',
    "{'a':1}",
    '{"a":[1,]}',
    '{"a":[1 2]}',
    '{"a":[1}',
    '{"a":{]}',
    '{"a":"',
    '{"a":1',
    '{',
    '',
  ])('takes %s inside a record for what the parser takes it for', (inner) => {
    expectSame(withField('x', inner));
    expectSame(`${text.slice(0, -1)},"x":${inner}}`);
    expectSame(inner);
  });

  test('a text that takes the place of another, in one record or between two, is not read for it', () => {
    const word = fc.stringMatching(/^[a-z]{1,6}$/);
    const fields = fc.record({
      eventSource: word,
      eventName: word,
      awsRegion: word,
      sourceIPAddress: word,
      userAgent: word,
      errorCode: word,
      vpcEndpointId: word,
      recipientAccountId: word,
      userIdentity: fc.record({ type: word, arn: word }),
    });
    // Some hundred thousand texts for four thousand places, each record three times: once met, once kept, once found.
    const records = fc.sample(fields, { numRuns: 4_000, seed: 7 });
    for (let at = 0; at < records.length; at += 50)
      for (let time = 0; time < 3; time++)
        for (const record of records.slice(at, at + 50)) {
          const found = scanned(JSON.stringify({ ...usual, ...record }));
          if (!found?.ok) throw new Error('is not scanned');
          const { sourceIPAddress: sourceIpAddress, ...rest } = record;
          expect(found.record).toMatchObject({ ...rest, sourceIpAddress });
        }
  });

  test('one letter more, less or other changes both alike', () => {
    const changes = fc.record({
      at: fc.nat({ max: text.length }),
      less: fc.nat({ max: 2 }),
      more: fc.oneof(fc.constantFrom(...'"{}[],:\\ntru0-.eE\n\t '), fc.string({ maxLength: 3 })),
    });
    fc.assert(
      fc.property(fc.array(changes, { minLength: 1, maxLength: 3 }), (edits) => {
        const json = edits.reduce(
          (old, { at, less, more }) => `${old.slice(0, at)}${more}${old.slice(at + less)}`,
          text,
        );
        expectSame(json);
      }),
      { numRuns: 3_000 },
    );
  });

  test('any JSON in any field changes both alike', () => {
    const fields = Object.keys(usual).concat(
      'eventId',
      'requestId',
      'sourceIpAddress',
      'vpcEndpointId',
      'insightDetails',
    );
    const value = fc.oneof(
      fc.jsonValue(),
      fc.string(),
      fc.constantFrom('', '%{x}', 'true', null, true, {}, []),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...fields), value), fc.boolean(), (changed, isPretty) => {
        expectSame(JSON.stringify({ ...usual, ...changed }, null, isPretty ? 1 : 0));
      }),
      { numRuns: 2_000 },
    );
  });

  const numbers = (most: number, digits = 2) => fc.nat(most).map((n) => String(n).padStart(digits, '0'));

  test('a time is the one that is parsed, of each day of the calendar and of days that are in none', () => {
    const time = fc
      .tuple(numbers(9999, 4), numbers(13), numbers(32), numbers(24), numbers(60), numbers(60))
      .map(([year, month, day, ...clock]) => `${year}-${month}-${day}T${clock.join(':')}Z`);
    const usualTimes = fc
      .date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => `${date.toISOString().slice(0, 19)}Z`);
    const others = fc.constantFrom(
      '2026-11-24T10:05:00.123Z',
      '2026-11-24 10:05:00',
      '20261124T100500Z',
      '2026-02-29T00:00:00Z',
      '2024-02-29T23:59:59Z',
      '1900-02-29T00:00:00Z',
      '2000-02-29T00:00:00Z',
      '2026-11-24T10:05:0xZ',
    );
    fc.assert(
      fc.property(fc.oneof(time, usualTimes, others), (eventTime) =>
        expectSame(JSON.stringify({ ...usual, eventTime })),
      ),
      { numRuns: 5_000 },
    );
  });

  test('what is parsed late is that of its own record', () => {
    const records = Array.from({ length: 50 }, (_, i) =>
      scanned(withField('serviceEventDetails', `{"i":${i}}`)),
    );
    const found = records.map((parsed) =>
      parsed?.ok ? parsed.record.serviceEventDetails?.['i'] : undefined,
    );
    expect(found).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });
});
