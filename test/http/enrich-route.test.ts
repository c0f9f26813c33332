import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { testService } from '../service.ts';

const example = readFileSync(new URL('../../examples/create-policy-version.json', import.meta.url), 'utf8');
const service = testService();

function post(payload: string | Buffer, headers: Record<string, string> = {}) {
  return service.app.inject({ method: 'POST', url: '/enrich', payload, headers });
}

test('a request in line counts the bytes of its body, not its characters', async () => {
  const join = vi.spyOn(service.context.pace, 'join');
  const record = example.replaceAll('dev-intern', 'dev-\u20ac');
  await post(record);
  expect(join.mock.calls.map(([{ bytes }]) => bytes)).toEqual([Buffer.byteLength(record)]);
  join.mockRestore();
});

describe('POST /enrich answers one record', () => {
  test('with the action, its access level, ATT&CK and risk', async () => {
    const response = await post(example);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      version: '1.0.0',
      action: {
        iam: ['iam:CreatePolicyVersion'],
        service: 'iam',
        access_level: 'Permissions management',
        mapping: 'exact',
        outcome: 'success',
      },
      threat: { framework: 'MITRE ATT&CK' },
      risk: {
        categories: expect.arrayContaining(['privilege_escalation']),
        methods: ['CreateNewPolicyVersion'],
      },
      related: { ip: ['203.0.113.17'], user: ['dev-intern'] },
    });
  });

  test('that is no API call with what it is instead', async () => {
    const signIn = {
      eventVersion: '1.08',
      eventType: 'AwsConsoleSignIn',
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
      eventTime: '2026-03-02T10:00:00Z',
      userIdentity: { type: 'IAMUser', userName: 'dev-intern', accountId: '111122223333' },
      sourceIPAddress: '198.51.100.7',
      responseElements: { ConsoleLogin: 'Success' },
    };
    expect((await post(JSON.stringify(signIn))).json()).toMatchObject({
      action: { mapping: 'not_an_api_call' },
      risk: { score: 0, reasons: ['A sign-in to the console, or a step of one.'] },
    });
  });

  test('as Logstash needs it: 200, exactly application/json, no cookie, nothing that is not JSON', async () => {
    const { statusCode, headers } = await post(example);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['location']).toBeUndefined();
  });

  test.each([
    'application/json',
    'text/plain',
    'application/json; charset=iso-8859-1',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'garbage',
    '/;;=',
    'application/json, application/json',
  ])('whatever the content type says: %s', async (type) => {
    const response = await post(example, { 'content-type': type });
    expect(response.statusCode).toBe(200);
    expect(response.json().action.iam).toEqual(['iam:CreatePolicyVersion']);
  });

  test('an answer asked for twice is the same', async () => {
    expect((await post(example)).body).toBe((await post(example)).body);
  });
});

const refusals: readonly (readonly [name: string, body: string, status: number, code: string])[] = [
  ['an empty body', '', 400, 'empty_body'],
  ['broken JSON', '{"eventName": "SECRET', 400, 'not_json'],
  ['no CloudTrail', '{"password":"SECRET"}', 400, 'not_cloudtrail'],
  ['%{message} literally', '%{message}', 400, 'unresolved_reference'],
  ['100,000 levels', `${'['.repeat(100_000)}"SECRET"${']'.repeat(100_000)}`, 400, 'too_deep'],
  ['an unsplit file', `{"Records":[${example},${example}]}`, 400, 'several_records'],
  ['more than a mebibyte', JSON.stringify({ message: 'SECRET'.repeat(300_000) }), 413, 'body_too_large'],
];

describe('what cannot be answered is refused', () => {
  test.each(refusals)(
    '%s: a problem with a code, and nothing of the input in it',
    async (_name, body, status, code) => {
      const response = await post(body);
      expect(response.statusCode).toBe(status);
      expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(response.json()).toMatchObject({ status, code, title: expect.any(String) });
      expect(response.body).not.toContain('SECRET');
      expect((await post(example)).statusCode).toBe(200);
    },
  );

  test('an unsplit file gets the hint to use the batch', async () => {
    expect((await post(`{"Records":[${example},${example}]}`)).json().title).toContain('/enrich/batch');
  });

  test.each(['/enrich?x=1', '/enrich/'])(
    'GET %s is 405 with the setting that Logstash needs',
    async (url) => {
      const response = await service.app.inject({ method: 'GET', url });
      expect(response.statusCode).toBe(405);
      expect(response.headers['allow']).toBe('POST');
      expect(response.json().detail).toContain('verb => "POST"');
    },
  );

  test('keys named __proto__ are ignored, and the record is answered', async () => {
    const poisoned = `{"__proto__":{"eventName":"DeleteTrail"},${example.trimStart().slice(1)}`;
    const response = await post(poisoned);
    expect(response.statusCode).toBe(200);
    expect(response.json().action.iam).toEqual(['iam:CreatePolicyVersion']);
  });
});
