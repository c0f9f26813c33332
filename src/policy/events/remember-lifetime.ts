import type { CloudTrailRecord } from '../../event/cloudtrail-record.ts';
import type { LifetimeRule, PolicyRule } from '../../tables/policy-events.ts';
import { firstText } from '../document/event-fields.ts';
import type { RememberedPolicies } from '../memory/remembered-policies.ts';
import { type CallFacts, factsOfCall } from './call-facts.ts';
import { subjectOf } from './find-policy.ts';
import { boundaryKey, namesKey, resourceKey, trustKey } from './policy-keys.ts';
import { areNamedLikeAws, changeAt, startUnbounded } from './remember-policy.ts';
import { rememberRenaming } from './remember-renaming.ts';

/** Keeps that an identity or a resource was deleted, or has another name, by a call that succeeded. */
export function rememberLifetime(
  record: CloudTrailRecord,
  rule: LifetimeRule,
  remembered: RememberedPolicies,
): void {
  const subject = subjectOf(record, rule);
  const call = factsOfCall(record);
  const { account, at, event, region } = call;
  if (subject === undefined || at === undefined) return;
  const newName = rule.operation === 'rename' ? firstText(record, rule.newName) : undefined;
  if (!areNamedLikeAws([subject, newName, account, event, region])) return;
  if (rule.operation === 'end') rememberEnd(call, rule, subject, at, remembered);
  else if (newName !== undefined)
    rememberRenaming(
      { account, from: subject, to: `${rule.subject.type}/${newName}`, at, event },
      remembered,
    );
}

/** Keeps that an identity was made without a boundary, by a call that succeeded and says nothing else of a policy. */
export function rememberMade(
  record: CloudTrailRecord,
  rule: PolicyRule,
  remembered: RememberedPolicies,
): void {
  if (rule.boundary === undefined || firstText(record, rule.boundary) !== undefined) return;
  const subject = subjectOf(record, rule);
  const { account, at } = factsOfCall(record);
  if (subject === undefined || at === undefined || !areNamedLikeAws([subject, account])) return;
  startUnbounded(boundaryKey(account, subject), at, remembered);
  const renaming = remembered.changeAfter(namesKey(account, subject), at);
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
  call: CallFacts,
  rule: LifetimeRule,
  subject: string,
  at: number,
  remembered: RememberedPolicies,
): void {
  const gone = { ...changeAt(at, call.event), inForce: true };
  if (rule.kind === 'resource') {
    remembered.addState(resourceKey(call, rule, subject), gone);
    return;
  }
  remembered.setBoundary(boundaryKey(call.account, subject), at, undefined);
  if (subject.startsWith('role/')) remembered.addState(trustKey(call.account, subject), gone);
}
