import type { PolicyKind } from '../../tables/policy-events.ts';
import type { Condition, PolicyStatement } from '../document/policy-document.ts';
import { accountOf, admitsEveryone } from '../document/principals.ts';
import { matchesEverything, wildcardTest } from '../patterns/wildcard.ts';
import type { Lockout } from '../policy-findings.ts';
import { isOnEverything } from './statement-actions.ts';

/**
 * Whether a Deny shuts out everyone whom the policy is about: the holder of an identity policy from everything, or all
 * users of a resource or a role, but for strangers that it spares. That is how access is taken away from its owners
 * (T1531), or held to ransom. A Deny that spares principals of the own account, an organization or those who come by
 * TLS guards a resource, and one that looks at when a session began only ends old ones.
 */
export function findLockout(
  statements: readonly PolicyStatement[],
  kind: PolicyKind,
  account: string | undefined,
): Lockout | undefined {
  const spared = new Set<string>();
  let found = false;
  for (const statement of statements) {
    if (statement.allow || !takesAll(statement, kind)) continue;
    const strangers = kind === 'identity' ? sparedByNobody(statement) : sparedStrangers(statement, account);
    if (strangers === undefined) continue;
    found = true;
    for (const stranger of strangers) spared.add(stranger);
  }
  return found ? { spared: [...spared].sort() } : undefined;
}

/** A Deny of single actions is a guard: a vault's policy that forbids to delete recovery points, for one. */
function takesAll(statement: PolicyStatement, kind: PolicyKind): boolean {
  if (statement.otherActions || statement.otherResources) return false;
  if (kind === 'identity') return isOnEverything(statement) && statement.actions.some(isEveryAction);
  if (kind === 'trust') return statement.actions.some((action) => wildcardTest(action.toLowerCase())(ASSUME));
  return statement.actions.some((action) => isEveryAction(action) || /^[a-z0-9-]+:\*+$/i.test(action));
}

const ASSUME = 'sts:assumerole';

function isEveryAction(action: string): boolean {
  return matchesEverything(action) || /^\*+:\*+$/.test(action);
}

function sparedByNobody({ conditions }: PolicyStatement): readonly string[] | undefined {
  return conditions.length === 0 ? [] : undefined;
}

/** `undefined` where somebody is spared who is no stranger, or may be none. */
function sparedStrangers(
  statement: PolicyStatement,
  account: string | undefined,
): readonly string[] | undefined {
  if (!admitsEveryone(statement) || !statement.conditions.every(sparesPrincipals)) return undefined;
  const spared = [
    ...(statement.otherPrincipals ? statement.principals.map(accountOf) : []),
    ...statement.conditions.flatMap(({ values }) => values.map((name) => accountOf({ type: 'AWS', name }))),
  ];
  const strangers = spared.filter((other) => other !== undefined && other !== account);
  const known = account !== undefined || spared.length === 0;
  return known && strangers.length === spared.length ? (strangers as string[]) : undefined;
}

/** A Deny of all whose account or ARN is another one than those named. */
function sparesPrincipals({ operator, key }: Condition): boolean {
  return operator.includes('not') && (key === 'aws:principalaccount' || key === 'aws:principalarn');
}
