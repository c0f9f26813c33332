import type { PolicyStatement } from '../document/policy-document.ts';
import { admitsEveryone } from '../document/principals.ts';
import { ActionSet } from '../patterns/action-set.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import { AccountDenials } from './account-denials.ts';
import { DenialIndex } from './denial-index.ts';
import type { TurnsAway } from './denial-reach.ts';
import type { EffectiveData } from './effective-data.ts';
import { type Hedge, Hedges } from './hedges.ts';
import { type NamedStatement, namedActions } from './statement-actions.ts';
import { UnknownActions } from './unknown-actions.ts';

/** An Allow of a resource or trust policy, with what the Deny statements leave of its actions. */
export interface Admission {
  readonly statement: PolicyStatement;
  readonly actions: ActionSet;
  /** A Deny takes away from those whom a strong condition does not name, or a part of what is allowed. */
  readonly hedged: Hedge;
  /** A Deny leaves nothing of it to this caller. */
  readonly turnsAway: TurnsAway;
  /** Accounts that a Deny of everyone else names; another one may turn them away all the same. */
  readonly spared: ReadonlySet<string>;
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
  const names = new Set<string>();
  for (const statement of statements) {
    const actions = namedActions(statement, data, budget, undefined, statement.allow ? names : undefined);
    if (actions === undefined) return undefined;
    (statement.allow ? allows : denials).push({ statement, actions });
  }
  const denied = new Denials(denials, data.table.all.length, data, budget);
  const ofKnown = admit(allows, denied);
  if (ofKnown === undefined || names.size === 0) return ofKnown?.filter((one) => one !== undefined);
  const unknown = new UnknownActions(names);
  const unknownDenials = unknown.deniedBy(
    denials.map(({ statement }) => statement),
    budget,
  );
  if (unknownDenials === undefined) return undefined;
  const named = allows.map(({ statement }) => ({ statement, actions: unknown.allowedBy(statement) }));
  const ofUnknown = admit(named, new Denials(unknownDenials, unknown.size, data, budget));
  const nothing = ActionSet.empty(data.table.all.length);
  return ofUnknown
    ?.map((other, at) => both(ofKnown[at], other && { ...other, actions: nothing }))
    .filter((one) => one !== undefined);
}

/** What the Deny statements leave of each Allow, `undefined` for nothing, or of all where the budget is used up. */
function admit(allows: readonly NamedStatement[], denials: Denials): (Admission | undefined)[] | undefined {
  const admissions: (Admission | undefined)[] = [];
  for (const allowed of allows) {
    const admission = denials.leave(allowed);
    if (admission === undefined) return undefined;
    admissions.push(admission === 'nothing' ? undefined : admission);
  }
  return admissions;
}

/** Of one Allow, what it allows of the actions that are known, and of those that are not. */
function both(known: Admission | undefined, unknown: Admission | undefined): Admission | undefined {
  if (known === undefined || unknown === undefined) return known ?? unknown;
  return {
    ...known,
    hedged: known.hedged === unknown.hedged ? known.hedged : 'partly',
    turnsAway: (caller) => known.turnsAway(caller) && unknown.turnsAway(caller),
  };
}

/** The Deny statements of a policy, asked about sets of `size` actions. */
class Denials {
  readonly #absolute: DenialIndex;
  readonly #hedges: Hedges;
  readonly #accounts: AccountDenials;

  constructor(denials: readonly NamedStatement[], size: number, data: EffectiveData, budget: WorkBudget) {
    this.#absolute = new DenialIndex(size, budget);
    for (const denial of denials) if (isAbsoluteForEveryone(denial.statement)) this.#absolute.add(denial);
    this.#hedges = new Hedges(denials, data, size, budget);
    this.#accounts = new AccountDenials(denials, size, data.conditions, budget);
  }

  /** `undefined` where the budget is used up. */
  leave({ statement, actions: named }: NamedStatement): Admission | 'nothing' | undefined {
    const actions = this.#absolute.leaves(statement, named);
    if (actions === undefined) return undefined;
    if (actions.isEmpty()) return 'nothing';
    const hedged = this.#hedges.of(statement, actions);
    if (hedged === undefined) return undefined;
    const { spared } = this.#accounts;
    return { statement, actions, hedged, turnsAway: this.#accounts.of(statement, actions), spared };
  }
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
