import type { EventPolicy } from '../policy/events/event-policy.ts';
import type { ThreatEntry, ThreatTable } from '../tables/threat-table.ts';

/**
 * What the policy of an event makes of the call's techniques. Undoing is not doing (docs/attack.md); a Deny that is
 * taken away removes nobody's access, and one that shuts everyone out gives none, but where it lets strangers in
 * besides. A policy without an Allow gives nothing either, where it frees nobody.
 */
export function threatOfPolicy(
  threat: ThreatEntry | undefined,
  { withdraws, liftsDeny, onlyDenies, principal, analysis }: EventPolicy,
  threats: ThreatTable,
): ThreatEntry | undefined {
  if (withdraws || threat === undefined) return undefined;
  if (liftsDeny) return threats.givingAccessBack(threat);
  if (analysis?.lockout === undefined)
    return onlyDenies && principal === undefined ? threats.withoutGrant(threat) : threat;
  const grants = analysis.public || analysis.externalAccounts.length > 0 || analysis.categories.length > 0;
  return threats.removingAccess(threat, grants);
}
