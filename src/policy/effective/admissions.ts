import type { PolicyStatement } from '../document/policy-document.ts';
import { admitsEveryone } from '../document/principals.ts';
import type { ActionSet } from '../patterns/action-set.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import { AccountDenials, type TurnsAway } from './account-denials.ts';
import { DenialIndex } from './denial-index.ts';
import type { EffectiveData } from './effective-data.ts';
import { type Hedge, Hedges } from './hedges.ts';
import { type NamedStatement, namedActions } from './statement-actions.ts';

/** An Allow of a resource or trust policy, with what the Deny statements leave of its actions. */
export interface Admission {
  readonly statement: PolicyStatement;
  readonly actions: ActionSet;
  /** A Deny takes away from those whom a strong condition does not name, or a part of what is allowed. */
  readonly hedged: Hedge;
  /** A Deny leaves nothing of it to this account. */
  readonly turnsAway: TurnsAway;
}

/**
 * The Allow statements of a resource or trust policy with the actions that no Deny takes away. `undefined` where the
 * policy costs more work than any that AWS accepts.
 */
export function readAdmissions(
  statements: readonly PolicyStatement[],
  data: EffectiveData,
  budget: WorkBudget,
): Admission[] | undefined {
  const denials: NamedStatement[] = [];
  const allows: NamedStatement[] = [];
  for (const statement of statements) {
    const actions = namedActions(statement, data, budget);
    if (actions === undefined) return undefined;
    (statement.allow ? allows : denials).push({ statement, actions });
  }
  const denied = new DenialIndex(data.table.all.length, budget);
  for (const denial of denials) if (isAbsoluteForEveryone(denial.statement)) denied.add(denial);
  const hedges = new Hedges(denials, data, budget);
  const accounts = new AccountDenials(denials, data, budget);
  const admissions: Admission[] = [];
  for (const { statement, actions: named } of allows) {
    const actions = denied.leaves(statement, named);
    if (actions === undefined) return undefined;
    // Actions that AWS added since are in no set: only a Deny of all takes them away.
    if (actions.isEmpty() && (!named.isEmpty() || denied.deniesAll(data.all))) continue;
    const hedged = hedges.of(statement, actions);
    const turnsAway = accounts.of(statement, actions);
    if (hedged === undefined || turnsAway === undefined) return undefined;
    admissions.push({ statement, actions, hedged, turnsAway });
  }
  return admissions;
}

/** Everyone, whatever the request, on the resources that it names. */
function isAbsoluteForEveryone(statement: PolicyStatement): boolean {
  return (
    statement.conditions.length === 0 &&
    statement.principals.length > 0 &&
    admitsEveryone(statement) &&
    !statement.otherPrincipals &&
    !statement.otherResources
  );
}
