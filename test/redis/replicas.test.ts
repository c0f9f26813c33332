import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mulberry32 } from '../../harness/mulberry32.ts';
import { REDIS_VERSION, RedisServer } from '../../harness/redis-server.ts';
import { sessionEvents } from '../../harness/session-events.ts';
import { loadConfig } from '../../src/config.ts';
import { createContext } from '../../src/context.ts';
import { CANARY, SECRET_EVENTS } from '../session/secret-events.ts';
import { enrichAt, ReplicaContexts, watching } from './replica-contexts.ts';

const SESSIONS = 10_000;
const UNDER_WAY = 48;

describe.skipIf(REDIS_VERSION === undefined)('replicas that share a Redis', () => {
  let server: RedisServer;
  const contexts = new ReplicaContexts();
  const newContext = async () => watching(await contexts.start(server));
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(async () => {
    await contexts.stop();
    await server.stop();
  });

  test('three replicas with random routing answer ten thousand interleaved sessions as one with a memory', async () => {
    const replicas = await Promise.all([newContext(), newContext(), newContext()]);
    const memory = createContext(loadConfig({ DETRAILS_LOG_LEVEL: 'silent' }));
    const events = interleaved(sessionEvents({ sessions: SESSIONS, uses: 2, unissued: 0.1, chained: 4 }));
    let differences = 0;
    let found = 0;
    const random = mulberry32(1);
    const ask = async (event: (typeof events)[number]): Promise<void> => {
      const replica = replicas[Math.floor(random() * 3)] ?? memory;
      const answer = await enrichAt(replica, event.text);
      if (answer.origin?.status === 'found') found++;
      if (JSON.stringify(answer) !== event.expected) differences++;
    };
    for (const event of events) event.expected = JSON.stringify(await enrichAt(memory, event.text));
    // At once are only events of sessions that have nothing to do with each other, so that the order is the same.
    await Promise.all(events.slice(0, 1).map(ask));
    for (let i = 1; i < events.length; i += UNDER_WAY)
      await Promise.all(events.slice(i, i + UNDER_WAY).map(ask));
    expect(differences).toBe(0);
    expect(found).toBeGreaterThan(SESSIONS);
  });

  test('a policy that one replica was told of is known to the next', async () => {
    const [a, b] = [await newContext(), await newContext()];
    await enrichAt(a, putUserPolicy('s3:GetObject', '2026-11-24T08:00:00Z'));
    const { policy } = await enrichAt(b, putUserPolicy('iam:*', '2026-11-24T08:10:00Z'));
    expect(policy?.change?.known_before).toBe(true);
    expect(policy?.change?.added?.length).toBeGreaterThan(0);
  });

  test('no secret is in any row', async () => {
    const context = await newContext();
    for (const event of [...SECRET_EVENTS, ...SECRET_EVENTS]) await enrichAt(context, JSON.stringify(event));
    const answer = await enrichAt(context, putUserPolicy('iam:*', '2026-11-24T08:20:00Z', CANARY));
    expect(answer.policy?.analysed).toBe(true);
    const client = server.client();
    const keys = await client.keys('*');
    const rows = await client.mget(keys);
    client.disconnect();
    expect(keys.length).toBeGreaterThan(20);
    expect(rows.join('\n')).toContain('AIDAEXAMPLEALICE');
    expect(`${keys.join('\n')}${rows.join('\n')}`).not.toContain(CANARY);
  });

  test('every row of a session ends by itself', async () => {
    const client = server.client();
    const keys = await client.keys('*');
    const lives = await Promise.all(keys.map((key) => client.ttl(key)));
    client.disconnect();
    expect(Math.min(...lives)).toBeGreaterThan(0);
    const sessions = lives.filter((_, i) => keys[i]?.includes(':s:'));
    expect(Math.max(...sessions)).toBeLessThanOrEqual(62 * 3600);
  });
});

/** Ten times a thousand sessions side by side: first all that was issued, then all uses, as texts. */
function interleaved(events: ReturnType<typeof sessionEvents>): { text: string; expected: string }[] {
  const columns = Math.ceil(events.length / (UNDER_WAY * 4));
  const result: { text: string; expected: string }[] = [];
  for (let column = 0; column < columns; column++) {
    for (let i = column; i < events.length; i += columns)
      result.push({ text: JSON.stringify(events[i]), expected: '' });
  }
  return result;
}

function putUserPolicy(action: string, eventTime: string, sid = 'own'): string {
  const statement = { Sid: sid, Effect: 'Allow', Action: action, Resource: '*' };
  return JSON.stringify({
    eventVersion: '1.11',
    eventTime,
    eventID: `put-${eventTime}`,
    eventSource: 'iam.amazonaws.com',
    eventName: 'PutUserPolicy',
    awsRegion: 'us-east-1',
    recipientAccountId: '111122223333',
    sourceIPAddress: '198.51.100.1',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLEADMIN',
      arn: 'arn:aws:iam::111122223333:user/admin',
      accountId: '111122223333',
      userName: 'admin',
    },
    requestParameters: {
      userName: 'dev',
      policyName: 'own',
      policyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    },
  });
}
