import { readFileSync } from 'node:fs';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { testService } from '../service.ts';

const lines = readFileSync(new URL('../../examples/escalation.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const service = testService();

async function post(payload: string | Buffer, query = '', headers: Record<string, string> = {}) {
  return service.app.inject({ method: 'POST', url: `/enrich/batch${query}`, payload, headers });
}

async function each(): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const line of lines) {
    answers.push((await service.app.inject({ method: 'POST', url: '/enrich', payload: line })).json());
  }
  return answers;
}

const ndjson = lines.join('\n');
const records = `{"Records":[${lines.join(',')}]}`;

describe('POST /enrich/batch answers every record, in order', () => {
  test.each([
    ['lines', ndjson, 'application/x-ndjson; charset=utf-8'],
    ['a file of CloudTrail', records, 'application/x-ndjson; charset=utf-8'],
    [
      'a file of CloudTrail, printed prettily',
      JSON.stringify(JSON.parse(records), null, 2),
      'application/x-ndjson; charset=utf-8',
    ],
    ['gzipped lines', gzipSync(ndjson), 'application/x-ndjson; charset=utf-8'],
    ['a gzipped file, as it lies in S3', gzipSync(records), 'application/x-ndjson; charset=utf-8'],
    ['an array', `[${lines.join(',')}]`, 'application/json; charset=utf-8'],
  ])('%s: the same answers as one by one', async (_name, body, type) => {
    await each();
    const expected = await each();
    const response = await post(body);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe(type);
    const answers = type.includes('ndjson')
      ? response.body
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
      : response.json();
    expect(answers).toEqual(expected);
  });

  test('content-encoding gzip and deflate are understood, br is refused', async () => {
    expect(
      (await post(gzipSync(ndjson), '', { 'content-encoding': 'gzip' })).body.trim().split('\n'),
    ).toHaveLength(lines.length);
    expect(
      (await post(deflateSync(ndjson), '', { 'content-encoding': 'deflate' })).body.trim().split('\n'),
    ).toHaveLength(lines.length);
    const refused = await post(ndjson, '', { 'content-encoding': 'br' });
    expect([refused.statusCode, refused.json().code]).toEqual([415, 'unsupported_encoding']);
  });

  test('a bad record is answered in its place, and the others as ever', async () => {
    const response = await post([lines[0], '{"broken', '{}', lines[1]].join('\n'));
    const answers = response.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map((answer) => answer.error?.code ?? answer.action.iam[0])).toEqual([
      'sts:GetCallerIdentity',
      'not_json',
      'not_cloudtrail',
      'iam:ListAttachedUserPolicies',
    ]);
    expect(answers[1].error).toEqual({ code: 'not_json', message: expect.any(String), index: 1 });
  });

  test('merged output keeps the bytes of each record and adds one field', async () => {
    const odd = `{ "big": 12345678901234567890,  "a":1, "a":2, ${lines[0]?.slice(1)}`;
    const response = await post([odd, lines[1]].join('\n'), '?output=merged');
    const [first, second] = response.body.trim().split('\n');
    expect(first?.startsWith(odd.slice(0, -1))).toBe(true);
    expect(JSON.parse(first ?? '').detrails.action.iam).toEqual(['sts:GetCallerIdentity']);
    expect(second?.startsWith(`${lines[1]?.slice(0, -1)},"detrails":{`)).toBe(true);
  });

  test('what was merged before is merged anew, and has the field once', async () => {
    const once = (await post(ndjson, '?output=merged')).body;
    const twice = (await post(once, '?output=merged')).body.trim().split('\n');
    expect(twice).toHaveLength(lines.length);
    for (const line of twice) expect(line.match(/"detrails":/g)).toHaveLength(1);
  });

  test('merged output of an array is an array, of a pretty file one line a record', async () => {
    const array = await post(`[${lines[0]},"%{message}"]`, '?output=merged');
    expect(array.json()).toMatchObject([
      { eventName: 'GetCallerIdentity', detrails: {} },
      { message: '%{message}', detrails: { error: { code: 'unresolved_reference', index: 1 } } },
    ]);
    const pretty = await post(JSON.stringify(JSON.parse(records), null, 2), '?output=merged');
    expect(
      pretty.body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).eventName),
    ).toEqual(lines.map((line) => JSON.parse(line).eventName));
  });

  const many = `{"eventName":"GetObject","x":[${'{"a":1},'.repeat(6000)}1]}`;
  const deep = `{"eventName":"GetObject","x":${'['.repeat(65)}${']'.repeat(65)}}`;
  test.each([
    ['of too many keys', many, 'too_many_keys'],
    ['nested too deeply', deep, 'too_deep'],
    ['that is none of CloudTrail', '{ "a": 1.10, "detrails": 1 }', 'not_cloudtrail'],
    ['without a field', '{ }', 'not_cloudtrail'],
    ['of several', '{"message":{"Records":[{"a":1},{"b":2}]}}', 'several_records'],
    ['in a text that is broken', '{"message":"{\\"broken"}', 'not_json'],
  ])('merged output gives a record %s back, with why it was refused', async (_name, text, code) => {
    const response = await post(`${text}\n${lines[0]}\n`, '?output=merged');
    const [refused, enriched] = response.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { error } = refused.detrails;
    expect(error).toMatchObject({ code, message: expect.any(String), index: 0 });
    expect(refused).toEqual({ ...JSON.parse(text), detrails: { error } });
    expect(enriched.eventName).toBe('GetCallerIdentity');
  });

  const long = `{"x":[${'{"a":1},'.repeat(40_000)}1]}`;
  test.each([
    ['no JSON', '{"SECRET', 'not_json'],
    ['brackets that are not closed', `{"SECRET":${'['.repeat(30_000)}`, 'too_deep'],
    ['longer than any event, and of too many keys', long, 'too_many_keys'],
    ['larger than the limit', `{"SECRET":"${'x'.repeat(1_100_000)}"}`, 'body_too_large'],
  ])('merged output repeats nothing of what is %s', async (_name, text, code) => {
    const response = await post(`${text}\n${lines[0]}\n`, '?output=merged');
    expect(JSON.parse(response.body.split('\n')[0] ?? '')).toEqual({
      error: { code, message: expect.any(String), index: 0 },
    });
    expect(response.body).not.toContain('SECRET');
  });

  test('a cut-off gzip says so after the answers to what could be read', async () => {
    const whole = gzipSync(`${ndjson}\n`.repeat(200));
    const response = await post(whole.subarray(0, whole.length - 2000));
    const answers = response.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.length).toBeGreaterThan(lines.length);
    expect(answers.at(-1)).toEqual({
      error: { code: 'bad_compression', message: expect.any(String), index: answers.length - 1 },
    });
  });

  test.each([
    ['nothing', '', 'empty_body'],
    ['white space', ' \n', 'empty_body'],
    ['bytes that only begin like gzip', Buffer.from([0x1f, 0x8b, 1, 2, 3]), 'bad_compression'],
  ])('%s is refused as a whole', async (_name, body, code) => {
    const response = await post(body);
    expect([response.statusCode, response.json().code]).toEqual([400, code]);
  });

  test('an empty array gets an empty array', async () => {
    expect((await post('[]')).json()).toEqual([]);
  });

  test('an unknown output is refused', async () => {
    const response = await post(ndjson, '?output=xml');
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'bad_request', path: 'output' });
    const misspelt = await post(ndjson, '?outptu=merged');
    expect(misspelt.json()).toEqual({
      title: expect.any(String),
      status: 400,
      code: 'bad_request',
      detail: 'There is a query parameter that is not known.',
    });
  });
});
