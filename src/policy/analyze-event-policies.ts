import type { Problem } from '../errors.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { isObject } from '../event/json.ts';
import { callerOf, namesCaller } from './caller.ts';
import type { EventPolicy } from './event-policy.ts';
import { type FoundPolicy, findPolicy } from './find-policies.ts';
import {
  findHeldTogether,
  findHoldings,
  type Holder,
  type Holdings,
  isBounded,
  NO_HOLDINGS,
} from './held-together.ts';
import { parseDocument } from './parse-policy.ts';
import { MOST_LISTED_ACTIONS, type PolicyAnalyzer } from './policy-analyzer.ts';
import { readDocument } from './policy-document.ts';
import { accountOfRecord, arnKey, holderKey, holdersKey, policyKey } from './policy-keys.ts';
import type { PolicyMemory } from './policy-memory.ts';
import { changeOf, type PolicySummary } from './policy-summary.ts';
import { rememberPolicy } from './remember-policy.ts';
import { RememberedPolicies } from './remembered-policies.ts';

export interface AnalyzedEvent {
  /** Absent where the document cannot be read, and the event names nothing else. */
  readonly policy: EventPolicy | undefined;
  readonly problems: readonly Problem[];
}

/**
 * What the policy that a call carries or moves allows, who gains, and what changed; `undefined` for every call that
 * has nothing to do with a policy. Denied and failed calls are answered too (what was tried), but not remembered.
 */
export function analyzeEventPolicies(
  record: CloudTrailRecord,
  analyzer: PolicyAnalyzer,
  memory: PolicyMemory,
): AnalyzedEvent | undefined {
  const found = findPolicy(record, analyzer.tables.policies.events);
  if (found === undefined) return undefined;
  const remembered = new RememberedPolicies(memory);
  const { summary, problems, versionId, selfTrust } = summarize(found, record, analyzer, remembered);
  const policy = describe({ ...found, versionId }, summary, record, remembered);
  const before = holdingsBefore(found, record, analyzer, remembered);
  if (record.errorCode === undefined) rememberPolicy({ ...found, versionId }, summary, record, remembered);
  const principal = heldTogether(found, record, analyzer, remembered, before);
  return { policy: { ...policy, selfGrant: policy.selfGrant || selfTrust, principal }, problems };
}

interface Summarized {
  readonly summary: PolicySummary | undefined;
  readonly problems: readonly Problem[];
  readonly versionId: string | undefined;
  /** The trust policy names the caller. */
  readonly selfTrust: boolean;
}

/** From the document in the event, from the table of AWS's policies, or from the version that was seen before. */
function summarize(
  found: FoundPolicy,
  record: CloudTrailRecord,
  analyzer: PolicyAnalyzer,
  remembered: RememberedPolicies,
): Summarized {
  if (found.document !== undefined) return summarizeDocument(found, record, analyzer);
  const { arn, versionId, rule } = found;
  const none: Omit<Summarized, 'summary'> = { problems: [], versionId, selfTrust: false };
  if (arn === undefined || rule.operation === 'detach') return { ...none, summary: undefined };
  const managed = analyzer.managed(arn);
  if (managed !== undefined) return { ...none, summary: managed.summary, versionId: managed.versionId };
  const state =
    versionId === undefined
      ? remembered.inForce(arnKey(arn), record.eventTime ?? Number.POSITIVE_INFINITY)
      : remembered.version(arnKey(arn), versionId);
  if (rule.operation === 'delete') return { ...none, summary: undefined };
  return { ...none, summary: state?.summary, versionId: versionId ?? state?.versionId };
}

function summarizeDocument(
  found: FoundPolicy,
  record: CloudTrailRecord,
  analyzer: PolicyAnalyzer,
): Summarized {
  const { document, versionId, rule } = found;
  const nothing: Summarized = { summary: undefined, problems: [], versionId, selfTrust: false };
  if (document === undefined) return nothing;
  const parsed = parseDocument(document);
  if ('problem' in parsed) return { ...nothing, problems: [parsed.problem] };
  if ('nothing' in parsed) return nothing;
  const { summary, problems } = analyzer.analyze(parsed.document, rule.kind, {
    account: accountOfRecord(record),
    path: document.path,
    mostActions: MOST_LISTED_ACTIONS,
  });
  const selfTrust =
    rule.kind === 'trust' && isObject(parsed.document) && trustsCaller(parsed.document, record);
  return { summary, problems, versionId, selfTrust };
}

