import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/event/json.ts';
import { permutations } from './session-cases.ts';
import { ask, newStore, TEST_NETWORKS } from './trail.ts';

const BROKER = '203.0.113.10';
const THIEF = '198.51.100.200';
const NETWORKS = { networks: TEST_NETWORKS };

const ISSUED = {
  eventVersion: '1.11',
  userIdentity: {
    type: 'IAMUser',
    principalId: 'AIDAEXAMPLEBROKER0001',
    arn: 'arn:aws:iam::111122223333:user/broker',
    accountId: '111122223333',
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    userName: 'broker',
  },
  eventTime: '2026-11-24T10:00:00Z',
  eventSource: 'sts.amazonaws.com',
  eventName: 'AssumeRole',
  awsRegion: 'eu-west-1',
  sourceIPAddress: BROKER,
  userAgent: 'Boto3/1.34',
  eventID: 'issued',
  recipientAccountId: '111122223333',
  requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/Console', roleSessionName: 'one' },
  responseElements: {
    credentials: { accessKeyId: 'ASIAEXAMPLE000000001', expiration: 'Nov 24, 2026, 4:00:00 PM' },
    assumedRoleUser: {
      assumedRoleId: 'AROAEXAMPLECONSOLE001:one',
      arn: 'arn:aws:sts::111122223333:assumed-role/Console/one',
    },
  },
};

function made(accessKeyId: string, eventTime: string, eventID: string, sourceIPAddress: string) {
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLECONSOLE001:one',
      arn: 'arn:aws:sts::111122223333:assumed-role/Console/one',
      accountId: '111122223333',
      accessKeyId,
      sessionContext: { attributes: { creationDate: '2026-11-24T10:00:00Z', mfaAuthenticated: 'false' } },
    },
    eventTime,
    eventID,
    awsRegion: 'eu-west-1',
    sourceIPAddress,
    recipientAccountId: '111122223333',
  };
}

function asked(eventTime: string, eventID: string, address: string) {
  return {
    ...made('ASIAEXAMPLE000000001', eventTime, eventID, address),
    eventSource: 'signin.amazonaws.com',
    eventName: 'GetSigninToken',
    userAgent: 'python-requests/2.31',
    responseElements: { credentials: null, GetSigninToken: 'Success' },
  };
}

const OWN_TOKENS = ['01', '02', '03', '04'].map((minute) =>
  asked(`2026-11-24T10:${minute}:00Z`, `own-${minute}`, BROKER),
);
const THIEFS_TOKEN = asked('2026-11-24T10:05:00Z', 'thief', THIEF);
const IN_CONSOLE = {
  ...made('ASIAEXAMPLE000000002', '2026-11-24T10:06:00Z', 'in-console', THIEF),
  eventSource: 's3.amazonaws.com',
  eventName: 'ListBuckets',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
  sessionCredentialFromConsole: 'true',
};

function verdictsInAllOrders(events: readonly JsonObject[]): unknown[] {
  const verdicts = new Set<unknown>();
  for (const order of permutations(events)) {
    const store = newStore(20);
    for (const event of order) ask(store, event, NETWORKS);
    verdicts.add(ask(store, IN_CONSOLE, NETWORKS).source_check?.verdict);
  }
  return [...verdicts];
}

test("a thief's sign-in token is not forgotten, however many the broker asked for, in any order of delivery", () => {
  const events = [ISSUED, ...OWN_TOKENS, THIEFS_TOKEN, IN_CONSOLE];
  expect(verdictsInAllOrders(events)).toEqual(['different_source_and_client']);
});

test("a broker's user may be anywhere, however many tokens it asked for, in any order of delivery", () => {
  expect(verdictsInAllOrders([ISSUED, ...OWN_TOKENS, IN_CONSOLE])).toEqual(['first_use']);
});
