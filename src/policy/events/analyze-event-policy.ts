import type { Problem } from '../../errors.ts';
import type { CloudTrailRecord } from '../../event/cloudtrail-record.ts';
import type { CallOutcome } from '../../tables/error-outcomes.ts';
import { isOfPolicy, type PolicyEventRule, type PolicyRule } from '../../tables/policy-events.ts';
import type { PolicyMemory } from '../memory/policy-memory.ts';
import { RememberedPolicies } from '../memory/remembered-policies.ts';
import type { PolicyAnalyzer } from '../policy-analyzer.ts';
import type { PolicyAnalysis } from '../policy-findings.ts';
import { changeOf, type PolicySummary } from '../policy-summary.ts';
import type { EventPolicy } from './event-policy.ts';
import { type FoundPolicy, findPolicy } from './find-policy.ts';
import { followRenaming } from './follow-renaming.ts';
import { findGained, findGainers, isFreed } from './gainers.ts';
import { KnownPolicies } from './known-policies.ts';
import { liftsDenial, onlyWithdraws, shutGroup } from './lifted-denials.ts';
import { arnKey, holdersKey, policyKey } from './policy-keys.ts';
import { rememberLifetime, rememberMade } from './remember-lifetime.ts';
import { rememberPolicy } from './remember-policy.ts';
import { gainsItself, givesOnlyDenials, grantsToIdentity, namesCaller } from './self-grant.ts';
import { summarizePolicy } from './summarize-policy.ts';

export interface AnalyzedEvent {
  readonly policy: EventPolicy;
  readonly problems: readonly Problem[];
}

/**
 * What the policy that a call carries or moves allows, who gains, and what changed; `undefined` for every call that
 * turns out to have nothing to do with a policy. Denied and failed calls, and those that only ask, are answered
 * too (what was tried), but not remembered.
 */
export function analyzeEventPolicy(
  record: CloudTrailRecord,
  rule: PolicyEventRule,
  outcome: CallOutcome,
  analyzer: PolicyAnalyzer,
  memory: PolicyMemory,
): AnalyzedEvent | undefined {
  const remembered = new RememberedPolicies(memory);
  if (!isOfPolicy(rule)) {
    if (outcome === 'success') rememberLifetime(record, rule, remembered);
    return undefined;
  }
  const named = findPolicy(record, rule);
  if (named === undefined) {
    if (outcome === 'success') rememberMade(record, rule, remembered);
    return undefined;
  }
  const known = new KnownPolicies(remembered, analyzer);
  const { summary, problems, versionId, trusts } = summarizePolicy(named, known);
  const found = { ...named, versionId };
  const told = { ...found, effectiveNow: found.effectiveNow || isInForceLater(found, remembered) };
  // Nothing is gained by what was refused, but a boundary that would have freed somebody is told of.
  const mayGain = outcome === 'success' || rule.operation === 'bound';
  const gainers = mayGain ? findGainers(told, summary, known) : [];
  const policy = describe(told, summary, outcome, known);
  if (outcome === 'success') {
    rememberPolicy(found, summary, remembered);
    followRenaming(found, summary, remembered);
  }
  const principal = findGained(gainers, known);
  const grantsIdentity = policy.grantsIdentity || isFreed(found, summary, gainers, principal);
  const appliesTo = principal === undefined ? policy.appliesTo : [...policy.appliesTo, principal.name];
  return {
    policy: {
      ...policy,
      grantsIdentity,
      onlyDenies: problems.length === 0 && givesOnlyDenials(found, summary),
      selfGrant:
        namesCaller(trusts, record.userIdentity) ||
        (grantsIdentity && gainsItself(appliesTo, found, remembered)),
      principal,
      // AWS refuses a document that it cannot read: what it took says more than was understood here.
      unread: outcome === 'success' && problems.length > 0,
    },
    problems,
  };
}

/**
 * Whether a later call that arrived first put it in force: what the policy allows could not be told then. Where the
 * event comes again, it could.
 */
function isInForceLater(
  { rule, arn, at, event, versionId }: FoundPolicy,
  remembered: RememberedPolicies,
): boolean {
  const isWaiting = rule.kind === 'identity' && rule.operation === 'put' && !rule.limits;
  if (!isWaiting || arn === undefined || at === undefined || remembered.hasState(arnKey(arn), at, event))
    return false;
  if (rule.effective === 'never') return remembered.gotSince(holdersKey(arn), at).length > 0;
  return versionId !== undefined && remembered.isDefaultSince(arnKey(arn), versionId, at);
}

function describe(
  found: FoundPolicy,
  summary: PolicySummary | undefined,
  outcome: CallOutcome,
  known: KnownPolicies,
): Omit<EventPolicy, 'principal' | 'selfGrant' | 'onlyDenies' | 'unread'> {
  const { remembered } = known;
  const { rule, name, arn, versionId } = found;
  const appliesTo = gainersOf(found, remembered);
  const liftsDeny = liftsDenial(found, summary, known);
  const shut = shutGroup(found, known);
  const grantsIdentity = liftsDeny || (grantsToIdentity(found, summary) && shut === undefined);
  return {
    kind: rule.kind,
    operation: rule.operation,
    limits: rule.limits === true,
    name,
    arn,
    versionId,
    appliesTo,
    effect: outcome !== 'success' ? 'failed' : found.effectiveNow ? 'now' : 'later',
    grantsIdentity,
    liftsDeny,
    withdraws: onlyWithdraws(found, known),
    analysis: rule.operation === 'detach' ? undefined : lasting((summary ?? shut)?.analysis, rule),
    change: findChange(found, summary, known),
  };
}

/** A session policy, which ends with its session, narrows only what its caller asked for: nobody is shut out. */
function lasting(analysis: PolicyAnalysis | undefined, { remember }: PolicyRule): PolicyAnalysis | undefined {
  if (analysis?.lockout === undefined || remember !== false) return analysis;
  const { lockout: _lockout, ...others } = analysis;
  return others;
}

/**
 * Whom the call names; for a managed policy, those that were seen to hold it, or to get it later, unless the event
 * comes again.
 */
function gainersOf(
  { subject, arn, at, event }: FoundPolicy,
  remembered: RememberedPolicies,
): readonly string[] {
  if (subject !== undefined) return [subject];
  if (arn === undefined) return [];
  const time = at ?? Number.POSITIVE_INFINITY;
  const isSeen = remembered.hasState(arnKey(arn), time, event);
  return isSeen ? remembered.heldAt(holdersKey(arn), time) : remembered.heldSince(holdersKey(arn), time);
}

/** Calls that replace or remove a content change it, and a policy that is taken away takes its content along. */
function findChange(
  found: FoundPolicy,
  summary: PolicySummary | undefined,
  known: KnownPolicies,
): EventPolicy['change'] {
  const { operation, remember } = found.rule;
  if (operation === 'detach') return summary && changeOf(summary, undefined);
  if (policyKey(found) === undefined || found.at === undefined || remember === false) return undefined;
  const replaces = summary !== undefined && (operation === 'put' || operation === 'default');
  if (!replaces && operation !== 'delete') return undefined;
  return changeOf(known.before(found), summary?.analysis);
}
