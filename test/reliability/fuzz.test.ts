import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventPool } from '../../harness/fuzz/event-pool.ts';
import { mutate } from '../../harness/fuzz/mutate.ts';
import { Random } from '../../harness/fuzz/random.ts';
import { runFuzz } from '../../harness/fuzz/run-fuzz.ts';
import { loadConfig } from '../../src/config.ts';
import { type Service, startService } from '../../src/service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService(loadConfig({ DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'silent' }));
});
afterAll(() => service.stop('SIGINT'));

test('generated and mutated events never fail inside (a million: npm run fuzz)', async () => {
  const seed = Date.now() % 1_000_000;
  const result = await runFuzz({ url: service.url, pool: eventPool(seed, 300), events: 3_000, seed });
  const failures = result.failures.map(
    ({ what, input }) => `seed ${seed}: ${what} ${input.toString('base64')}`,
  );
  expect(failures).toEqual([]);
  expect(result.answers.get('enriched')).toBeGreaterThan(1_000);
  expect(result.answers.size).toBeGreaterThan(4);
});

test('the same seed makes the same events', () => {
  const pool = eventPool(1, 50);
  const make = () => {
    const random = new Random(7);
    return Array.from({ length: 50 }, () => mutate(random.of(pool), random.of(pool), random).toString('hex'));
  };
  expect(make()).toEqual(make());
});

