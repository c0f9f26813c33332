import { describe, expect, test } from 'vitest';
import rows from '../../data/curated/harmless-calls.json' with { type: 'json' };
import { isAtLeast } from '../../src/tables/risk-table.ts';
import { testService } from '../service.ts';
import { tables } from '../shipped-tables.ts';
import { callOfUser } from './call-of-user.ts';
import cases from './harmless-calls.cases.json' with { type: 'json' };

interface Case {
  /** Service of the event source, and event name. */
  readonly call: string;
  readonly says: string;
  readonly harmless: boolean;
  readonly request: unknown;
  readonly invokedBy?: string;
  /** The end of the ARN of the session's role; a user calls where there is none. */
  readonly role?: string;
}

const service = testService();

function identity({ invokedBy, role }: Case) {
  const called = { accountId: '111122223333', ...(invokedBy !== undefined && { invokedBy }) };
  if (role === undefined)
    return { ...called, type: 'IAMUser', userName: 'admin', arn: 'arn:aws:iam::111122223333:user/admin' };
  const arn = `arn:aws:iam::111122223333:${role}`;
  return {
    ...called,
    type: 'AssumedRole',
    sessionContext: { sessionIssuer: { type: 'Role', arn, accountId: '111122223333' } },
  };
}

async function enrich(one: Case, suffix = 'amazonaws.com') {
  const changes = {
    userIdentity: identity(one),
    ...(one.invokedBy !== undefined && { sourceIPAddress: one.invokedBy }),
  };
  const payload = callOfUser(one.call, one.request, changes, suffix);
  return (await service.app.inject({ method: 'POST', url: '/enrich', payload })).json();
}

type Told = Pick<Awaited<ReturnType<typeof enrich>>, 'risk' | 'threat'>;

/** Few calls that can do harm have no technique, as one that lends a network interface to another account. */
function canHarm({ risk, threat }: Told): boolean {
  return threat !== undefined || isAtLeast(risk.action_level, 'medium');
}

const REASONS = new Set(rows.map(({ reason }) => reason));
const all = cases as readonly Case[];

describe('a call whose parameters say that it sets up, keeps or ends nothing', () => {
  test.each(all.filter(({ harmless }) => harmless))('$call: $says', async (one) => {
    const { risk, threat, mitre } = await enrich(one);
    expect(risk).toMatchObject({ action_level: 'low', level: 'low', categories: [], methods: [] });
    expect(risk.services.length).toBeGreaterThan(0);
    expect(risk.reasons.some((reason: string) => REASONS.has(reason))).toBe(true);
    expect({ threat, mitre }).toEqual({});
  });

  test('is so in every partition too', async () => {
    const { risk } = await enrich(all[0] as Case, 'amazonaws.com.cn');
    expect(risk.level).toBe('low');
  });
});

describe('the same call stays what it can be', () => {
  test.each(all.filter(({ harmless }) => !harmless))('$call: $says', async (one) => {
    const { risk, threat } = await enrich(one);
    expect(risk.reasons.some((reason: string) => REASONS.has(reason))).toBe(false);
    const unsaid = await enrich({ ...one, request: null });
    expect(isAtLeast(risk.action_level, unsaid.risk.action_level)).toBe(true);
    expect(canHarm({ risk, threat })).toBe(true);
  });

  test('without parameters, and with more of them than are looked through', async () => {
    for (const call of new Set(all.map((one) => one.call))) {
      expect(canHarm(await enrich({ call, says: '', harmless: false, request: null })), call).toBe(true);
    }
    const features = new Array(1000).fill({ name: 'S3_DATA_EVENTS', status: 'ENABLED' });
    const request = { detectorId: 'd', enable: true, features };
    const { threat } = await enrich({ call: 'guardduty:UpdateDetector', says: '', harmless: false, request });
    expect(threat).toBeDefined();
  });
});

describe('the table of harmless calls', () => {
  const named = rows.flatMap(({ eventSource, events }) =>
    events.map((event) => [eventSource, event] as const),
  );

  test.each(named)('%s %s is a call that can do harm', (eventSource, eventName) => {
    const { event, threat } = tables.calls.find(eventSource, eventName);
    const { level } = tables.risks.ofCall(event.rule?.actions ?? [], eventName);
    expect((threat?.techniques.length ?? 0) > 0 || isAtLeast(level, 'medium'), level).toBe(true);
  });

  test('says of a snapshot who set up what makes it, not who ended that', () => {
    const reasons = rows
      .filter(({ events }) => events.includes('CreateSnapshot'))
      .map(({ reason }) => reason);
    expect(reasons.filter((reason) => /\bended\b|\bon or off\b/.test(reason))).toEqual([]);
  });

  test('has for each reason a case that is harmless, and for each call one that is not', async () => {
    const told = await Promise.all(all.filter((one) => one.harmless).map((one) => enrich(one)));
    const reasons = new Set(told.flatMap(({ risk }) => risk.reasons));
    expect([...REASONS].filter((reason) => !reasons.has(reason))).toEqual([]);
    const harmful = new Set(all.filter((one) => !one.harmless).map(({ call }) => call));
    const harmless = new Set(all.filter((one) => one.harmless).map(({ call }) => call));
    const never = [...harmless].filter((call) => !harmful.has(call));
    expect(never).toEqual([]);
  });
});