function trustsCaller(document: { readonly [element: string]: unknown }, record: CloudTrailRecord): boolean {
  return readDocument(document, '').statements.some(
    (statement) => statement.allow && namesCaller(statement.principals, record.userIdentity),
  );
}

function describe(
  found: FoundPolicy,
  summary: PolicySummary | undefined,
  record: CloudTrailRecord,
  remembered: RememberedPolicies,
): Omit<EventPolicy, 'principal'> {
  const { rule, name, arn, versionId } = found;
  const appliesTo = gainersOf(found, record, remembered);
  const failed = record.errorCode !== undefined;
  return {
    kind: rule.kind,
    operation: rule.operation,
    limits: rule.limits === true,
    name,
    arn,
    versionId,
    appliesTo,
    effect: failed ? 'failed' : found.effectiveNow ? 'now' : 'later',
    selfGrant:
      GRANTING.has(rule.operation) && rule.kind === 'identity' && gains(appliesTo, record, remembered),
    analysis: summary?.analysis,
    change: findChange(found, summary, record, remembered),
  };
}

/** Operations after which someone can do more than before. */
const GRANTING: ReadonlySet<string> = new Set(['put', 'default', 'attach', 'unbound', 'join']);

function gainersOf(
  { subject, arn }: FoundPolicy,
  record: CloudTrailRecord,
  remembered: RememberedPolicies,
): string[] {
  if (subject !== undefined) return [subject];
  if (arn === undefined) return [];
  return remembered.heldAt(holdersKey(arn), record.eventTime ?? Number.POSITIVE_INFINITY);
}

/** The caller itself, or a group that it was seen to join. */
function gains(
  appliesTo: readonly string[],
  record: CloudTrailRecord,
  remembered: RememberedPolicies,
): boolean {
  const caller = callerOf(record);
  if (caller === undefined || appliesTo.length === 0) return false;
  if (appliesTo.includes(caller)) return true;
  const time = record.eventTime ?? Number.POSITIVE_INFINITY;
  const holds = remembered.heldAt(holderKey(accountOfRecord(record), caller), time);
  return holds.some((what) => appliesTo.includes(what));
}

function findChange(
  found: FoundPolicy,
  summary: PolicySummary | undefined,
  record: CloudTrailRecord,
  remembered: RememberedPolicies,
): EventPolicy['change'] {
  const { operation } = found.rule;
  const key = policyKey(found, record);
  if (key === undefined || record.eventTime === undefined) return undefined;
  if (operation !== 'delete' && (summary === undefined || (operation !== 'put' && operation !== 'default'))) {
    return undefined;
  }
  return changeOf(remembered.before(key, record.eventTime)?.summary, summary?.analysis);
}

/** Calls after which a principal's policies are to be looked at together. */
const HELD: ReadonlySet<string> = new Set(['put', 'attach', 'join', 'unbound']);

function holderOf(found: FoundPolicy, record: CloudTrailRecord): Holder | undefined {
  const { rule, subject } = found;
  if (subject === undefined || record.eventTime === undefined || rule.kind !== 'identity') return undefined;
  if (!HELD.has(rule.operation) || (rule.limits === true && rule.operation !== 'unbound')) return undefined;
  return { account: accountOfRecord(record), subject, time: record.eventTime };
}

/** Joining a group and losing a boundary change what was there, so that it has to be known from before. */
function holdingsBefore(
  found: FoundPolicy,
  record: CloudTrailRecord,
  analyzer: PolicyAnalyzer,
  remembered: RememberedPolicies,
): Holdings | undefined {
  const { operation } = found.rule;
  const holder = holderOf(found, record);
  if (holder === undefined || (operation !== 'join' && operation !== 'unbound')) return undefined;
  // Where the boundary was never seen, nothing is known to have been in force behind it.
  const unseen = operation === 'unbound' && !isBounded(holder, remembered);
  return unseen ? NO_HOLDINGS : findHoldings(holder, remembered, analyzer);
}

function heldTogether(
  found: FoundPolicy,
  record: CloudTrailRecord,
  analyzer: PolicyAnalyzer,
  remembered: RememberedPolicies,
  before: Holdings | undefined,
): EventPolicy['principal'] {
  const holder = holderOf(found, record);
  if (holder === undefined) return undefined;
  return findHeldTogether(holder.subject, findHoldings(holder, remembered, analyzer), before);
}
