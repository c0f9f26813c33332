import type { PolicyStatement } from '../document/policy-document.ts';
import { ActionSet } from '../patterns/action-set.ts';
import {
  COVER_COST,
  type CoverPattern,
  READ_COST,
  readPattern,
  takesIn,
} from '../patterns/resource-cover.ts';
import { firstWildcard, matchesEverything } from '../patterns/wildcard.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import type { NamedStatement } from './statement-actions.ts';

/** Two sets of actions take longer to compare than two names. */
const SET_COST = 8;

interface DeniedPattern {
  readonly pattern: CoverPattern;
  readonly actions: ActionSet;
}

/**
 * What some Deny statements take away, sorted by the resources that they name, so that an Allow is not held against all
 * of them; what is left to compare is charged to the budget.
 */
export class DenialIndex {
  readonly #size: number;
  readonly #budget: WorkBudget;
  readonly #everywhere: ActionSet;
  /** Names and patterns, as they are written. */
  readonly #byResource = new Map<string, ActionSet[]>();
  readonly #patterns: DeniedPattern[] = [];

  /** `size` is the number of actions that the sets are about. */
  constructor(size: number, budget: WorkBudget) {
    this.#size = size;
    this.#budget = budget;
    this.#everywhere = ActionSet.empty(size);
  }

  add({ statement: { resources }, actions }: NamedStatement): void {
    if (resources.length === 0 || resources.some(matchesEverything)) {
      this.#everywhere.addAll(actions);
      return;
    }
    for (const resource of new Set(resources)) {
      const known = this.#byResource.get(resource);
      if (known === undefined) this.#byResource.set(resource, [actions]);
      else known.push(actions);
      if (firstWildcard(resource) >= 0) this.#patterns.push({ pattern: readPattern(resource), actions });
    }
  }

  /**
   * The actions of an Allow that are still there on one of its resources at least: the same set where that is all of
   * them. `undefined` where the budget is used up. Who names no resources may mean any, and loses what is denied
   * everywhere.
   */
  leaves({ resources, otherResources }: PolicyStatement, actions: ActionSet): ActionSet | undefined {
    if (!this.#budget.spend(SET_COST)) return undefined;
    const somewhere = ActionSet.empty(this.#size);
    if (this.#everywhere.includesAll(actions)) return somewhere;
    const left = without(actions, this.#everywhere);
    const isListed = resources.length > 0 && !otherResources;
    if (!isListed || this.#byResource.size === 0) return left;
    for (const resource of new Set(resources)) {
      const here = this.#leavesOn(resource, left);
      if (here === undefined || here === left) return here;
      somewhere.addAll(here);
    }
    return somewhere.includesAll(left) ? left : somewhere;
  }

  #leavesOn(resource: string, actions: ActionSet): ActionSet | undefined {
    const named = this.#byResource.get(resource) ?? [];
    if (!this.#budget.spend(1 + SET_COST * named.length)) return undefined;
    let left = actions;
    for (const denied of named) left = without(left, denied);
    if (this.#patterns.length === 0 || left.isEmpty()) return left;
    if (!this.#budget.spend(READ_COST)) return undefined;
    const narrow = readPattern(resource);
    for (const { pattern, actions: denied } of this.#patterns) {
      if (left.isEmpty()) break;
      if (!this.#budget.spend(COVER_COST)) return undefined;
      if (takesIn(pattern, narrow)) left = without(left, denied);
    }
    return left;
  }
}

/** The same set where nothing of it is taken away: a copy costs more than the question. */
function without(actions: ActionSet, denied: ActionSet): ActionSet {
  if (!denied.meets(actions)) return actions;
  const left = actions.copy();
  left.removeAll(denied);
  return left;
}
