import { describe, expect, test } from 'vitest';
import { testService } from '../service.ts';
import stories from './policy-risk.cases.json' with { type: 'json' };

/** One call, by an administrator of account 111122223333 if nobody else is said. */
interface Call {
  /** Service of the event source, and event name. */
  readonly call: string;
  /** Name of the user who calls. */
  readonly by?: string;
  /** The service that calls in the user's name. */
  readonly invokedBy?: string;
  readonly request: Readonly<Record<string, unknown>>;
}

interface Story {
  readonly name: string;
  /** What went before. */
  readonly before?: readonly Call[];
  readonly event: Call;
  readonly level: string;
  /** One of them is the reason. */
  readonly reason?: string;
  /** A technique of ATT&CK, or `none`. */
  readonly technique?: string;
  /** One that it must not have. */
  readonly withoutTechnique?: string;
  /** The part of the answer's `policy` that matters; null where there is none. */
  readonly policy?: Readonly<Record<string, unknown>> | null;
}

const service = testService();
let count = 0;

function record({ call, by = 'admin', invokedBy, request }: Call) {
  const [service, eventName] = call.split(':');
  count += 1;
  return {
    eventVersion: '1.11',
    eventID: `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
    eventTime: new Date(Date.UTC(2026, 2, 1, 10, 0, count)).toISOString(),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    eventType: 'AwsApiCall',
    awsRegion: 'eu-west-1',
    recipientAccountId: '111122223333',
    sourceIPAddress: '203.0.113.7',
    userIdentity: {
      type: 'IAMUser',
      userName: by,
      arn: `arn:aws:iam::111122223333:user/${by}`,
      accountId: '111122223333',
      ...(invokedBy !== undefined && { invokedBy }),
    },
    requestParameters: request,
    responseElements: null,
  };
}

async function enrich(call: Call) {
  const response = await service.app.inject({ method: 'POST', url: '/enrich', payload: record(call) });
  return response.json();
}

describe('the risk of calls that carry, move, give or take away access', () => {
  test.each(stories as readonly Story[])('$name: $level', async (story) => {
    for (const call of story.before ?? []) await enrich(call);
    const { risk, policy, threat } = await enrich(story.event);
    expect(risk.level, JSON.stringify({ risk, policy })).toBe(story.level);
    if (story.reason !== undefined) expect(risk.reasons).toContain(story.reason);
    const techniques: string[] = threat?.technique.id ?? ['none'];
    if (story.technique !== undefined) expect(techniques).toContain(story.technique);
    if (story.withoutTechnique !== undefined) expect(techniques).not.toContain(story.withoutTechnique);
    if (story.policy === null) expect(policy).toBeUndefined();
    if (story.policy) expect(policy).toMatchObject(story.policy);
  });
});
