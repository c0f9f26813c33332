import type { PolicySummary } from '../policy-summary.ts';
import type { FoundPolicy } from './find-policy.ts';
import type { KnownPolicies } from './known-policies.ts';
import { holderKey } from './policy-keys.ts';

/**
 * Whether a policy, or a group, that did nothing but deny, whatever the request, is taken away by the call, or replaced
 * by one that denies fewer actions.
 */
export function liftsDenial(
  found: FoundPolicy,
  summary: PolicySummary | undefined,
  known: KnownPolicies,
): boolean {
  const { operation, kind, limits } = found.rule;
  if (kind !== 'identity' || limits) return false;
  switch (operation) {
    case 'detach':
      return summary?.restrains === true;
    case 'delete':
      return found.subject !== undefined && known.before(found)?.restrains === true;
    case 'put':
    case 'default':
      return found.effectiveNow && deniesLess(summary, known.before(found));
    case 'leave': {
      const policies = policiesOfGroup(found, known);
      return policies.length > 0 && policies.every((policy) => policy?.restrains === true);
    }
    default:
      return false;
  }
}

/** Whether the call takes back what was shared, and nothing that kept somebody out. */
export function onlyWithdraws(found: FoundPolicy, known: KnownPolicies): boolean {
  const { operation, kind, emptied } = found.rule;
  if (operation === 'revoke') return true;
  if (operation !== 'delete' || kind !== 'resource') return false;
  const before = known.before(found);
  // The name of a call that empties a policy says that it opens something, which it does not.
  return before === undefined ? emptied === true : before.onlyAllows === true;
}

/**
 * The policy that denies everything in the group which is joined: whoever does gains nothing, whatever else it holds.
 */
export function shutGroup(found: FoundPolicy, known: KnownPolicies): PolicySummary | undefined {
  if (found.rule.operation !== 'join') return undefined;
  return policiesOfGroup(found, known).find((policy) => policy?.analysis.lockout !== undefined);
}

function deniesLess(now: PolicySummary | undefined, before: PolicySummary | undefined): boolean {
  if (now === undefined || !before?.restrains) return false;
  return !now.restrains || (now.denies ?? 0) < (before.denies ?? 0);
}

/** As far as they were seen; `undefined` for one whose content was not. */
function policiesOfGroup(
  { account, at, group }: FoundPolicy,
  known: KnownPolicies,
): (PolicySummary | undefined)[] {
  if (group === undefined || at === undefined) return [];
  const keys = known.remembered.heldAt(holderKey(account, group), at);
  return keys.map((key) => known.summaryOf(key, at));
}
