import type { EventPolicy } from '../policy/events/event-policy.ts';
import { type PolicyAnalysis, receivesFrom } from '../policy/policy-findings.ts';
import type { ThreatEntry } from '../tables/ecs-threat.ts';
import type { ThreatVariants } from '../tables/threat-variants.ts';

/**
 * What the policy of an event makes of the call's techniques. Undoing is not doing (docs/attack.md); a Deny that is
 * taken away removes nobody's access, and one that shuts everyone out gives none, but where it lets strangers in
 * besides. A policy without an Allow gives nothing either, where it frees nobody; what others may only send something
 * to transfers nothing to them.
 */
export function threatOfPolicy(
  threat: ThreatEntry | undefined,
  { withdraws, liftsDeny, onlyDenies, principal, analysis }: EventPolicy,
  account: string | undefined,
  variants: ThreatVariants,
): ThreatEntry | undefined {
  if (withdraws || threat === undefined) return undefined;
  if (liftsDeny) return variants.givingAccessBack(threat);
  if (analysis?.lockout === undefined) {
    if (onlyDenies && principal === undefined) return variants.withoutGrant(threat);
    return analysis !== undefined && onlyReceives(analysis, account)
      ? variants.withoutTransfer(threat)
      : threat;
  }
  const grants = analysis.public || analysis.externalAccounts.length > 0 || analysis.categories.length > 0;
  return variants.removingAccess(threat, grants);
}

function onlyReceives(analysis: PolicyAnalysis, account: string | undefined): boolean {
  const { public: open, categories, externalAccounts, findings } = analysis;
  if (open || categories.length > 0 || externalAccounts.length === 0) return false;
  if (receivesFrom(analysis, account)) return false;
  return findings.every(({ risk, delivery }) => risk !== 'external_access' || delivery !== undefined);
}
