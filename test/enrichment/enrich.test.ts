import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createContext } from '../../src/context.ts';
import { enrich } from '../../src/enrichment/enrich.ts';
import { parseRecord } from '../../src/event/parse-record.ts';

const EVENT = {
  eventTime: '2026-11-24T10:00:00Z',
  eventSource: 'iam.amazonaws.com',
  eventName: 'PutRolePolicy',
  eventID: 'e1',
  sourceIPAddress: '203.0.113.10',
  userIdentity: { type: 'Root', principalId: '111122223333', accountId: '111122223333' },
  requestParameters: { roleName: 'Deploy', policyName: 'all', policyDocument: '{"Statement":[]}' },
};

test('a look-up that fails while policies are waited for is an answer that fails, and nothing unhandled', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const { enrichment } = createContext(loadConfig({}));
  const answer = enrich(parseRecord(EVENT), {
    ...enrichment,
    policies: {
      ...enrichment.policies,
      withMemory: () => new Promise((resolve) => setTimeout(() => resolve(undefined as never), 20)),
    },
    sessions: {
      exchange: () => Promise.reject(new Error('no session')),
      catchUp: () => undefined,
    },
  });
  await expect(answer).rejects.toThrow('no session');
  await new Promise((resolve) => setTimeout(resolve, 40));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});
