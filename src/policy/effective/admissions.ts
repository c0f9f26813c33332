import type { PolicyStatement } from '../document/policy-document.ts';
import { admitsEveryone } from '../document/principals.ts';
import { ActionSet } from '../patterns/action-set.ts';
import { matchesEverything } from '../patterns/wildcard.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import type { EffectiveData } from './effective-data.ts';
import { type Hedge, Hedges, type NamedStatement } from './hedges.ts';
import { namedActions } from './statement-actions.ts';

/** An Allow of a resource or trust policy, with what the Deny statements leave of its actions. */
export interface Admission {
  readonly statement: PolicyStatement;
  readonly actions: ActionSet;
  /** A Deny takes away from those whom a strong condition does not name, or a part of what is allowed. */
  readonly hedged: Hedge;
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
  const denied = ActionSet.empty(data.table.all.length);
  for (const denial of denials) if (isAbsoluteForEveryone(denial.statement)) denied.addAll(denial.actions);
  const partial = denials.filter((denial) => !isAbsoluteForEveryone(denial.statement));
  const hedges = new Hedges(partial, data, budget);
  const admissions: Admission[] = [];
  for (const { statement, actions: named } of allows) {
    const actions = named.copy();
    actions.removeAll(denied);
    if (actions.isEmpty() && !named.isEmpty()) continue;
    const hedged = hedges.of(statement, actions);
    if (hedged === undefined) return undefined;
    admissions.push({ statement, actions, hedged });
  }
  return admissions;
}

/** Everyone, whatever the request, on everything: a trust policy has no resources of its own. */
function isAbsoluteForEveryone(statement: PolicyStatement): boolean {
  const everything = statement.resources.some(matchesEverything) || statement.resources.length === 0;
  return (
    statement.conditions.length === 0 &&
    statement.principals.length > 0 &&
    admitsEveryone(statement) &&
    !statement.otherPrincipals &&
    !statement.otherResources &&
    everything
  );
}
