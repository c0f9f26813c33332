import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_KNOWLEDGE, NOW } from '../../harness/session-events.ts';
import { composeIssued, composeOrigin, composeSourceCheck } from '../../src/enrichment/compose-origin.ts';
import { composeSession } from '../../src/enrichment/compose-session.ts';
import { parseRecord } from '../../src/event/parse-record.ts';
import { recallSession } from '../../src/session/recall-session.ts';
import { learnSession, traceSession } from '../../src/session/trace-session.ts';
import { SESSION_CALLS } from './session-calls.ts';
import { newStore, TEST_NETWORKS } from './trail.ts';

const KEY = 'ASIAEXAMPLE000000001';

/** Values that are almost right, and some that are not at all. */
const VALUE = fc.oneof(
  fc.constantFrom<unknown>(
    KEY,
    'AKIAEXAMPLE000000001',
    'AROAEXAMPLE:one',
    'AROAEXAMPLE:i-0123456789abcdef0',
    '__proto__',
    'constructor',
    'arn:aws:iam::111122223333:role/Deploy',
    'arn:',
    '2026-11-24T10:00:00Z',
    '0000-00-00T00:00:00Z',
    '9999-12-31T23:59:59Z',
    'Nov 24, 2026, 1:00:00 PM',
    '203.0.113.10',
    '2001:db8:1::5',
    'AWS Internal',
    'true',
    '',
    ' ',
    '@',
    '\u0000',
    'x'.repeat(100_000),
    null,
    Number.NaN,
    -1,
    1e308,
    [],
    {},
  ),
  fc.anything({ maxDepth: 2 }),
);

const PLACES = [
  ['eventTime'],
  ['eventID'],
  ['sharedEventID'],
  ['sourceIPAddress'],
  ['userAgent'],
  ['vpcEndpointId'],
  ['vpcEndpointAccountId'],
  ['sessionCredentialFromConsole'],
  ['recipientAccountId'],
  ['userIdentity'],
  ['userIdentity', 'type'],
  ['userIdentity', 'principalId'],
  ['userIdentity', 'arn'],
  ['userIdentity', 'accountId'],
  ['userIdentity', 'accessKeyId'],
  ['userIdentity', 'userName'],
  ['userIdentity', 'invokedBy'],
  ['userIdentity', 'inScopeOf'],
  ['userIdentity', 'onBehalfOf'],
  ['userIdentity', 'sessionContext'],
  ['userIdentity', 'sessionContext', 'attributes', 'creationDate'],
  ['userIdentity', 'sessionContext', 'sourceIdentity'],
  ['userIdentity', 'sessionContext', 'signInSessionArn'],
  ['userIdentity', 'sessionContext', 'ec2RoleDelivery'],
  ['requestParameters'],
  ['requestParameters', 'roleArn'],
  ['requestParameters', 'roleSessionName'],
  ['requestParameters', 'durationSeconds'],
  ['requestParameters', 'targetPrincipal'],
  ['requestParameters', 'userName'],
  ['responseElements'],
  ['responseElements', 'credentials'],
  ['responseElements', 'credentials', 'accessKeyId'],
  ['responseElements', 'credentials', 'expiration'],
  ['responseElements', 'assumedRoleUser'],
  ['responseElements', 'assumedRoleUser', 'assumedRoleId'],
  ['responseElements', 'accessKey', 'accessKeyId'],
  ['responseElements', 'loginProfile', 'userName'],
  ['responseElements', 'credentialSet'],
  ['responseElements', 'credentialSet', '0'],
  ['responseElements', 'credentialSet', '0', 'credentials'],
  ['additionalEventData'],
  ['additionalEventData', 'SwitchFrom'],
  ['additionalEventData', 'signInSessionArn'],
] as const;

function usual(eventSource: string, eventName: string) {
  return {
    eventSource,
    eventName,
    eventTime: '2026-11-24T10:00:00Z',
    eventID: 'e-1',
    sourceIPAddress: '203.0.113.10',
    userAgent: 'aws-cli/2.15.0',
    recipientAccountId: '111122223333',
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:one',
      arn: 'arn:aws:sts::111122223333:assumed-role/Deploy/one',
      accountId: '111122223333',
      accessKeyId: KEY,
      sessionContext: { attributes: { creationDate: '2026-11-24T10:00:00Z' } },
    },
    requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/Deploy', roleSessionName: 'one' },
    responseElements: {
      credentials: { accessKeyId: KEY },
      assumedRoleUser: {
        assumedRoleId: 'AROAEXAMPLE:one',
        arn: 'arn:aws:sts::111122223333:assumed-role/Deploy/one',
      },
      ...(eventName === 'CreateSession' && { credentialSet: [{ credentials: { accessKeyId: KEY } }] }),
    },
    additionalEventData: { SwitchFrom: 'arn:aws:iam::111122223333:user/alice' },
  };
}

function put(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = target[key];
  if (typeof inner === 'object' && inner !== null) put(inner as Record<string, unknown>, rest, value);
}

const RECORD = fc
  .tuple(
    fc.constantFrom(...SESSION_CALLS),
    fc.array(fc.tuple(fc.constantFrom(...PLACES), VALUE), { maxLength: 5 }),
  )
  .map(([[eventSource, eventName], changes]) => {
    const record = structuredClone(usual(eventSource, eventName)) as Record<string, unknown>;
    for (const [path, value] of changes) put(record, path, value);
    return record;
  });

test('whatever a record holds, it is answered, and the answer is JSON', () => {
  fc.assert(
    fc.property(fc.array(RECORD, { maxLength: 8 }), (records) => {
      const store = newStore(100);
      for (const source of [...records, ...records]) {
        const parsed = parseRecord(source);
        if (!parsed.ok) continue;
        learnSession(parsed.record, store, NOW);
        const trace = traceSession(parsed.record, store, {
          ...NO_KNOWLEDGE,
          now: () => NOW,
          learn: true,
          networks: TEST_NETWORKS,
        });
        if (trace instanceof Promise) throw new Error('the memory store answers at once');
        const answer = {
          origin: trace.origin && composeOrigin(trace.origin),
          sourceCheck: trace.sourceCheck && composeSourceCheck(trace.sourceCheck),
          issued: trace.issued && composeIssued(trace.issued),
        };
        expect(JSON.stringify(answer)).not.toContain('null,"root');
        expect(answer.origin?.status === 'unknown' && answer.origin.reason === undefined).toBe(false);
      }
      for (const key of [KEY, '', '@', '__proto__']) {
        const recalled = recallSession(store, key, NOW);
        if (recalled !== undefined && !(recalled instanceof Promise))
          JSON.stringify(composeSession(recalled));
      }
      expect(() => [...store.dump()].map((row) => JSON.stringify(row))).not.toThrow();
    }),
    { numRuns: 500 },
  );
});

test('a key of one account is kept, however long the strings around it, in bounded memory', () => {
  const store = newStore(100);
  const huge = 'x'.repeat(1_000_000);
  const record = {
    ...usual('s3.amazonaws.com', 'ListBuckets'),
    userAgent: huge,
    eventID: huge,
    sharedEventID: huge,
  };
  const parsed = parseRecord(record);
  if (!parsed.ok) throw new Error('it is a record');
  const trace = traceSession(parsed.record, store, { ...NO_KNOWLEDGE, now: () => NOW, learn: true });
  if (trace instanceof Promise || trace.origin === undefined)
    throw new Error('the memory store answers at once');
  expect(JSON.stringify(composeOrigin(trace.origin)).length).toBeLessThan(10_000);
  expect(JSON.stringify([...store.dump()]).length).toBeLessThan(10_000);
});
