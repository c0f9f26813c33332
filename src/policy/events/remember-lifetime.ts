import { accountOfRecord } from '../../event/account-of-record.ts';
import type { CloudTrailRecord } from '../../event/cloudtrail-record.ts';
import type { PolicyEventRule } from '../../tables/policy-events.ts';
import { firstText } from '../document/event-fields.ts';
import type { RememberedPolicies } from '../memory/remembered-policies.ts';
import { subjectOf } from './find-policy.ts';
import { boundaryKey, namesKey, resourceKey, trustKey } from './policy-keys.ts';
import { areNamedLikeAws, changeAt, startUnbounded } from './remember-policy.ts';
import { type Renaming, rememberRenaming } from './remember-renaming.ts';

/** Keeps that an identity or a resource was deleted, or has another name, by a call that succeeded. */
export function rememberLifetime(
  record: CloudTrailRecord,
  rule: PolicyEventRule,
  remembered: RememberedPolicies,
): void {
  const subject = subjectOf(record, rule);
  const account = accountOfRecord(record);
  const { eventTime: at, eventId, awsRegion } = record;
  if (subject === undefined || at === undefined) return;
  const newName = firstText(record, rule.newName);
  if (!areNamedLikeAws([subject, newName, account, eventId, awsRegion])) return;
  if (rule.operation === 'end')
    rememberEnd(record, rule, { account, from: subject, at, event: eventId }, remembered);
  else if (newName !== undefined)
    rememberRenaming(
      { account, from: subject, to: `${rule.subject?.type}/${newName}`, at, event: eventId },
      remembered,
    );
}

/** Keeps that an identity was made without a boundary, by a call that succeeded and says nothing else of a policy. */
export function rememberMade(
  record: CloudTrailRecord,
  rule: PolicyEventRule,
  remembered: RememberedPolicies,
): void {
  if (rule.boundary === undefined || firstText(record, rule.boundary) !== undefined) return;
  const subject = subjectOf(record, rule);
  const account = accountOfRecord(record);
  if (subject === undefined || record.eventTime === undefined || !areNamedLikeAws([subject, account])) return;
  startUnbounded(boundaryKey(account, subject), record.eventTime, remembered);
  const renaming = remembered.changeAfter(namesKey(account, subject), record.eventTime);
  if (renaming === undefined) return;
  // It arrives after the renaming that it came before, which could not take along what was not known yet.
  rememberRenaming(
    { account, from: subject, to: renaming.what, at: renaming.at, event: undefined },
    remembered,
  );
}

/**
 * AWS asks for its policies and groups to be taken from an identity before, so that only what it always has is left:
 * its boundary, and the trust policy of a role.
 */
function rememberEnd(
  record: CloudTrailRecord,
  rule: PolicyEventRule,
  { account, from: subject, at, event }: Omit<Renaming, 'to'>,
  remembered: RememberedPolicies,
): void {
  const gone = { ...changeAt(at, event), inForce: true };
  if (rule.kind === 'resource') {
    remembered.addState(resourceKey(record, rule, subject), gone);
    return;
  }
  remembered.setBoundary(boundaryKey(account, subject), at, undefined);
  if (subject.startsWith('role/')) remembered.addState(trustKey(account, subject), gone);
}
