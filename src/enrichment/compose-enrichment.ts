import { isIP } from 'node:net';
import type { IdentifiedAction } from '../action/identify-action.ts';
import type { Problem } from '../errors.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import type { AnalyzedEvent } from '../policy/analyze-event-policies.ts';
import type { SessionTrace } from '../session/trace-session.ts';
import type { AccessLevel, IamAction } from '../tables/action-table.ts';
import type { CallOutcome } from '../tables/error-outcomes.ts';
import type { CallRisk } from '../tables/risk-table.ts';
import type { Tables } from '../tables/tables.ts';
import type { ThreatEntry } from '../tables/threat-table.ts';
import { composeIssued, composeOrigin, composeSourceCheck } from './compose-origin.ts';
import { composePolicy } from './compose-policy.ts';
import type { Enrichment } from './enrichment.ts';
import type { RiskScore } from './score-risk.ts';

/** Everything that was found out about one event. */
export interface Findings {
  readonly record: CloudTrailRecord;
  readonly problems: readonly Problem[];
  readonly tables: Tables;
  readonly identified: IdentifiedAction;
  readonly outcome: CallOutcome;
  readonly threat: ThreatEntry | undefined;
  readonly call: CallRisk;
  readonly risk: RiskScore;
  readonly trace: SessionTrace;
  readonly policies: AnalyzedEvent | undefined;
}

/** The version of the answer's format: raised in its first number when a field changes its meaning or its type. */
export const ENRICHMENT_VERSION = '1.0.0';

/** The answer in its own field names. What has nothing to say is left out. */
export function composeEnrichment(findings: Findings): Enrichment {
  const { threat, record, trace, policies } = findings;
  const problems = findings.problems.concat(trace.problems, policies?.problems ?? []);
  const related = composeRelated(record);
  return {
    version: ENRICHMENT_VERSION,
    tables: findings.tables.version,
    action: composeAction(findings),
    ...(threat?.threat && { threat: threat.threat }),
    ...(threat?.mitre && { mitre: threat.mitre }),
    risk: composeRisk(findings.call, findings.risk),
    ...(trace.origin && { origin: composeOrigin(trace.origin) }),
    ...(trace.sourceCheck && { source_check: composeSourceCheck(trace.sourceCheck) }),
    ...(trace.issued && { issued: composeIssued(trace.issued) }),
    ...(policies?.policy && { policy: composePolicy(policies.policy) }),
    ...(related && { related }),
    ...(problems.length > 0 && { problems }),
  };
}

/** A call that is known to need no permission has an empty list; one that is not known has none. */
function composeAction({ identified, record, outcome }: Findings): Enrichment['action'] {
  const { mapping, service, actions } = identified;
  const [called] = actions;
  if (called === undefined) {
    return {
      ...(mapping === 'rule' && { iam: [] }),
      ...(service !== undefined && { service }),
      mapping,
      outcome,
    };
  }
  const level = mapping === 'ambiguous' ? agreedLevel(actions) : called.accessLevel;
  return {
    iam: actions.map((action) => action.id),
    service: called.service,
    ...(called.name !== record.eventName && { name: called.name }),
    ...(level !== undefined && { access_level: level }),
    mapping,
    outcome,
  };
}

/** Where the record does not tell which action was called, only what all candidates have in common is said. */
function agreedLevel(actions: readonly IamAction[]): AccessLevel | undefined {
  const [first] = actions;
  return actions.every((action) => action.accessLevel === first?.accessLevel)
    ? first?.accessLevel
    : undefined;
}

function composeRisk(call: CallRisk, risk: RiskScore): Enrichment['risk'] {
  return {
    categories: call.categories,
    action_level: call.level,
    score: risk.score,
    level: risk.level,
    services: call.services,
    methods: call.methods,
    reasons: risk.reasons,
  };
}

/** ECS related.*: the address that called, and the names under which an analyst looks the caller up. */
function composeRelated(record: CloudTrailRecord): Enrichment['related'] | undefined {
  const { userIdentity, sourceIpAddress } = record;
  const user = userIdentity.userName ?? userIdentity.sessionIssuer?.userName;
  const ip = sourceIpAddress !== undefined && isIP(sourceIpAddress) !== 0 ? sourceIpAddress : undefined;
  if (ip === undefined && user === undefined) return undefined;
  return { ...(ip !== undefined && { ip: [ip] }), ...(user !== undefined && { user: [user] }) };
}
