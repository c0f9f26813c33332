import type { CloudTrailRecord } from '../../event/cloudtrail-record.ts';
import type { PolicyEventRule } from '../../tables/policy-events.ts';
import type { RememberedPolicies } from '../memory/remembered-policies.ts';
import { accountOfRecord } from './account-of-record.ts';
import { subjectOf } from './find-policy.ts';
import { boundaryKey, resourceKey, trustKey } from './policy-keys.ts';
import { areNamedLikeAws, changeAt } from './remember-policy.ts';

/**
 * Keeps that an identity or a resource was deleted. AWS asks for its policies and groups to be taken from an identity
 * before, so that only what it always has is left: its boundary, and the trust policy of a role.
 */
export function rememberLifetime(
  record: CloudTrailRecord,
  rule: PolicyEventRule,
  remembered: RememberedPolicies,
): void {
  const subject = subjectOf(record, rule);
  const account = accountOfRecord(record);
  const { eventTime: at, eventId, awsRegion } = record;
  if (subject === undefined || at === undefined || record.errorCode !== undefined) return;
  if (!areNamedLikeAws([subject, account, eventId, awsRegion])) return;
  const gone = { ...changeAt(at, eventId), inForce: true };
  if (rule.kind === 'resource') {
    remembered.addState(resourceKey(record, rule, subject), gone);
    return;
  }
  remembered.setBoundary(boundaryKey(account, subject), at, undefined);
  if (subject.startsWith('role/')) remembered.addState(trustKey(account, subject), gone);
}
