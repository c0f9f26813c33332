import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/event/json.ts';
import { textsOf } from '../../src/session/small-set.ts';
import { ask, newStore, rowsOf } from './trail.ts';

const MAX = 1000;
const FLOOD = 5 * MAX;

function issuance(user: string, key: string, session: string): JsonObject {
  return {
    eventTime: '2026-11-24T10:00:00Z',
    eventID: `issue-${key}`,
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    recipientAccountId: '111122223333',
    sourceIPAddress: '203.0.113.10',
    userAgent: 'aws-cli/2.15.0',
    userIdentity: {
      type: 'IAMUser',
      principalId: `AIDAEXAMPLE${user.toUpperCase()}`,
      arn: `arn:aws:iam::111122223333:user/${user}`,
      accountId: '111122223333',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    },
    requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/Shared', roleSessionName: session },
    responseElements: {
      credentials: { accessKeyId: key, expiration: 'Nov 24, 2026, 1:00:00 PM' },
      assumedRoleUser: {
        assumedRoleId: `AROAEXAMPLESHARED:${session}`,
        arn: `arn:aws:sts::111122223333:assumed-role/Shared/${session}`,
      },
    },
  };
}

function use(key: string, session: string): JsonObject {
  return {
    eventTime: '2026-11-24T10:05:00Z',
    eventID: `use-${key}`,
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    sourceIPAddress: '203.0.113.10',
    userAgent: 'aws-cli/2.15.0',
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROAEXAMPLESHARED:${session}`,
      arn: `arn:aws:sts::111122223333:assumed-role/Shared/${session}`,
      accountId: '111122223333',
      accessKeyId: key,
      sessionContext: { attributes: { creationDate: '2026-11-24T10:00:00Z' } },
    },
  };
}

const OF_CONSOLE: JsonObject = {
  sourceIPAddress: '203.0.113.10',
  userAgent: 'aws-cli/2.32.0',
  recipientAccountId: '111122223333',
  userIdentity: {
    type: 'IAMUser',
    principalId: 'AIDAEXAMPLEALICE',
    arn: 'arn:aws:iam::111122223333:user/alice',
    accountId: '111122223333',
    userName: 'alice',
    signInSessionArn: 'arn:aws:signin:eu-west-1:111122223333:session/0123-abcd',
    sessionContext: { attributes: { creationDate: '2026-11-24T10:02:00Z' } },
  },
};

const SIGN_IN: JsonObject = {
  ...OF_CONSOLE,
  eventTime: '2026-11-24T10:00:00Z',
  eventID: 'sign-in',
  eventSource: 'signin.amazonaws.com',
  eventName: 'CreateOAuth2Token',
};

const IN_CONSOLE: JsonObject = {
  ...OF_CONSOLE,
  eventTime: '2026-11-24T10:05:00Z',
  eventID: 'in-console',
  eventSource: 's3.amazonaws.com',
  eventName: 'ListBuckets',
};

function floodKey(i: number): string {
  return `ASIAFLOOD${String(i).padStart(11, '0')}`;
}

const VICTIM = 'ASIAEXAMPLEVICTIM001';

test.each([
  ['each used once', true],
  ['never used', false],
])(
  'five times as many issuances as there is room for, all by one principal and %s, do not evict a session in use by another',
  (_, isUsed) => {
    const store = newStore(MAX);
    ask(store, issuance('alice', VICTIM, 'alice'));
    ask(store, use(VICTIM, 'alice'));
    for (let i = 0; i < FLOOD; i++) {
      ask(store, issuance('mallory', floodKey(i), `m${i}`));
      if (isUsed) ask(store, use(floodKey(i), `m${i}`));
    }
    expect(store.entries).toBeLessThanOrEqual(MAX * 2);
    expect(ask(store, use(VICTIM, 'alice')).origin).toMatchObject({ status: 'found', join: 'access_key' });
    expect(ask(store, use(floodKey(FLOOD - 1), `m${FLOOD - 1}`)).origin?.status).toBe('found');
    const evicted = ask(store, use(floodKey(FLOOD - MAX - 100), `m${FLOOD - MAX - 100}`)).origin;
    expect(evicted).toMatchObject({ status: 'unknown', reason: 'evicted' });
    expect(store.evictions).toBeGreaterThan(FLOOD - MAX);
  },
);

test('what a service does with a web identity is one session, whatever keys it signs with', async () => {
  const store = newStore(MAX);
  for (let i = 0; i < 100; i++) {
    const event = use(`ASIAEXAMPLESERVICE${i}`, 'pod');
    const identity = event['userIdentity'] as JsonObject;
    const sessionContext = {
      ...(identity['sessionContext'] as JsonObject),
      webIdFederationData: { federatedProvider: 'arn:aws:iam::111122223333:oidc-provider/oidc.example' },
    };
    await ask(store, {
      ...event,
      eventID: `kms-${i}`,
      sourceIPAddress: 's3.amazonaws.com',
      userIdentity: { ...identity, sessionContext, invokedBy: 's3.amazonaws.com' },
    });
  }
  expect(store.entries).toBe(1);
});

test('of the sessions of many principals those give way that were not used again', () => {
  const store = newStore(100);
  for (let i = 0; i < 100; i++) {
    ask(store, issuance(`user${i}`, floodKey(i), `s${i}`));
    ask(store, use(floodKey(i), `s${i}`));
  }
  ask(store, use(floodKey(0), 's0'));
  for (let i = 100; i < 150; i++) {
    ask(store, issuance(`user${i}`, floodKey(i), `s${i}`));
    ask(store, use(floodKey(i), `s${i}`));
  }
  expect(ask(store, use(floodKey(0), 's0')).origin?.status).toBe('found');
  expect(ask(store, use(floodKey(1), 's1')).origin).toMatchObject({ status: 'unknown', reason: 'evicted' });
});

test('a sign-in, which no access key shows in use, does not give way to keys that nobody uses', () => {
  const store = newStore(100);
  ask(store, SIGN_IN);
  ask(store, IN_CONSOLE);
  for (let i = 0; i < 300; i++) ask(store, issuance(`user${i}`, floodKey(i), `s${i}`));
  expect(ask(store, IN_CONSOLE).origin).toMatchObject({ status: 'found', join: 'signin_session' });
});

test('a session is forgotten a day after its credential expired, by the clock of the service', () => {
  const hour = 3_600_000;
  const learnedAt = Date.parse('2026-12-31T00:00:00Z');
  const store = newStore();
  ask(store, issuance('alice', VICTIM, 'alice'), { now: () => learnedAt });
  const at = (hours: number) => ({ now: () => learnedAt + hours * hour, learn: false });
  expect(ask(store, use(VICTIM, 'alice'), at(26)).origin?.status, 'a replay of old files is kept too').toBe(
    'found',
  );
  expect(ask(store, use(VICTIM, 'alice'), at(28)).origin?.status).toBe('unknown');
});

test('parents live as long as their children', () => {
  const hour = 3_600_000;
  const start = Date.parse('2026-11-24T12:00:00Z');
  const store = newStore();
  ask(store, issuance('alice', 'ASIAEXAMPLEPARENT001', 'parent'), { now: () => start });
  const child = {
    ...issuance('alice', 'ASIAEXAMPLECHILD0001', 'child'),
    userIdentity: (use('ASIAEXAMPLEPARENT001', 'parent') as { userIdentity: JsonObject }).userIdentity,
  };
  ask(store, child, { now: () => start + 20 * hour });
  // By itself the parent is kept until hour 47.
  ask(store, use('ASIAEXAMPLECHILD0001', 'child'), { now: () => start + 40 * hour });
  const answer = ask(store, use('ASIAEXAMPLECHILD0001', 'child'), {
    now: () => start + 60 * hour,
    learn: false,
  });
  expect(answer.origin).toMatchObject({ status: 'found', chain_depth: 2, root: { type: 'IAMUser' } });
});

test('who made a long-term key is known for more than a year, up to where the chain began', () => {
  const day = 24 * 3_600_000;
  const start = Date.parse('2026-11-24T12:00:00Z');
  const store = newStore();
  ask(store, issuance('alice', 'ASIAEXAMPLEPARENT001', 'parent'), { now: () => start });
  const made = {
    ...use('ASIAEXAMPLEPARENT001', 'parent'),
    eventID: 'made',
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateAccessKey',
    responseElements: { accessKey: { accessKeyId: 'AKIAEXAMPLEMADE00001', userName: 'backup' } },
  };
  ask(store, made, { now: () => start });
  const later = {
    ...use('AKIAEXAMPLEMADE00001', 'none'),
    userIdentity: { type: 'IAMUser', accountId: '111122223333', accessKeyId: 'AKIAEXAMPLEMADE00001' },
  };
  const at = (days: number) => ({ now: () => start + days * day, learn: false });
  expect(ask(store, later, at(399)).origin).toMatchObject({ join: 'created_key', chain_depth: 2 });
  expect(ask(store, later, at(401)).origin).toMatchObject({ join: 'created_key', chain_depth: 1 });
});

test('a session without an issuance is remembered for 60 hours after its last use', () => {
  const hour = 3_600_000;
  const start = Date.parse('2026-11-24T12:00:00Z');
  const store = newStore();
  ask(store, { ...use(VICTIM, 'alice'), sourceIPAddress: '198.51.100.200' }, { now: () => start });
  const later = { ...use(VICTIM, 'alice'), eventID: 'later', eventTime: '2026-11-24T10:06:00Z' };
  const at = (hours: number) => ({ now: () => start + hours * hour, learn: false });
  expect(ask(store, later, at(60)).source_check).toMatchObject({ verdict: 'different_source' });
  expect(ask(store, later, at(61)).source_check).toMatchObject({ verdict: 'origin_unknown' });
});

test('uses that await their issuance are named in bounded memory, and counted beyond it', () => {
  const store = newStore(100);
  for (let session = 0; session < 50; session++) {
    for (let i = 0; i < 20; i++)
      ask(store, { ...use(VICTIM, `s${session}`), eventID: `use-${session}-${i}` });
  }
  let named = 0;
  let unnamed = 0;
  for (const row of rowsOf(store)) {
    if (row.kind !== 'session') continue;
    named += textsOf(row.facts.pending).length;
    unnamed += row.facts.pendingUnnamed;
  }
  expect(named).toBe(400);
  expect(unnamed).toBe(600);
});

test('a hundred pending uses are named, and the others counted', () => {
  const store = newStore();
  for (let i = 0; i < 130; i++) {
    ask(store, { ...use(VICTIM, 'alice'), eventID: `use-${String(i).padStart(3, '0')}` });
  }
  const { issued } = ask(store, issuance('alice', VICTIM, 'alice'));
  expect(issued?.pending_event_ids).toHaveLength(100);
  expect(issued?.pending_count).toBe(130);
});
