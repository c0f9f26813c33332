import { ActionSet } from './action-set.ts';
import type { EffectiveData } from './effective-data.ts';
import type { PolicyStatement } from './policy-document.ts';
import { admitsEveryone } from './principals.ts';
import { matchesEverything } from './wildcard.ts';
import type { WorkBudget } from './work-budget.ts';

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
  readonly #closings: Closing[] = [];
  readonly #everywhere: Closing[] = [];
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
    this.#closings.push(closing);
    if (resources.length === 0 || resources.some(matchesEverything)) {
      this.#everywhere.push(closing);
      return;
    }
    for (const resource of closing.resources) {
      const known = this.#byResource.get(resource);
      if (known === undefined) this.#byResource.set(resource, [closing]);
      else known.push(closing);
    }
  }

  /** `undefined` where the budget is used up. */
  of({ resources }: PolicyStatement, actions: ActionSet): Hedge | undefined {
    if (!this.#denied.meets(actions)) return 'no';
    const [first] = resources;
    const named = first === undefined ? this.#closings : (this.#byResource.get(first) ?? []);
    const cost = SET_COST * this.#everywhere.length + (SET_COST + resources.length) * named.length;
    if (!this.#budget.spend(cost)) return undefined;
    const closed =
      this.#everywhere.some((closing) => closing.actions.includesAll(actions)) ||
      named.some(
        (closing) =>
          closing.actions.includesAll(actions) &&
          resources.every((resource) => closing.resources.has(resource)),
      );
    return closed ? 'strongly' : 'partly';
  }
}

function isAbout({ principals, otherPrincipals }: PolicyStatement): boolean {
  return otherPrincipals || principals.length > 0;
}

/**
 * A Deny of everyone but those whom a condition names (StringNotEquals aws:PrincipalOrgID, NotIpAddress) closes what
 * an Allow opens; one that only asks for encryption or the like does not.
 */
function closes(deny: PolicyStatement, data: EffectiveData): boolean {
  if (!admitsEveryone(deny) || deny.otherResources) return false;
  return deny.conditions.every(({ operator, key }) => {
    const row = data.conditions.find(key);
    const negated = operator.includes('not');
    return negated && (row?.limits === 'principal' || row?.limits === 'network');
  });
}
