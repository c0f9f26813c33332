import { describe, expect, test } from 'vitest';
import rows from '../../data/curated/telling-calls.json' with { type: 'json' };
import { testService } from '../service.ts';
import { tables } from '../shipped-tables.ts';
import { callOfUser } from './call-of-user.ts';
import cases from './telling-calls.cases.json' with { type: 'json' };

interface Case {
  /** Service of the event source, and event name. */
  readonly call: string;
  readonly says: string;
  /** Whether a row of the table is among the reasons. */
  readonly tells: boolean;
  readonly request: unknown;
  /** userIdentity of the caller; a user where it is left out. */
  readonly by?: object;
  readonly level: string;
  readonly categories: readonly string[];
  readonly techniques: readonly string[];
  readonly invokedBy?: string;
  /** The end of the ARN of the session's role; a user calls where there is none. */
  readonly role?: string;
}

const service = testService();

type Call = Pick<Case, 'call' | 'request' | 'by' | 'invokedBy' | 'role'>;

async function enrich({ call, request, by, invokedBy, role }: Call, suffix = 'amazonaws.com') {
  const identity = role === undefined ? by : sessionOf(role, invokedBy);
  const payload = callOfUser(call, request, identity && { userIdentity: identity }, suffix);
  return (await service.app.inject({ method: 'POST', url: '/enrich', payload })).json();
}

type Told = Awaited<ReturnType<typeof enrich>>;

function sessionOf(role: string, invokedBy: string | undefined) {
  const arn = `arn:aws:iam::111122223333:${role}`;
  const sessionContext = { sessionIssuer: { type: 'Role', arn, accountId: '111122223333' } };
  return { type: 'AssumedRole', accountId: '111122223333', invokedBy, sessionContext };
}

const REASONS = new Set(rows.map(({ reason }) => reason));
const OF_ACCOUNTS = new Set(
  rows.filter(({ tests }) => tests.some((one) => 'otherAccount' in one)).map(({ reason }) => reason),
);
const all = cases as readonly Case[];

/** Of another account, or its own where that is what the case is about. */
function namesAccount({ says, request }: Case): boolean {
  const text = JSON.stringify(request);
  return text.includes('444455556666') || (says.includes('account') && text.includes(':111122223333:'));
}

function techniquesOf({ mitre = [] }: Told): string[] {
  const ids: string[] = mitre.map((pair: { technique_id: string }) => pair.technique_id);
  return [...new Set(ids)];
}

describe('a call is judged by what its parameters tell', () => {
  test.each(all)('$call: $says', async (one) => {
    const told = await enrich(one);
    expect({
      level: told.risk.action_level,
      categories: [...told.risk.categories].sort(),
      techniques: techniquesOf(told),
      tells: told.risk.reasons.some((reason: string) => REASONS.has(reason)),
    }).toEqual({
      level: one.level,
      categories: [...one.categories].sort(),
      techniques: one.techniques,
      tells: one.tells,
    });
  });

  test('the same call is judged the same in every partition, and each time', async () => {
    const one = all.find(({ call, tells }) => call === 'guardduty:UpdateDetector' && tells) as Case;
    for (const suffix of ['amazonaws.com.cn', 'amazonaws.com', 'amazonaws.com'])
      expect((await enrich(one, suffix)).risk).toMatchObject({ action_level: 'critical', score: 90 });
  });

  test.each(all.filter(namesAccount))(
    'no account tells anything where the record names none of its own: $call: $says',
    async ({ call, request, by }) => {
      const nameless = {
        recipientAccountId: undefined,
        userIdentity: by ?? { type: 'IAMUser', userName: 'admin' },
      };
      const payload = callOfUser(call, request, nameless);
      const told = (await service.app.inject({ method: 'POST', url: '/enrich', payload })).json();
      expect(told.risk.reasons.filter((reason: string) => OF_ACCOUNTS.has(reason))).toEqual([]);
    },
  );

  test('a way to gain privileges goes with its category', async () => {
    const [type, userData] = await Promise.all(
      all.filter(({ call }) => call === 'ec2:ModifyInstanceAttribute').map((one) => enrich(one)),
    );
    expect(type.risk.methods).toEqual([]);
    expect(userData.risk.methods.length).toBeGreaterThan(0);
  });

  test.each(['ssm:UpdateServiceSetting', 'ssm:RegisterDefaultHostManagementConfiguration'])(
    'a role for all machines is no watch that sees less: %s',
    async (call) => {
      const one = all.find(
        (other) => other.call === call && other.says === 'a role for all machines',
      ) as Case;
      const [reason, ...others] = (await enrich(one)).risk.reasons;
      expect(reason).toContain('every instance without a profile is managed under that role.');
      expect(others).toEqual([]);
    },
  );

  test('as its name tells where nothing was logged', async () => {
    for (const call of new Set(all.map((one) => one.call))) {
      const { risk } = await enrich({ call, request: null });
      expect(
        risk.reasons.some((reason: string) => REASONS.has(reason)),
        call,
      ).toBe(false);
    }
  });
});

describe('the table of telling calls', () => {
  const named = rows.flatMap(({ eventSource, events }) =>
    events.map((event) => [eventSource, event] as const),
  );

  test('names calls that are known', () => {
    const unknown = named.filter(
      ([source, name]) => tables.calls.find(source, name).event.rule === undefined,
    );
    expect(unknown).toEqual([]);
  });

  test('takes away only what the call has', () => {
    const wrong = rows.flatMap(({ eventSource, events, less, reason }) =>
      events
        .filter((name) => {
          const { event, threat } = tables.calls.find(eventSource, name);
          const { categories } = tables.risks.ofCall(event.rule?.actions ?? [], name);
          const techniques = threat?.techniques.map(({ technique }) => technique) ?? [];
          return (
            !(less?.techniques ?? []).every((id) => techniques.includes(id)) ||
            !(less?.categories ?? []).every((id) => categories.some((category) => category === id))
          );
        })
        .map((name) => `${name}: ${reason}`),
    );
    expect(wrong).toEqual([]);
  });

  test('says of rules that may be of either direction that they are', () => {
    const reasons = rows
      .filter(({ events }) => events.includes('ModifySecurityGroupRules'))
      .map(({ reason }) => reason);
    expect(reasons.filter((reason) => !reason.includes('to or from the whole internet'))).toEqual([]);
  });

  test("speaks of a load balancer's bucket only where the call names a log", async () => {
    const silent = all.filter(
      ({ call, request }) =>
        call === 'elasticloadbalancing:ModifyLoadBalancerAttributes' && !/log/i.test(JSON.stringify(request)),
    );
    expect(silent.length).toBeGreaterThan(0);
    for (const one of silent) expect((await enrich(one)).risk.reasons.join()).not.toContain('bucket');
  });

  test('has a case for each reason', async () => {
    const told = await Promise.all(all.map((one) => enrich(one)));
    const reasons = new Set(told.flatMap(({ risk }) => risk.reasons));
    expect([...REASONS].filter((reason) => !reasons.has(reason))).toEqual([]);
  });
});
