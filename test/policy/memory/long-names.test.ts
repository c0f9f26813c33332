import { expect, test } from 'vitest';
import { testService } from '../../service.ts';

const service = testService();
const LONG = 'x'.repeat(100_000);

const event = (fields: object, parameters: object) => ({
  eventVersion: '1.11',
  eventSource: 'iam.amazonaws.com',
  eventName: 'PutUserPolicy',
  eventTime: '2026-03-01T10:00:00Z',
  eventID: '11111111-2222-4333-8444-555555555555',
  awsRegion: 'us-east-1',
  recipientAccountId: '111122223333',
  userIdentity: { type: 'IAMUser', userName: 'alice', accountId: '111122223333' },
  requestParameters: {
    userName: 'alice',
    policyName: 'all',
    policyDocument: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }),
    ...parameters,
  },
  ...fields,
});

const remembered = async (body: object) => {
  const before = service.context.memory.policies.size;
  const { statusCode } = await service.app.inject({ method: 'POST', url: '/enrich', payload: body });
  return [statusCode, service.context.memory.policies.size - before];
};

test.each([
  ['policy', {}, { policyName: LONG }],
  ['user', {}, { userName: LONG }],
  ['event', { eventID: LONG }, {}],
  ['account', { recipientAccountId: LONG }, {}],
])(
  'a name of a hundred kilobytes for its %s is answered, and not remembered',
  async (_name, fields, parameters) => {
    expect(await remembered(event(fields, parameters))).toEqual([200, 0]);
  },
);

test('the same with names as AWS allows them is remembered', async () => {
  expect(await remembered(event({}, {}))).toEqual([200, 2]);
});
