import { outcomeOf } from '../action/call-outcome.ts';
import { harmlessBy } from '../action/harmless-call.ts';
import { identifyKnown } from '../action/identify-action.ts';
import { toldBy } from '../action/telling-call.ts';
import type { Refusal } from '../errors.ts';
import { accountOfRecord } from '../event/account-of-record.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import type { ParsedRecord } from '../event/parse-record.ts';
import { type AnalyzedEvent, analyzeEventPolicy } from '../policy/events/analyze-event-policy.ts';
import type { PolicyStore } from '../policy/memory/policy-memory.ts';
import type { PolicyAnalyzer } from '../policy/policy-analyzer.ts';
import type { SessionStore } from '../session/session-store.ts';
import {
  type SessionContext,
  type SessionTrace,
  tellSession,
  traceSession,
} from '../session/trace-session.ts';
import type { ThreatEntry } from '../tables/ecs-threat.ts';
import type { KnownCall } from '../tables/known-calls.ts';
import type { Tables } from '../tables/tables.ts';
import type { TellingCall } from '../tables/telling-calls.ts';
import type { ThreatVariants } from '../tables/threat-variants.ts';
import { answerOfCall, type CallAnswer } from './call-answer.ts';
import { composeEnrichment } from './compose-enrichment.ts';
import { riskOfPolicy } from './compose-policy.ts';
import { type ComposedUse, composeUse } from './compose-use.ts';
import type { Enrichment } from './enrichment.ts';
import { withOrigin } from './self-grant-by-origin.ts';
import { threatOfPolicy } from './threat-of-policy.ts';

/** What was known before any event: the tables, and what is made of them. */
export interface Knowledge {
  readonly tables: Tables;
  readonly policyAnalyzer: PolicyAnalyzer;
  readonly session: SessionContext;
}

/** What an answer rests on besides the event itself. */
export interface EnrichmentContext {
  /** Swapped as a whole on reload: an event takes it once and keeps to it. */
  knowledge: Knowledge;
  readonly policies: PolicyStore;
  readonly sessions: SessionStore;
}

export interface EnrichedEvent {
  readonly ok: true;
  readonly enrichment: Enrichment;
  /** What the enrichment says of the call alone. */
  readonly call: CallAnswer;
  /** What it says of the use of a credential. */
  readonly use: ComposedUse;
  readonly record: CloudTrailRecord;
}

export type Answer = EnrichedEvent | { readonly ok: false; readonly refusal: Refusal };

/**
 * The story of one record: what was called, what came of it, what it belongs to, who stands behind it, and how much it
 * matters. A promise only where a store is remote.
 */
export function enrich(parsed: ParsedRecord, context: EnrichmentContext): Answer | Promise<Answer> {
  if (!parsed.ok) return parsed;
  const { record, problems } = parsed;
  const { knowledge, policies, sessions } = context;
  const { tables, policyAnalyzer, session } = knowledge;
  const known = knownCall(record, tables);
  const identified = identifyKnown(record, known?.event, tables);
  const harmless = known?.harmless && harmlessBy(known.harmless, record);
  const told = known?.telling && toldBy(known.telling, record);
  const outcome = outcomeOf(record, known, tables.errorOutcomes);
  const rule = known?.policy;
  const analyzed =
    rule &&
    policies.withMemory((memory) => analyzeEventPolicy(record, rule, outcome, policyAnalyzer, memory));
  const account = accountOfRecord(record);
  const tell = (analyzed: AnalyzedEvent | undefined, trace: SessionTrace): Answer => {
    const policy = analyzed && {
      ...analyzed,
      policy: withOrigin(analyzed.policy, trace.origin, account),
    };
    // A sign of what went before stands, whatever the policy allows that comes with it.
    const weighed = told?.some(({ alarm }) => alarm) ? undefined : policy;
    const evidence = {
      outcome,
      harmless: harmless?.reason,
      told,
      // GuardDuty's own share is with an account of AWS, which no analysis of accounts can tell.
      policy: harmless === undefined ? weighed && riskOfPolicy(weighed.policy, account) : undefined,
      source: trace.sourceCheck?.severity ?? 'none',
    };
    // Setting up is not ending (docs/attack.md).
    const able =
      harmless === undefined ? threatAsTold(known?.threat, told, tables.threatVariants) : undefined;
    const threat = weighed ? threatOfPolicy(able, weighed.policy, account, tables.threatVariants) : able;
    const call = answerOfCall(identified, record.eventName, evidence, tables);
    const use = composeUse(trace);
    const findings = { record, problems, tables, threat, call, policy, trace, use };
    return { ok: true, record, call, use, enrichment: composeEnrichment(findings) };
  };
  if (!(analyzed instanceof Promise))
    return tellSession(record, sessions, session, (trace) => tell(analyzed, trace));
  return Promise.all([analyzed, traceSession(record, sessions, session)]).then(([found, trace]) =>
    tell(found, trace),
  );
}

function knownCall({ eventSource, eventName }: CloudTrailRecord, tables: Tables): KnownCall | undefined {
  return eventSource === undefined || eventName === undefined
    ? undefined
    : tables.calls.find(eventSource, eventName);
}

function threatAsTold(
  threat: ThreatEntry | undefined,
  told: readonly TellingCall[] | undefined,
  variants: ThreatVariants,
): ThreatEntry | undefined {
  return told === undefined ? threat : told.reduce((entry, call) => variants.asTold(entry, call), threat);
}
