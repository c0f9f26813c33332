import type { PolicyOperation } from '../../tables/policy-events.ts';
import type { Holding } from '../memory/policy-memory.ts';
import type { RememberedPolicies } from '../memory/remembered-policies.ts';
import type { PolicySummary } from '../policy-summary.ts';
import type { FoundPolicy } from './find-policy.ts';
import { arnKey, boundaryKey, holderKey, namesKey, policyKey } from './policy-keys.ts';
import { rememberPolicy } from './remember-policy.ts';

/** What is no more of the old name once it is of the new one. */
const UNDONE: Partial<Record<PolicyOperation, PolicyOperation>> = {
  put: 'delete',
  attach: 'detach',
  join: 'leave',
  bound: 'unbound',
};

interface RenamingSince extends Holding {
  readonly role: 'subject' | 'group';
}

/**
 * Keeps a call that arrives after the renaming which it came before: what the renaming would have taken along is of the
 * new name from then on. One that a later call under the old name made past is left.
 */
export function followRenaming(
  found: FoundPolicy,
  summary: PolicySummary | undefined,
  remembered: RememberedPolicies,
): void {
  const renaming = renamingSince(found, remembered);
  if (renaming === undefined || !isLast(found, renaming.at, remembered)) return;
  const then = { ...found, at: renaming.at };
  const undone = UNDONE[found.rule.operation];
  if (undone !== undefined) {
    const rule = { ...found.rule, operation: undone };
    rememberPolicy({ ...then, rule }, undefined, remembered);
  }
  const renamed = { ...then, [renaming.role]: renaming.what };
  rememberPolicy(renamed, summary, remembered);
  followRenaming(renamed, summary, remembered);
}

/** The first of the principal and of the group that the call names. */
function renamingSince(
  { account, at, subject, group, rule }: FoundPolicy,
  remembered: RememberedPolicies,
): RenamingSince | undefined {
  if (at === undefined || rule.kind !== 'identity' || rule.remember === false) return undefined;
  const since = (name: string | undefined, role: RenamingSince['role']) => {
    const isRenamed = name?.startsWith('user/') || name?.startsWith('group/');
    const change = isRenamed ? remembered.changeAfter(namesKey(account, name ?? ''), at) : undefined;
    return change && { ...change, role };
  };
  const [own, ofGroup] = [since(subject, 'subject'), since(group, 'group')];
  return own !== undefined && (ofGroup === undefined || own.at <= ofGroup.at) ? own : ofGroup;
}

/** Whether nothing later is known, before that time, of what the call changed. */
function isLast(found: FoundPolicy, before: number, remembered: RememberedPolicies): boolean {
  const { account, at, rule, subject = '', group, arn } = found;
  if (rule.operation === 'bound' || rule.operation === 'unbound')
    return remembered.changeBefore(boundaryKey(account, subject), before)?.at === at;
  const what = group ?? (arn === undefined ? policyKey(found) : arnKey(arn));
  return remembered.changeBefore(holderKey(account, subject), before, what)?.at === at;
}
