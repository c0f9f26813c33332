import type { CloudTrailRecord } from '../../event/cloudtrail-record.ts';
import type { PolicyEventRule } from '../../tables/policy-events.ts';
import type { RememberedPolicies } from '../memory/remembered-policies.ts';
import { accountOfRecord } from './account-of-record.ts';
import { subjectOf } from './find-policy.ts';
import { boundaryKey, trustKey } from './policy-keys.ts';
import { areNamedLikeAws, changeAt } from './remember-policy.ts';

/**
 * Keeps that an identity was deleted. AWS asks for its policies and groups to be taken from it before, so that only what
 * it always has is left: its boundary, and the trust policy of a role.
 */
export function rememberIdentity(
  record: CloudTrailRecord,
  rule: PolicyEventRule,
  remembered: RememberedPolicies,
): void {
  const subject = subjectOf(record, rule);
  const account = accountOfRecord(record);
  const { eventTime: at, eventId } = record;
  if (subject === undefined || at === undefined || record.errorCode !== undefined) return;
  if (!areNamedLikeAws([subject, account, eventId])) return;
  remembered.setBoundary(boundaryKey(account, subject), at, undefined);
  if (subject.startsWith('role/'))
    remembered.addState(trustKey(account, subject), { ...changeAt(at, eventId), inForce: true });
}
