import { ActionSet } from './action-set.ts';
import type { Admission } from './checks/principal-check.ts';
import type { EffectiveData } from './effective-data.ts';
import type { PolicyStatement } from './policy-document.ts';
import { admitsEveryone, isEveryone } from './principals.ts';
import { coversAll } from './resource-cover.ts';
import { namedActions } from './statement-actions.ts';
import { matchesEverything } from './wildcard.ts';
import type { WorkBudget } from './work-budget.ts';

interface Denial {
  readonly statement: PolicyStatement;
  readonly actions: ActionSet;
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
  const denials: Denial[] = [];
  const allows: Denial[] = [];
  for (const statement of statements) {
    const actions = namedActions(statement, data, budget);
    if (actions === undefined) return undefined;
    (statement.allow ? allows : denials).push({ statement, actions });
  }
  const denied = ActionSet.empty(data.table.all.length);
  for (const denial of denials) if (isAbsolute(denial.statement)) denied.addAll(denial.actions);
  const partial = denials.filter((denial) => !isAbsolute(denial.statement));
  return allows.flatMap(({ statement, actions: named }) => {
    const actions = named.copy();
    actions.removeAll(denied);
    if (actions.isEmpty() && !named.isEmpty()) return [];
    return [{ statement, actions, hedged: hedgeOf(statement, actions, partial, data, budget) }];
  });
}

/** Everyone, whatever the request, on everything: a trust policy has no resources of its own. */
function isAbsolute(statement: PolicyStatement): boolean {
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

/**
 * A Deny of everyone but those whom a condition names (StringNotEquals aws:PrincipalOrgID, NotIpAddress) closes what
 * an Allow opens; one that only asks for encryption or the like does not.
 */
function hedgeOf(
  allow: PolicyStatement,
  actions: ActionSet,
  denials: readonly Denial[],
  data: EffectiveData,
  budget: WorkBudget,
): Admission['hedged'] {
  const met = denials.filter((denial) => denial.actions.meets(actions) && isAbout(denial.statement));
  if (
    met.some(
      ({ statement, actions: denied }) =>
        denied.includesAll(actions) && names(statement, allow, data, budget),
    )
  ) {
    return 'strongly';
  }
  return met.length > 0 ? 'partly' : 'no';
}

/** NotPrincipal of `*` leaves nobody to be denied. */
function isAbout(deny: PolicyStatement): boolean {
  return deny.otherPrincipals ? !deny.principals.some(isEveryone) : deny.principals.length > 0;
}

function names(
  deny: PolicyStatement,
  allow: PolicyStatement,
  data: EffectiveData,
  budget: WorkBudget,
): boolean {
  if (!admitsEveryone(deny)) return false;
  const turnsAway = deny.conditions.every((condition) =>
    data.conditions.turnsOthersAway(condition, ['principal', 'network']),
  );
  return turnsAway && coversResources(deny, allow, budget);
}

function coversResources(deny: PolicyStatement, allow: PolicyStatement, budget: WorkBudget): boolean {
  if (deny.otherResources) return false;
  if (deny.resources.length === 0 || deny.resources.some(matchesEverything)) return true;
  const listed = !allow.otherResources && allow.resources.length > 0;
  return listed && coversAll(deny.resources, allow.resources, budget);
}
