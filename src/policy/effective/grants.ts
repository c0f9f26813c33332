import type { Limit } from '../document/condition-strength.ts';
import type { PolicyStatement } from '../document/policy-document.ts';
import { ActionSet } from '../patterns/action-set.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import { CONFIDENCES, type Confidence } from '../policy-findings.ts';
import { add, type ByConfidence, type Denied, lower, rank, unionOf } from './by-confidence.ts';
import type { EffectiveData } from './effective-data.ts';
import { NamedGrants, type OnNames } from './named-grants.ts';
import { type OnOwnUser, OwnUserGrants } from './own-user-grants.ts';
import { NO_ROLES, RolePassing } from './role-passing.ts';
import { absentActions, namedActions, touchedActions, unlimitedActions } from './statement-actions.ts';
import { type OnTargets, TargetedGrants } from './targeted-grants.ts';

/** What a policy allows without limits on resources, by how sure that is. The sets have nothing in common. */
export interface Grants {
  readonly sure: Readonly<ByConfidence>;
  /** All of them together. */
  readonly all: ActionSet;
  /** Actions that some statement allows without limits, before any Deny, statement by statement. */
  readonly sources: readonly { readonly statement: number; readonly actions: ActionSet }[];
  /** Actions that some Allow names by a wildcard, so that its reach grows with AWS's list. */
  readonly wild: ActionSet;
  /** What an absolute Deny takes away, from every policy of the same principal too. */
  readonly denied: ActionSet | undefined;
  /** Statements that allow iam:PassRole for some roles only; empty where it is denied altogether. */
  readonly someRoles: readonly number[];
  /** Services that roles can be passed to, of those that matter; `undefined` where that is every service. */
  readonly passedTo: readonly string[] | undefined;
  /** What it allows on the user who holds it. */
  readonly onOwnUser: OnOwnUser;
  readonly onTargets: OnTargets;
  readonly onNames: OnNames;
}

const EVERY_LIMIT: readonly Limit[] = ['principal', 'service', 'network', 'session', 'target'];

/**
 * `undefined` where the policy costs more work than any that AWS accepts. `account` is that of the policy's holder, where
 * it is known.
 */
export function readGrants(
  statements: readonly PolicyStatement[],
  data: EffectiveData,
  budget: WorkBudget,
  account?: string,
): Grants | undefined {
  const size = data.table.all.length;
  const allowed: ByConfidence = {};
  const sources: { statement: number; actions: ActionSet }[] = [];
  const wild = ActionSet.empty(size);
  const denied: Denied = {};
  const ownUser = new OwnUserGrants(data);
  const roles = new RolePassing(data, budget, account);
  const targeted = new TargetedGrants(data);
  const byName = new NamedGrants(data, account, (statement) => confidenceOf(statement, data));
  for (const statement of statements) {
    const named = namedActions(statement, data, budget, statement.allow ? wild : undefined);
    if (named === undefined) return undefined;
    if (!statement.allow) {
      if (!deny(statement, named, denied, data, budget, account)) return undefined;
      ownUser.deny(statement, named);
      targeted.deny(statement, named);
      byName.deny(statement, named);
      if (named.has(data.passRole)) roles.deny(statement);
      continue;
    }
    const open = unlimitedActions(statement, named, data, budget, account);
    if (open === undefined) return undefined;
    const confidence = confidenceOf(statement, data);
    ownUser.allow(statement, named, confidence);
    targeted.allow(statement, named, confidence);
    byName.allow(statement, named, open, confidence);
    if (!open.isEmpty()) {
      add(allowed, confidence, open);
      sources.push({ statement: statement.index, actions: open });
    }
    if (named.has(data.passRole)) roles.allow(statement, open.has(data.passRole));
  }
  const passed = denied.all?.has(data.passRole) ? NO_ROLES : roles.after();
  const sure = rank(allowed, denied, size);
  const onTargets = targeted.confidences();
  const sureness = (index: number) => stepConfidence(index, { sure, onTargets });
  const onNames = byName.methods(sureness, denied);
  if (budget.isSpent) return undefined;
  return {
    sure,
    all: unionOf(sure, size),
    sources,
    wild,
    denied: denied.all,
    someRoles: passed.some,
    passedTo: passed.services,
    onOwnUser: ownUser.after(denied),
    onTargets,
    onNames,
  };
}

/** Adds what a Deny takes away; false once the budget is used up. */
function deny(
  statement: PolicyStatement,
  named: ActionSet,
  denied: Denied,
  data: EffectiveData,
  budget: WorkBudget,
  account: string | undefined,
): boolean {
  const sure = statement.conditions.length === 0;
  const absent = sure ? absentActions(statement, named, data, budget, account) : undefined;
  if (budget.isSpent) return false;
  if (absent !== undefined) add(denied, 'all', absent);
  if (absent === named) return true;
  const touched = touchedActions(statement, named, data, budget);
  if (touched !== undefined) add(denied, 'some', touched);
  return touched !== undefined;
}

/** How sure it is that an action of a method can be used; `undefined` where a resource that it needs too is missing. */
export function stepConfidence(
  index: number,
  { sure, onTargets }: Pick<Grants, 'sure' | 'onTargets'>,
): Confidence | undefined {
  const confidence = CONFIDENCES.find((level) => sure[level]?.has(index));
  if (confidence === undefined || !onTargets.has(index)) return confidence;
  const together = onTargets.get(index);
  return together && lower(confidence, together);
}

function confidenceOf(statement: PolicyStatement, data: EffectiveData): Confidence {
  const strength = data.conditions.of(statement.conditions, EVERY_LIMIT);
  return strength === 'none' ? 'high' : strength === 'weak' ? 'medium' : 'low';
}
