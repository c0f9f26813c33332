import type { UserIdentity } from '../../event/cloudtrail-record.ts';
import type { Principal } from '../document/policy-document.ts';
import type { RememberedPolicies } from '../memory/remembered-policies.ts';
import type { PolicySummary } from '../policy-summary.ts';
import type { CallFacts } from './call-facts.ts';
import type { FoundPolicy } from './find-policy.ts';
import { holderKey } from './policy-keys.ts';

/** Whether the caller is among those who gain: itself, or a policy or group that it was seen to get. */
export function gainsItself(
  appliesTo: readonly string[],
  { account, at, caller }: CallFacts,
  remembered: RememberedPolicies,
): boolean {
  if (caller === undefined) return false;
  if (appliesTo.includes(caller)) return true;
  const holds = remembered.heldAt(holderKey(account, caller), at ?? Number.POSITIVE_INFINITY);
  return holds.some((what) => appliesTo.includes(what));
}

const GRANTING: ReadonlySet<string> = new Set(['put', 'default', 'attach']);

/** A policy of Deny statements grants nothing; one whose content is not known counts as granting something. */
export function grantsToIdentity({ rule }: FoundPolicy, summary: PolicySummary | undefined): boolean {
  if (rule.kind !== 'identity') return false;
  if (rule.operation === 'unbound' || rule.operation === 'join') return true;
  return GRANTING.has(rule.operation) && !rule.limits && summary?.allows !== false;
}

/** Whether the call writes, attaches or puts in force a policy that has no Allow. A limit may well have none. */
export function givesOnlyDenials({ rule }: FoundPolicy, summary: PolicySummary | undefined): boolean {
  return GRANTING.has(rule.operation) && !rule.limits && summary?.allows === false;
}

/** Whether a trust policy names the caller itself, or the role that it acts by. */
export function namesCaller(principals: readonly Principal[], identity: UserIdentity): boolean {
  const arns = [identity.arn, identity.sessionIssuer?.arn].filter((arn) => arn !== undefined);
  return principals.some(({ type, name }) => type === 'AWS' && arns.includes(name));
}
