import { accountOfRecord } from '../../event/account-of-record.ts';
import type { CloudTrailRecord, UserIdentity } from '../../event/cloudtrail-record.ts';
import type { Principal } from '../document/policy-document.ts';
import type { RememberedPolicies } from '../memory/remembered-policies.ts';
import type { PolicySummary } from '../policy-summary.ts';
import type { FoundPolicy } from './find-policy.ts';
import { holderKey } from './policy-keys.ts';

/** Whether the caller is among those who gain: itself, or a policy or group that it was seen to get. */
export function gainsItself(
  appliesTo: readonly string[],
  record: CloudTrailRecord,
  remembered: RememberedPolicies,
): boolean {
  const caller = callerOf(record);
  if (caller === undefined) return false;
  if (appliesTo.includes(caller)) return true;
  const time = record.eventTime ?? Number.POSITIVE_INFINITY;
  const holds = remembered.heldAt(holderKey(accountOfRecord(record), caller), time);
  return holds.some((what) => appliesTo.includes(what));
}

const GRANTING: ReadonlySet<string> = new Set(['put', 'default', 'attach']);

/** A policy of Deny statements grants nothing; one whose content is not known counts as granting something. */
export function grantsToIdentity({ rule }: FoundPolicy, summary: PolicySummary | undefined): boolean {
  if (rule.kind !== 'identity') return false;
  if (rule.operation === 'unbound' || rule.operation === 'join') return true;
  return GRANTING.has(rule.operation) && rule.limits !== true && summary?.allows !== false;
}

/** Whether the call writes, attaches or puts in force a policy that has no Allow. A limit may well have none. */
export function givesOnlyDenials({ rule }: FoundPolicy, summary: PolicySummary | undefined): boolean {
  return GRANTING.has(rule.operation) && rule.limits !== true && summary?.allows === false;
}

/** The caller as IAM knows it: `user/dev-intern`, or the role of its session, `role/deploy`. */
export function callerOf({ userIdentity }: CloudTrailRecord): string | undefined {
  const { type, userName, sessionIssuer } = userIdentity;
  if (type === 'IAMUser') return userName === undefined ? undefined : `user/${userName}`;
  if (sessionIssuer?.userName === undefined) return undefined;
  return `${sessionIssuer.type === 'Role' ? 'role' : 'user'}/${sessionIssuer.userName}`;
}

/** Whether a trust policy names the caller itself, or the role that it acts by. */
export function namesCaller(principals: readonly Principal[], identity: UserIdentity): boolean {
  const arns = [identity.arn, identity.sessionIssuer?.arn].filter((arn) => arn !== undefined);
  return principals.some(({ type, name }) => type === 'AWS' && arns.includes(name));
}
