import type { RememberedPolicies } from '../memory/remembered-policies.ts';
import type { PolicyFinding } from '../policy-findings.ts';
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
  wasUnbounded,
} from './held-together.ts';
import type { KnownPolicies } from './known-policies.ts';
import { arnKey, boundedKey, holderKey, holdersKey, membersKey, policyKey } from './policy-keys.ts';
import { gainsItself } from './self-grant.ts';

/** Calls of which the answer tells what the policy allows by itself. */
const BY_POLICY: ReadonlySet<string> = new Set(['put', 'attach', 'default']);
/** Of those who have a policy or are in a group, and of those whom a policy bounds, so many are looked at. */
const MOST_GAINERS = 8;

/** A principal that may gain by a call, and the methods that were open to it before. */
export interface Gainer {
  readonly holder: Holder;
  readonly before: readonly PolicyFinding[];
  /** The answer tells what the policy allows by itself. */
  readonly byPolicy: boolean;
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
  const gainers = subjectsOf(found, time, known.remembered)
    .map((subject): Holder => ({ account, subject, time }))
    .filter((holder) => rule.operation !== 'bound' || widens(holder, gain, summary, known))
    .map((holder) => ({ holder, before: findTogetherBefore(holder, gain, known), byPolicy }));
  return [...boundedBy(gain, summary, found, known), ...gainers];
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
    .map((holder) => ({ holder, before: findTogetherBefore(holder, gain, known), byPolicy: false }));
}

/** What the call opened to the first of them to whom it opened anything, once it is remembered. */
export function findGained(gainers: readonly Gainer[], known: KnownPolicies): HeldTogether | undefined {
  for (const { holder, before, byPolicy } of gainers) {
    const after = findHoldings(holder, known);
    const gained = findHeldTogether(holder.subject, after, before, byPolicy);
    if (gained !== undefined) return gained;
  }
  return undefined;
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
  const holders = subject !== undefined ? [subject] : arn && remembered.heldAt(holdersKey(arn), time);
  if (!holders || holders.length === 0) return [];
  const groups = holders.filter((holder) => holder.startsWith('group/'));
  const members = groups.flatMap((group) => remembered.heldAt(membersKey(account, group), time));
  const caller = gainsItself(holders, found, remembered) ? found.caller : undefined;
  // What all of a group can do says more than that one of them can.
  const first = [...groups, ...(caller === undefined ? [] : [caller])];
  const all = [...first, ...holders, ...members];
  if (all.length <= MOST_GAINERS) return [...new Set(all)];
  const shared = new Set([...groups, arn && arnKey(arn)]);
  // Whoever holds nothing besides can do no more than all who share it.
  const more = all.filter((one) =>
    remembered.heldAt(holderKey(account, one), time).some((what) => !shared.has(what)),
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
