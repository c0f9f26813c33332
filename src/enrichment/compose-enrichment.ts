import type { Problem } from '../errors.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import type { AnalyzedEvent } from '../policy/events/analyze-event-policy.ts';
import { parseIp } from '../session/source-address.ts';
import type { SessionTrace } from '../session/trace-session.ts';
import type { ThreatEntry } from '../tables/ecs-threat.ts';
import type { Tables } from '../tables/tables.ts';
import type { CallAnswer } from './call-answer.ts';
import { composeIssued } from './compose-origin.ts';
import { composePolicy } from './compose-policy.ts';
import type { ComposedUse } from './compose-use.ts';
import type { Enrichment } from './enrichment.ts';

/** Everything that was found out about one event. */
export interface Findings {
  readonly record: CloudTrailRecord;
  readonly problems: readonly Problem[];
  readonly tables: Tables;
  readonly threat: ThreatEntry | undefined;
  readonly call: CallAnswer;
  readonly trace: SessionTrace;
  readonly use: ComposedUse;
  readonly policy: AnalyzedEvent | undefined;
}

/** The version of the answer's format: raised in its first number when a field changes its meaning or its type. */
const ENRICHMENT_VERSION = '1.0.0';

/**
 * The answer in its own field names, in the order of its schema. What has nothing to say is undefined, and so is not
 * in the JSON: all answers have all fields, and so one hidden class.
 */
export function composeEnrichment({
  record,
  problems,
  tables,
  threat,
  call,
  trace,
  use,
  policy,
}: Findings): Enrichment {
  const answer: AllFields = {
    version: ENRICHMENT_VERSION,
    tables: tables.version,
    action: call.action,
    threat: threat?.ecs?.threat,
    mitre: threat?.ecs?.mitre,
    risk: call.risk,
    origin: use.origin,
    source_check: use.check,
    issued: trace.issued && composeIssued(trace.issued),
    policy: policy && composePolicy(policy.policy),
    related: composeRelated(record),
    problems: allProblems(problems, trace.problems, policy?.problems ?? NO_PROBLEMS),
  };
  return answer as Enrichment;
}

type AllFields = { readonly [Field in keyof Required<Enrichment>]: Enrichment[Field] | undefined };

const NO_PROBLEMS: readonly Problem[] = [];

function allProblems(
  ofRecord: readonly Problem[],
  ofTrace: readonly Problem[],
  ofPolicy: readonly Problem[],
): readonly Problem[] | undefined {
  if (ofRecord.length + ofTrace.length + ofPolicy.length === 0) return undefined;
  return [...ofRecord, ...ofTrace, ...ofPolicy];
}

/** ECS related.*: the address that called, and the names under which an analyst looks the caller up. */
function composeRelated(record: CloudTrailRecord): Enrichment['related'] | undefined {
  const { userIdentity, sourceIpAddress } = record;
  const user = userIdentity.userName ?? userIdentity.sessionIssuer?.userName;
  // What Elasticsearch's type `ip` takes: no zone, as in fe80::1%eth0.
  const ip = parseIp(sourceIpAddress) !== undefined ? sourceIpAddress : undefined;
  if (user === undefined) return ip === undefined ? undefined : { ip: [ip] };
  return ip === undefined ? { user: [user] } : { ip: [ip], user: [user] };
}
