import { outcomeOf } from '../../src/action/call-outcome.ts';
import { composePolicy } from '../../src/enrichment/compose-policy.ts';
import { parseRecord } from '../../src/event/parse-record.ts';
import { analyzeEventPolicy } from '../../src/policy/events/analyze-event-policy.ts';
import type { PolicyMemory } from '../../src/policy/memory/policy-memory.ts';
import { tables } from '../shipped-tables.ts';
import { analyzer } from './analyzer.ts';

/** One call, and the part of the answer's `policy` that matters; without `policy` there is none. */
export interface Call {
  readonly call: string;
  readonly source?: string;
  /** `user/...` or `role/...` of account 111122223333. */
  readonly by?: string;
  readonly error?: string;
  readonly request: Readonly<Record<string, unknown>> | null;
  readonly response?: Readonly<Record<string, unknown>>;
  readonly policy?: Readonly<Record<string, unknown>>;
  /** `code path` of each problem. */
  readonly problems?: readonly string[];
}

function identityOf(by: string) {
  const [type = '', name = ''] = by.split('/');
  const arn = `arn:aws:iam::111122223333:${by}`;
  if (type === 'user') return { type: 'IAMUser', userName: name, arn, accountId: '111122223333' };
  return {
    type: 'AssumedRole',
    arn: `arn:aws:sts::111122223333:assumed-role/${name}/session`,
    accountId: '111122223333',
    sessionContext: { sessionIssuer: { type: 'Role', userName: name, arn } },
  };
}

function recordOf(call: Call, minute: number) {
  const parsed = parseRecord({
    eventVersion: '1.11',
    eventID: `00000000-0000-4000-8000-${String(minute).padStart(12, '0')}`,
    eventTime: `2026-03-01T10:${String(minute).padStart(2, '0')}:00Z`,
    eventSource: call.source ?? 'iam.amazonaws.com',
    eventName: call.call,
    awsRegion: 'eu-west-1',
    recipientAccountId: '111122223333',
    userIdentity: identityOf(call.by ?? 'user/admin'),
    requestParameters: call.request,
    responseElements: call.response ?? null,
    ...(call.error !== undefined && { errorCode: call.error }),
  });
  if (!parsed.ok) throw new Error(parsed.refusal.code);
  return parsed.record;
}

/** What is answered of a call at a minute of one hour. */
export function tell(call: Call, minute: number, memory: PolicyMemory) {
  const record = recordOf(call, minute);
  const known = tables.calls.find(record.eventSource ?? '', record.eventName ?? '');
  const outcome = outcomeOf(record, known, tables.errorOutcomes);
  const analyzed = known.policy && analyzeEventPolicy(record, known.policy, outcome, analyzer, memory);
  return {
    policy: analyzed && composePolicy(analyzed.policy),
    problems: analyzed?.problems.map(({ code, path }) => `${code} ${path}`) ?? [],
  };
}
