import type { RememberedPolicies } from '../memory/remembered-policies.ts';
import { CONFIDENCES, type PolicyFinding } from '../policy-findings.ts';
import type { PolicySummary } from '../policy-summary.ts';
import type { HeldTogether } from './event-policy.ts';
import type { FoundPolicy } from './find-policy.ts';
import {
  boundaryAt,
  boundaryBefore,
  findHeldTogether,
  findHoldings,
  findTogetherBefore,
  type Gain,
  type Holder,
  laterTimes,
  wasUnbounded,
} from './held-together.ts';
import type { KnownPolicies } from './known-policies.ts';
import { arnKey, boundedKey, holderKey, holdersKey, membersKey, policyKey } from './policy-keys.ts';
import { gainsItself } from './self-grant.ts';

/** Calls of which the answer tells what the policy allows by itself. */
const BY_POLICY: ReadonlySet<string> = new Set(['put', 'attach', 'default']);
/** Of those who have a policy or are in a group, and of those whom a policy bounds, so many are looked at. */
const MOST_GAINERS = 8;

/** A principal that may gain by a call, at one time or several. */
export interface Gainer {
  readonly moments: readonly Moment[];
  /** The answer tells what the policy allows by itself. */
  readonly byPolicy: boolean;
}

/** That of the call, or a later one of which something was seen already, and the methods open then without the call. */
interface Moment {
  readonly holder: Holder;
  readonly before: readonly PolicyFinding[];
}

/** Whose policies are to be looked at together after a call, as they are before it. */
export function findGainers(
  found: FoundPolicy,
  summary: PolicySummary | undefined,
  known: KnownPolicies,
): readonly Gainer[] {
  const { account, at: time, rule } = found;
  const gain = gainOf(found);
  if (rule.kind !== 'identity' || gain === undefined || time === undefined) return [];
  // Of one who is just made, a boundary takes the place of none.
  if (rule.boundary !== undefined) return [];
  const byPolicy = BY_POLICY.has(rule.operation);
  const isNew = !isSeen(found, time, gain, known.remembered);
  const gainers = subjectsOf(found, time, known.remembered)
    .map((subject): Holder => ({ account, subject, time }))
    .filter((holder) => rule.operation !== 'bound' || widens(holder, gain, summary, known))
    .map((holder) => {
      const now = { holder, before: findTogetherBefore(holder, gain, known) };
      return { moments: isNew ? [now, ...laterMoments(holder, gain, known)] : [now], byPolicy };
    });
  return [...boundedBy(gain, summary, found, known), ...gainers];
}

/**
 * What was put together from a call and a later one, neither told if the later one arrived first: nothing was known of
 * this one then.
 */
function laterMoments(holder: Holder, gain: Gain, known: KnownPolicies): Moment[] {
  return laterTimes(holder, gain, known).map((time) => {
    const later = { ...holder, time };
    return { holder: later, before: findHoldings(later, known).together };
  });
}

/**
 * Whether nothing can be said of later times: the call was seen already, and is among what was known then, or it is of
 * a boundary, which holds back what it is not known to let through.
 */
function isSeen(
  { account, subject, group, rule }: FoundPolicy,
  time: number,
  { by, what, event }: Gain,
  remembered: RememberedPolicies,
): boolean {
  if (what === undefined || (by !== 'holding' && by !== 'content')) return true;
  if (rule.operation === 'put' || rule.operation === 'default') return remembered.hasState(what, time, event);
  return remembered.hasHolding(holderKey(account, subject ?? ''), time, group ?? what);
}

/** Of those whom a managed policy bounds that says something else, the caller first. */
function boundedBy(
  { by, what, event }: Gain,
  summary: PolicySummary | undefined,
  { account, at: time, caller }: FoundPolicy,
  known: KnownPolicies,
): readonly Gainer[] {
  if (by !== 'content' || what === undefined || time === undefined) return [];
  const gain: Gain = { by: 'bounding', what, event };
  return known.remembered
    .heldAt(boundedKey(what), time)
    .toSorted((one, other) => Number(other === caller) - Number(one === caller))
    .map((subject): Holder => ({ account, subject, time }))
    .filter((holder) => boundaryAt(holder, known) === what && widens(holder, gain, summary, known))
    .slice(0, MOST_GAINERS)
    .map((holder) => ({
      moments: [{ holder, before: findTogetherBefore(holder, gain, known) }],
      byPolicy: false,
    }));
}

