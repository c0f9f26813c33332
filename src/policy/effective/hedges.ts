import type { PolicyStatement } from '../document/policy-document.ts';
import { admitsEveryone, isEveryone } from '../document/principals.ts';
import { ActionSet } from '../patterns/action-set.ts';
import { coversAll } from '../patterns/resource-cover.ts';
import { firstWildcard, matchesEverything } from '../patterns/wildcard.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import type { EffectiveData } from './effective-data.ts';

/** A statement of a resource or trust policy with the actions that it names. */
export interface NamedStatement {
  readonly statement: PolicyStatement;
  readonly actions: ActionSet;
}

export type Hedge = 'no' | 'partly' | 'strongly';

/** A Deny of everyone but those whom its conditions name. */
interface Closing {
  readonly actions: ActionSet;
  readonly resources: ReadonlySet<string>;
}

/** Two sets of actions take longer to compare than two names. */
const SET_COST = 8;

/**
 * What Deny statements of a part leave of an Allow. They are sorted by the resources that they name, so that an Allow
 * is not held against all of them; what is left to compare is charged to the budget.
 */
export class Hedges {
  readonly #budget: WorkBudget;
  /** Denied for somebody, somewhere or under some condition. */
  readonly #denied: ActionSet;
  readonly #everywhere: Closing[] = [];
  /** Those that name a resource by a wildcard. */
  readonly #wide: Closing[] = [];
  readonly #byResource = new Map<string, Closing[]>();

  constructor(denials: readonly NamedStatement[], data: EffectiveData, budget: WorkBudget) {
    this.#budget = budget;
    this.#denied = ActionSet.empty(data.table.all.length);
    for (const { statement, actions } of denials) {
      if (!isAbout(statement)) continue;
      this.#denied.addAll(actions);
      if (closes(statement, data)) this.#addClosing(statement, actions);
    }
  }

  #addClosing({ resources }: PolicyStatement, actions: ActionSet): void {
    const closing = { actions, resources: new Set(resources) };
    if (resources.length === 0 || resources.some(matchesEverything)) {
      this.#everywhere.push(closing);
      return;
    }
    if (resources.some((resource) => firstWildcard(resource) >= 0)) {
      this.#wide.push(closing);
      return;
    }
    for (const resource of closing.resources) {
      const known = this.#byResource.get(resource);
      if (known === undefined) this.#byResource.set(resource, [closing]);
      else known.push(closing);
    }
  }

  /** `undefined` where the budget is used up. */
  of({ resources, otherResources }: PolicyStatement, actions: ActionSet): Hedge | undefined {
    if (!this.#denied.meets(actions)) return 'no';
    const [first] = resources;
    // Who names no resources may mean any, and is closed by what is denied everywhere.
    const isListed = first !== undefined && !otherResources;
    const named = isListed ? (this.#byResource.get(first) ?? []) : [];
    const wide = isListed ? this.#wide : [];
    const sets = this.#everywhere.length + named.length + wide.length;
    if (!this.#budget.spend(SET_COST * sets + resources.length * named.length)) return undefined;
    const closed =
      this.#everywhere.some((closing) => closing.actions.includesAll(actions)) ||
      named.some(
        (closing) =>
          closing.actions.includesAll(actions) &&
          resources.every((resource) => closing.resources.has(resource)),
      ) ||
      wide.some(
        (closing) =>
          closing.actions.includesAll(actions) && coversAll([...closing.resources], resources, this.#budget),
      );
    if (this.#budget.isSpent) return undefined;
    return closed ? 'strongly' : 'partly';
  }
}

/** NotPrincipal of `*` leaves nobody to be denied. */
function isAbout({ principals, otherPrincipals }: PolicyStatement): boolean {
  return otherPrincipals ? !principals.some(isEveryone) : principals.length > 0;
}

/**
 * A Deny of everyone but those whom a condition names (StringNotEquals aws:PrincipalOrgID, NotIpAddress) closes what
 * an Allow opens; one that only asks for encryption or the like does not.
 */
function closes(deny: PolicyStatement, data: EffectiveData): boolean {
  if (!admitsEveryone(deny) || deny.otherResources) return false;
  return deny.conditions.every((condition) =>
    data.conditions.turnsOthersAway(condition, ['principal', 'network']),
  );
}
