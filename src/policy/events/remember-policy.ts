import type { PolicyState } from '../memory/policy-memory.ts';
import type { RememberedPolicies } from '../memory/remembered-policies.ts';
import type { PolicySummary } from '../policy-summary.ts';
import type { FoundPolicy } from './find-policy.ts';
import {
  arnKey,
  boundaryKey,
  boundedKey,
  holderKey,
  holdersKey,
  membersKey,
  policyKey,
} from './policy-keys.ts';

/**
 * IAM API Reference: an ARN has up to 2,048 characters, and names, ids and paths are shorter. What is remembered is
 * kept for days.
 */
const LONGEST_NAME = 2048;

export function areNamedLikeAws(names: readonly (string | undefined)[]): boolean {
  return names.every((text) => (text?.length ?? 0) <= LONGEST_NAME);
}

/** What tells one change from another. */
export function changeAt(at: number, event: string | undefined): Pick<PolicyState, 'at' | 'event'> {
  return event === undefined ? { at } : { at, event };
}

function isNamedLikeAws(found: FoundPolicy): boolean {
  const { arn, name, subject, group, boundary, versionId, event, region, account } = found;
  return areNamedLikeAws([arn, name, subject, group, boundary, versionId, event, region, account]);
}

/**
 * Keeps what a call that succeeded did, at the time of its event; a record without a time, or with names longer than
 * any of AWS's, teaches nothing.
 */
export function rememberPolicy(
  found: FoundPolicy,
  summary: PolicySummary | undefined,
  remembered: RememberedPolicies,
): void {
  const { at, event, rule } = found;
  if (at === undefined || rule.remember === false || !isNamedLikeAws(found)) return;
  const key = policyKey(found);
  if (key !== undefined) rememberState(key, found, summary, changeAt(at, event), remembered);
  rememberHolding(found, key, at, remembered);
}

/** AWS's own policies are in a table, so that only their holders are remembered. */
function rememberState(
  key: string,
  { rule, versionId, effectiveNow }: FoundPolicy,
  summary: PolicySummary | undefined,
  change: Pick<PolicyState, 'at' | 'event'>,
  remembered: RememberedPolicies,
): void {
  const version = versionId === undefined ? {} : { versionId };
  switch (rule.operation) {
    case 'put':
    case 'default': {
      // Of a version that was not seen it is known that the one before it is in force no more.
      if (summary === undefined && (rule.operation === 'put' || versionId === undefined)) return;
      // A policy that was just created allows what it says as soon as it is attached.
      const inForce = effectiveNow || rule.effective === 'never';
      remembered.addState(key, { ...change, ...version, inForce, ...(summary && { summary }) });
      return;
    }
    case 'delete':
      remembered.addState(key, { ...change, inForce: true });
  }
}

/** One that is made has no boundary of one that had its name; it may get one in the same second. */
export function startUnbounded(key: string, at: number, remembered: RememberedPolicies): void {
  remembered.setBoundary(key, at - 1, undefined);
}

function rememberHolding(
  { account, rule, arn, name, subject, group, boundary }: FoundPolicy,
  key: string | undefined,
  at: number,
  remembered: RememberedPolicies,
): void {
  if (subject === undefined) return;
  const hold = (holder: string, what: string, held: boolean) =>
    remembered.addHolding(holder, { at, what, held });
  const bind = (policy: string) => rememberBoundary(account, subject, at, arnKey(policy), remembered);
  if (boundary !== undefined) bind(boundary);
  else if (rule.boundary !== undefined) startUnbounded(boundaryKey(account, subject), at, remembered);
  switch (rule.operation) {
    case 'put':
    case 'delete':
      if (rule.kind === 'identity' && !rule.limits && key !== undefined) {
        hold(holderKey(account, subject), key, rule.operation === 'put');
      }
      return;
    case 'attach':
    case 'detach':
      if (arn === undefined) return;
      hold(holderKey(account, subject), arnKey(arn), rule.operation === 'attach');
      hold(holdersKey(arn), subject, rule.operation === 'attach');
      return;
    case 'join':
    case 'leave':
      if (group === undefined) return;
      hold(holderKey(account, subject), group, rule.operation === 'join');
      hold(membersKey(account, group), subject, rule.operation === 'join');
      return;
    case 'bound':
      // IAM Identity Center names a customer's policy, whose content differs by account: it is not known.
      bind(arn ?? name ?? '');
      return;
    case 'unbound':
      remembered.setBoundary(boundaryKey(account, subject), at, undefined);
  }
}

/** Keeps which policy bounds a principal from a time on, by its key. */
export function rememberBoundary(
  account: string | undefined,
  subject: string,
  at: number,
  policy: string,
  remembered: RememberedPolicies,
): void {
  remembered.setBoundary(boundaryKey(account, subject), at, policy);
  // Nobody in the account can change what one of AWS's says.
  if (!OF_AWS.test(policy)) remembered.addHolding(boundedKey(policy), { at, what: subject, held: true });
}

const OF_AWS = /^policy arn:[^:]*:iam::aws:/;