/** What the call opened to the first of them to whom it opened anything, once it is remembered. */
export function findGained(gainers: readonly Gainer[], known: KnownPolicies): HeldTogether | undefined {
  for (const { moments, byPolicy } of gainers) {
    const gained = moments.flatMap(({ holder, before }) => {
      const after = findHoldings(holder, known);
      return findHeldTogether(holder.subject, after, before, byPolicy) ?? [];
    });
    const last = gained.at(-1);
    if (last !== undefined)
      return { ...last, findings: surestOf(gained.flatMap(({ findings }) => findings)) };
  }
  return undefined;
}

/** Of each method one. */
function surestOf(findings: readonly PolicyFinding[]): PolicyFinding[] {
  const surest = new Map<string | undefined, PolicyFinding>();
  for (const finding of findings) {
    const known = surest.get(finding.method);
    if (known === undefined || isSurer(finding, known)) surest.set(finding.method, finding);
  }
  return [...surest.values()];
}

function isSurer({ confidence }: PolicyFinding, other: PolicyFinding): boolean {
  return CONFIDENCES.indexOf(confidence) < CONFIDENCES.indexOf(other.confidence);
}

/**
 * Whether a boundary is set that frees its principal: as one that is removed does. Nobody is freed who was known to
 * have none, and is no gainer then.
 */
export function isFreed(
  { rule }: FoundPolicy,
  summary: PolicySummary | undefined,
  gainers: readonly Gainer[],
  gained: HeldTogether | undefined,
): boolean {
  if (rule.operation !== 'bound') return false;
  return gained !== undefined || (gainers.length > 0 && isLimitless(summary));
}

function isLimitless(summary: PolicySummary | undefined): boolean {
  return summary?.analysis.admin === true;
}

function gainOf(found: FoundPolicy): Gain | undefined {
  const { event } = found;
  switch (found.rule.operation) {
    case 'put':
    case 'default':
    case 'attach': {
      if (found.rule.limits || !found.effectiveNow) return undefined;
      const by = found.subject === undefined ? 'content' : 'holding';
      return { by, what: policyKey(found), event };
    }
    case 'join':
      return { by: 'holding', what: found.group, event };
    case 'unbound':
      return { by: 'boundary', what: undefined, event };
    case 'bound':
      return { by: 'boundary', what: arnKey(found.arn ?? found.name ?? ''), event };
    default:
      return undefined;
  }
}

/**
 * Whom the call names, and of a managed policy its holders; then those in the groups among them, the caller
 * first, and who holds something besides before the others.
 */
function subjectsOf(found: FoundPolicy, time: number, remembered: RememberedPolicies): readonly string[] {
  const { account, subject, arn } = found;
  if (subject !== undefined && !subject.startsWith('group/')) return [subject];
  const holders = subject !== undefined ? [subject] : arn && remembered.heldSince(holdersKey(arn), time);
  if (!holders || holders.length === 0) return [];
  const groups = holders.filter((holder) => holder.startsWith('group/'));
  const members = groups.flatMap((group) => remembered.heldSince(membersKey(account, group), time));
  const caller = gainsItself(holders, found, remembered) ? found.caller : undefined;
  // What all of a group can do says more than that one of them can.
  const first = [...groups, ...(caller === undefined ? [] : [caller])];
  const all = [...first, ...holders, ...members];
  if (all.length <= MOST_GAINERS) return [...new Set(all)];
  const shared = new Set([...groups, arn && arnKey(arn)]);
  // Whoever holds nothing besides can do no more than all who share it.
  const more = all.filter((one) =>
    remembered.heldSince(holderKey(account, one), time).some((what) => !shared.has(what)),
  );
  return [...new Set([...first, ...more, ...all])].slice(0, MOST_GAINERS);
}

/**
 * A boundary may leave more than one that was seen before, and never more than none; of one whose content is not known
 * nothing can be said.
 */
function widens(
  holder: Holder,
  gain: Gain,
  summary: PolicySummary | undefined,
  known: KnownPolicies,
): boolean {
  if (summary === undefined || wasUnbounded(holder, gain, known)) return false;
  return isLimitless(summary) || boundaryBefore(holder, gain, known) !== undefined;
}