const MEBIBYTE = 1024 * 1024;
const identity = { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/alice', accountId: '111122223333' };
const policyCall = (policyDocument: unknown, more: object = {}) =>
  JSON.stringify({
    eventSource: 'iam.amazonaws.com',
    eventName: 'PutUserPolicy',
    eventTime: '2026-11-24T10:00:00Z',
    recipientAccountId: '111122223333',
    userIdentity: identity,
    requestParameters: {
      userName: 'alice',
      policyName: 'p',
      policyDocument: typeof policyDocument === 'string' ? policyDocument : JSON.stringify(policyDocument),
      ...more,
    },
  });
const policyOf = (Action: unknown, Resource: unknown = '*') =>
  policyCall({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });
const call = (fields: string) => `{"eventSource":"s3.amazonaws.com","eventName":"GetObject",${fields}}`;
const list = (count: number, make: (i: number) => unknown) =>
  Array.from({ length: count }, (_, i) => make(i));
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

/** Bombs, by what they aim at. Each is answered within 100 ms, all the same whether enriched or refused. */
const BOMBS: readonly (readonly [name: string, text: () => string])[] = [
  ['wildcards in an action', () => policyOf(`s3:${'*a'.repeat(500)}b`)],
  ['question marks in an action', () => policyOf(`s3:${'?*'.repeat(3000)}`)],
  ['5,000 actions with wildcards', () => policyOf(list(5000, (i) => `s3:*${i}*a*b*`))],
  ['5,000 actions that are all of AWS', () => policyOf(list(5000, () => '*'))],
  ['wildcards in a resource', () => policyOf('s3:*', `arn:aws:s3:::${'*a'.repeat(10_000)}`)],
  [
    '1,000 statements that deny what the others allow',
    () =>
      policyCall({
        Statement: list(1000, (i) => ({
          Effect: i % 2 ? 'Deny' : 'Allow',
          NotAction: [`iam:*${i}*`, `s3:?*${i}`],
          NotResource: '*',
        })),
      }),
  ],
  [
    'a thousand conditions',
    () =>
      policyCall({
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { AWS: list(1000, (i) => `arn:aws:iam::${i}:root`) },
            Condition: Object.fromEntries(
              list(1000, (i) => [`StringLike${i}`, { 'aws:x': '*'.repeat(100) }]) as [],
            ),
          },
        ],
      }),
  ],
  ['a policy of 128 KiB', () => policyOf(list(5000, (i) => `ec2:Describe${i}*`)).slice(0, 131_000)],
  ['a policy of 900 KiB', () => policyCall(' '.repeat(900_000))],
  ['a policy that is 120 KiB of brackets', () => policyCall(deep(60_000))],
  ['escapes in a policy, twice', () => policyCall(encodeURIComponent(`{"a":"${'%25'.repeat(20_000)}"}`))],
  ['broken escapes', () => policyCall('%E0%A4%A'.repeat(10_000))],
  ['a name of 1 MiB', () => call(`"userAgent":"${'a'.repeat(MEBIBYTE - 200)}"`)],
  [
    'an ARN of 900 KiB',
    () => call(`"userIdentity":{"type":"AssumedRole","arn":"${'arn:aws:'.repeat(110_000)}"}`),
  ],
  ['a time of 900 KiB', () => call(`"eventTime":"${'2026-'.repeat(180_000)}"`)],
  ['an address of 900 KiB', () => call(`"sourceIPAddress":"${'1.'.repeat(450_000)}"`)],
  ['an address of colons', () => call(`"sourceIPAddress":"${':'.repeat(900_000)}"`)],
  [
    'an event name of 900 KiB',
    () => `{"eventSource":"s3.amazonaws.com","eventName":"${'Get'.repeat(300_000)}"}`,
  ],
  ['an event source of dots', () => `{"eventSource":"${'.'.repeat(900_000)}","eventName":"x"}`],
  ['an error code of 900 KiB', () => call(`"errorCode":"${'Client.'.repeat(128_000)}"`)],
  ['spaces only', () => ' '.repeat(MEBIBYTE)],
  ['500,000 levels', () => deep(500_000)],
  ['500,000 levels inside', () => call(`"requestParameters":{"a":${deep(500_000)}}`)],
  ['65 levels', () => call(`"requestParameters":{"a":${deep(63)}}`)],
  [
    'JSON in JSON in JSON',
    () => list(12, (i) => i).reduce<string>((text) => JSON.stringify({ message: text }), '{}'),
  ],
  ['300,000 elements', () => call(`"a":[${'1,'.repeat(300_000)}1]`)],
  ['60,000 keys', () => call(list(60_000, (i) => `"k${i}":1`).join(','))],
  ['60,000 keys that collide as numbers', () => call(list(60_000, (i) => `"${i * 65_536}":1`).join(','))],
  ['one key 50,000 times', () => call(list(50_000, () => '"a":1').join(','))],
  ['8,000 texts that look like records', () => `{${list(8000, (i) => `"k${i}":"{\\"a\\":{}}"`).join(',')}}`],
  ['base64 of 1 MB', () => JSON.stringify({ data: Buffer.alloc(700_000, '{').toString('base64') })],
  [
    '__proto__ and constructor',
    () =>
      call(
        '"__proto__":{"errorCode":"x"},"constructor":{"prototype":{"a":1}},"requestParameters":{"__proto__":{"a":1}}',
      ),
  ],
  ['lone surrogates', () => call('"userAgent":"\\ud800\\udfff\\udc00","errorMessage":"\\ud83d"')],
  ['NUL bytes, escaped', () => call('"userAgent":"\\u0000\\u0000","awsRegion":"\\u0000"')],
  ['a raw NUL byte', () => call('"userAgent":"\u0000"')],
  [
    'duplicate keys',
    () => `{"eventName":"A","eventSource":"x",${call('"eventName":"B","eventName":"C"').slice(1)}`,
  ],
  ['1e400', () => call('"eventTime":1e400,"readOnly":1e400,"requestParameters":{"a":-1e400}')],
  ['-0', () => call('"a":-0,"requestParameters":{"durationSeconds":-0}')],
  ['a number of 900 kB', () => call(`"a":${'9'.repeat(900_000)}`)],
  ['a number of small digits', () => call(`"a":0.${'0'.repeat(900_000)}1`)],
  ['references all over', () => call(`"userAgent":"${'%{a}'.repeat(200_000)}"`)],
  ['a Java map of 900 kB', () => call(`"requestParameters":"{${'a=b, '.repeat(180_000)}}"`)],
];

describe('bombs are answered within 100 ms', () => {
  test.each(BOMBS)('%s', async (_name, make) => {
    const payload = make();
    const ask = async () => {
      const began = performance.now();
      const response = await service.app.inject({ method: 'POST', url: '/enrich', payload });
      return { milliseconds: performance.now() - began, response };
    };
    const tries = [await ask(), await ask(), await ask()];
    for (const { response } of tries) {
      expect(response.statusCode, response.body.slice(0, 300)).toBeLessThan(500);
      expect(JSON.parse(response.body)).toBeTypeOf('object');
    }
    // The quickest of three: what else the machine does is not the service's doing.
    expect(Math.min(...tries.map(({ milliseconds }) => milliseconds))).toBeLessThan(100);
    expect(({} as Record<string, unknown>)['errorCode']).toBeUndefined();
  });

  test('what is no UTF-8 is answered', async () => {
    const payload = Buffer.concat([
      Buffer.from('{"eventName":"'),
      Buffer.from([0xff, 0xc0, 0x80]),
      Buffer.from('"}'),
    ]);
    expect((await service.app.inject({ method: 'POST', url: '/enrich', payload })).statusCode).toBe(400);
  });
});
