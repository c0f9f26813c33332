import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRecordText } from '../../src/event/parse-record.ts';

const example = readFileSync(new URL('../../examples/create-policy-version.json', import.meta.url), 'utf8');
const source = JSON.parse(example) as Record<string, unknown>;
const text = JSON.stringify(source);
const expected = parseRecordText(text);

function stringified(): Record<string, unknown> {
  const entries = Object.entries(source).map(([key, value]) => {
    if (value === null) return [key, `%{${key}}`];
    return [key, typeof value === 'object' ? JSON.stringify(value) : String(value)];
  });
  return Object.fromEntries(entries);
}

function withoutTime(): Record<string, unknown> {
  const { eventTime, ...rest } = source;
  return { ...rest, '@timestamp': eventTime, '@version': '1', tags: ['codec_cloudtrail'] };
}

const base64 = (value: string) => Buffer.from(value).toString('base64');

/** Every envelope of docs/logstash.md, as Logstash, Filebeat and AWS's own carriers write it. */
const envelopes: readonly (readonly [name: string, body: unknown])[] = [
  ['the bare record', source],
  [
    'the record beside fields of Logstash',
    { ...source, '@timestamp': '2030-01-01T00:00:00Z', tags: ['x'], event: {} },
  ],
  ['the record of the cloudtrail codec, whose time moved to @timestamp', withoutTime()],
  ['message, as Filebeat sends it', { message: text, aws: { s3: { bucket: {} } }, cloud: {}, log: {} }],
  ['message that was parsed already', { message: source }],
  ['event.original', { event: { original: text }, message: 'done' }],
  [
    'event.original beside a message of several records',
    { event: { original: text }, message: '{"Records":[{},{}]}' },
  ],
  ['Records of one', { Records: [source] }],
  ['Records that split made an object', { Records: source, message: '{"Records":[{},{}]}' }],
  [
    'EventBridge',
    { version: '0', 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.iam', detail: source },
  ],
  ['CloudWatch Logs', { messageType: 'DATA_MESSAGE', logEvents: [{ id: '1', timestamp: 1, message: text }] }],
  ['what aws cloudtrail lookup-events prints', { Events: [{ EventId: 'x', CloudTrailEvent: text }] }],
  ['LookupEvents', { EventId: 'x', EventName: 'CreatePolicyVersion', CloudTrailEvent: text }],
  ['SNS', { Type: 'Notification', Message: JSON.stringify({ detail: source }) }],
  ['SQS around SNS', { Body: JSON.stringify({ Type: 'Notification', Message: text }) }],
  ['SQS to Lambda', { Records: [{ eventSource: 'aws:sqs', body: JSON.stringify({ Message: text }) }] }],
  ['SNS to Lambda', { Records: [{ EventSource: 'aws:sns', Sns: { Message: text } }] }],
  ['Firehose', { records: [{ recordId: '1', data: base64(text) }] }],
  ['target json', { json: source, message: 'x' }],
  ['target cloudtrail', { cloudtrail: source }],
  ['target aws.cloudtrail', { aws: { cloudtrail: source } }],
  ['a target of any name', { ct: source, host: { name: 'x' } }],
  ['a list of one', [source]],
  ['a JSON string', text],
  ['a JSON string of an envelope', JSON.stringify({ message: text })],
  ['a hash body, in which every value became text', stringified()],
];

describe('a record is found in every envelope', () => {
  test.each(envelopes)('%s', (_name, body) => {
    const parsed = parseRecordText(JSON.stringify(body));
    expect(parsed).toEqual(expected);
  });

  test.each([
    [{ address: '203.0.113.17', ip: '203.0.113.17' }],
    [{ address: '203.0.113.17' }],
    [{ ip: '203.0.113.17' }],
  ])("Elastic's own document gives what it holds, the source as %j", (from) => {
    const document = {
      '@timestamp': source['eventTime'],
      event: { action: 'CreatePolicyVersion', provider: 'iam.amazonaws.com', id: 'e-1' },
      cloud: { region: 'us-east-1', account: { id: '111122223333' } },
      source: from,
      user: { name: 'dev-intern', id: 'AIDAIOSFODNN7DEVINTN' },
      user_agent: { original: 'aws-cli/2' },
      aws: {
        cloudtrail: {
          event_type: 'AwsApiCall',
          user_identity: {
            type: 'IAMUser',
            access_key_id: 'AKIAIOSFODNN7EXAMPLE',
            arn: 'arn:aws:iam::111122223333:user/dev-intern',
          },
          request_parameters: '{"setAsDefault":true}',
          response_elements: '{policyVersion={versionId=v4}}',
          flattened: { request_parameters: { setAsDefault: 'true' } },
        },
      },
    };
    const parsed = parseRecordText(JSON.stringify(document));
    expect(parsed).toMatchObject({
      ok: true,
      problems: [],
      record: {
        eventName: 'CreatePolicyVersion',
        eventSource: 'iam.amazonaws.com',
        awsRegion: 'us-east-1',
        sourceIpAddress: '203.0.113.17',
        userIdentity: {
          userName: 'dev-intern',
          accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
          accountId: '111122223333',
        },
        requestParameters: { setAsDefault: 'true' },
        responseElements: undefined,
      },
    });
  });
});

test.each(['eventTime', '@timestamp'])('a time that cannot be read is named as it was sent: %s', (name) => {
  const parsed = parseRecordText(
    JSON.stringify({ ...withoutTime(), '@timestamp': undefined, [name]: 'soon' }),
  );
  expect(parsed).toMatchObject({ problems: [{ code: 'bad_time', path: name }] });
});

const refused: readonly (readonly [name: string, body: string, refusal: object])[] = [
  ['an empty body', '', { code: 'empty_body' }],
  ['white space', ' \n ', { code: 'empty_body' }],
  ['broken JSON', '{"eventName":', { code: 'not_json' }],
  ['an object that is no CloudTrail', '{}', { code: 'not_cloudtrail' }],
  ['a number', '42', { code: 'not_cloudtrail' }],
  ['null', 'null', { code: 'not_cloudtrail' }],
  ['a log line', '"hello"', { code: 'not_cloudtrail' }],
  ['%{message}, which Logstash did not replace', '%{message}', { code: 'unresolved_reference' }],
  ['%{message} as a JSON string', '"%{message}"', { code: 'unresolved_reference' }],
  [
    'a hash body of fields that are not there',
    '{"eventName":"%{eventName}","eventSource":"%{eventSource}"}',
    { code: 'unresolved_reference', path: 'eventName' },
  ],
  [
    'several records',
    JSON.stringify({ Records: [source, source] }),
    { code: 'several_records', path: 'Records' },
  ],
  [
    'several records inside message',
    JSON.stringify({ message: JSON.stringify({ Records: [source, source] }) }),
    { code: 'several_records', path: 'message.Records' },
  ],
  [
    'several records of a Firehose request',
    JSON.stringify({ records: [source, source] }),
    { code: 'several_records', path: 'records' },
  ],
  ['lines of records', `${text}\n${text}\n`, { code: 'several_records' }],
  [
    'several events that were looked up',
    JSON.stringify({ Events: [{ CloudTrailEvent: text }, { CloudTrailEvent: text }] }),
    { code: 'several_records', path: 'Events' },
  ],
  ['Events of something else', '{"Events":[{},{}]}', { code: 'not_cloudtrail' }],
  ['no records', '{"Records":[]}', { code: 'not_cloudtrail', path: 'Records' }],
  ['a message of broken JSON', '{"message":"{\\"eventName\\": "}', { code: 'not_json', path: 'message' }],
  [
    'an S3 notification',
    JSON.stringify({ Records: [{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3: {} }] }),
    { code: 's3_notification', path: 'Records[0].eventSource' },
  ],
  [
    'another event of EventBridge',
    '{"detail-type":"GuardDuty Finding","detail":{"id":"x"}}',
    { code: 'not_cloudtrail', path: 'detail' },
  ],
  ['100,000 levels', '['.repeat(100_000) + ']'.repeat(100_000), { code: 'too_deep' }],
  [
    '100,000 levels inside message',
    JSON.stringify({ message: '['.repeat(100_000) + ']'.repeat(100_000) }),
    { code: 'too_deep', path: 'message' },
  ],
  [
    '100,000 keys',
    JSON.stringify({ ...source, requestParameters: Array.from({ length: 100_000 }, (_, i) => i) }),
    { code: 'too_many_keys' },
  ],
];

describe('what is no single record is refused with a code and a place', () => {
  test.each(refused)('%s', (_name, body, refusal) => {
    expect(parseRecordText(body)).toEqual({ ok: false, refusal });
  });
});

const kinds: readonly (readonly [kind: string, fields: Record<string, unknown>])[] = [
  ['api_call', { eventType: 'AwsApiCall' }],
  ['api_call', { eventType: 'ApiCall' }],
  ['api_call', {}],
  ['console_sign_in', { eventType: 'AwsConsoleSignIn' }],
  ['service_event', { eventType: 'AwsServiceEvent' }],
  ['insight', { eventType: 'AwsCloudTrailInsight' }],
  ['network_activity', { eventType: 'AwsVpceEvent' }],
  ['network_activity', { eventCategory: 'NetworkActivity', eventType: 'AwsApiCall' }],
];

describe('a record is read field by field', () => {
  test.each(kinds)('%s is told from %o', (kind, fields) => {
    const parsed = parseRecordText(
      JSON.stringify({ eventName: 'X', eventSource: 'y.amazonaws.com', ...fields }),
    );
    expect(parsed).toMatchObject({ ok: true, record: { kind } });
  });

  test('an insight and an aggregate without a name, and a digest, are records too', () => {
    expect(parseRecordText('{"insightDetails":{"state":"Start"}}')).toMatchObject({
      record: { kind: 'insight' },
    });
    const aggregated = '{"eventId":"e","eventType":"AwsAggregatedEvent","timeWindow":{"windowSize":"PT5M"}}';
    expect(parseRecordText(aggregated)).toMatchObject({
      problems: [],
      record: { kind: 'aggregated', eventId: 'e', eventTime: undefined },
    });
    const digest = '{"digestS3Object":"AWSLogs/x","digestStartTime":"2026-11-24T00:00:00Z"}';
    expect(parseRecordText(digest)).toMatchObject({ record: { kind: 'digest' } });
  });

  test('a field of the wrong type counts as absent and gives a problem, null and "" do not', () => {
    const body = {
      ...source,
      userAgent: 7,
      awsRegion: null,
      requestID: '',
      userIdentity: { type: ['x'], arn: 'a' },
    };
    const parsed = parseRecordText(JSON.stringify(body));
    expect(parsed).toMatchObject({
      ok: true,
      record: {
        userAgent: undefined,
        awsRegion: undefined,
        requestId: undefined,
        userIdentity: { type: undefined, arn: 'a' },
      },
      problems: [
        { path: 'userAgent', code: 'wrong_type' },
        { path: 'userIdentity.type', code: 'wrong_type' },
      ],
    });
  });

  test('keys named __proto__ and constructor are answered and change nothing', () => {
    const body = `{"__proto__":{"eventName":"Evil"},"constructor":{"prototype":{"x":1}},${text.slice(1)}`;
    expect(parseRecordText(body)).toEqual(expected);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('any JSON is answered or refused, never thrown', () => {
    const anything = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .jsonValue()
        .map((value) => JSON.stringify({ ...source, userIdentity: value, requestParameters: value })),
    );
    fc.assert(fc.property(anything, (body) => typeof parseRecordText(body).ok === 'boolean'));
  });
});
