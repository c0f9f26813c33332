import { isIP } from 'node:net';
import type { Problem } from '../errors.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import type { AnalyzedEvent } from '../policy/analyze-event-policies.ts';
import type { SessionTrace } from '../session/trace-session.ts';
import type { Tables } from '../tables/tables.ts';
import type { ThreatEntry } from '../tables/threat-table.ts';
import type { CallAnswer } from './call-answer.ts';
import { composeIssued, composeOrigin, composeSourceCheck } from './compose-origin.ts';
import { composePolicy } from './compose-policy.ts';
import type { Enrichment } from './enrichment.ts';

/** Everything that was found out about one event. */
export interface Findings {
  readonly record: CloudTrailRecord;
  readonly problems: readonly Problem[];
  readonly tables: Tables;
  readonly threat: ThreatEntry | undefined;
  readonly call: CallAnswer;
  readonly trace: SessionTrace;
  readonly policies: AnalyzedEvent | undefined;
}

/** The version of the answer's format: raised in its first number when a field changes its meaning or its type. */
export const ENRICHMENT_VERSION = '1.0.0';

type Draft = { -readonly [Field in keyof Enrichment]: Enrichment[Field] };

/** The answer in its own field names, in the order of its schema. What has nothing to say is left out. */
export function composeEnrichment({
  record,
  problems: found,
  tables,
  threat,
  call,
  trace,
  policies,
}: Findings): Enrichment {
  const { action, risk } = call;
  const { version } = tables;
  const answer: Draft =
    threat?.threat === undefined || threat.mitre === undefined
      ? { version: ENRICHMENT_VERSION, tables: version, action, risk }
      : {
          version: ENRICHMENT_VERSION,
          tables: version,
          action,
          threat: threat.threat,
          mitre: threat.mitre,
          risk,
        };
  if (trace.origin !== undefined) answer.origin = composeOrigin(trace.origin);
  if (trace.sourceCheck !== undefined) answer.source_check = composeSourceCheck(trace.sourceCheck);
  if (trace.issued !== undefined) answer.issued = composeIssued(trace.issued);
  if (policies?.policy !== undefined) answer.policy = composePolicy(policies.policy);
  const related = composeRelated(record);
  if (related !== undefined) answer.related = related;
  const problems = found.concat(trace.problems, policies?.problems ?? NO_PROBLEMS);
  if (problems.length > 0) answer.problems = problems;
  return answer;
}

const NO_PROBLEMS: readonly Problem[] = [];

/** ECS related.*: the address that called, and the names under which an analyst looks the caller up. */
function composeRelated(record: CloudTrailRecord): Enrichment['related'] | undefined {
  const { userIdentity, sourceIpAddress } = record;
  const user = userIdentity.userName ?? userIdentity.sessionIssuer?.userName;
  const ip = sourceIpAddress !== undefined && isIP(sourceIpAddress) !== 0 ? sourceIpAddress : undefined;
  if (user === undefined) return ip === undefined ? undefined : { ip: [ip] };
  return ip === undefined ? { user: [user] } : { ip: [ip], user: [user] };
}
