import type { PolicyStatement } from '../document/policy-document.ts';
import { isEveryAction } from '../patterns/action-patterns.ts';
import { ActionSet } from '../patterns/action-set.ts';
import { COVER_COST, type CoverPattern, readPattern, takesIn } from '../patterns/resource-cover.ts';
import { firstWildcard } from '../patterns/wildcard.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import type { NamedStatement } from './statement-actions.ts';

/**
 * Names of actions, allowed by a policy, that no table has: AWS added them since, or they are misspelt. Each has its
 * place in sets of their own, so that Deny statements are asked about them as about the others; what a Deny means is
 * told by its text.
 */
export class UnknownActions {
  readonly #places: ReadonlyMap<string, number>;
  /** By their places. */
  readonly #patterns: readonly CoverPattern[];

  /** In lower case. */
  constructor(names: ReadonlySet<string>) {
    this.#places = new Map([...names].map((name, place) => [name, place]));
    this.#patterns = [...names].map(readPattern);
  }

  get size(): number {
    return this.#places.size;
  }

  allowedBy({ actions, otherActions }: PolicyStatement): ActionSet {
    const allowed = ActionSet.empty(this.size);
    if (otherActions) return allowed;
    for (const action of actions) {
      const place = this.#places.get(action.toLowerCase());
      if (place !== undefined) allowed.add(place);
    }
    return allowed;
  }

  /** `undefined` where the budget is used up. */
  deniedBy(statements: readonly PolicyStatement[], budget: WorkBudget): NamedStatement[] | undefined {
    const denials: NamedStatement[] = [];
    for (const statement of statements) {
      const actions = this.#deniedBy(statement, budget);
      if (actions === undefined) return undefined;
      denials.push({ statement, actions });
    }
    return denials;
  }

  #deniedBy(statement: PolicyStatement, budget: WorkBudget): ActionSet | undefined {
    const named = ActionSet.empty(this.size);
    for (const action of new Set(statement.actions)) {
      const pattern = action.toLowerCase();
      const place = this.#places.get(pattern);
      if (place !== undefined) named.add(place);
      if (firstWildcard(pattern) < 0) continue;
      if (!budget.spend(COVER_COST * this.size)) return undefined;
      const means = meaningOf(pattern);
      for (const [at, name] of this.#patterns.entries()) if (means(name)) named.add(at);
    }
    if (!statement.otherActions) return named;
    const others = ActionSet.empty(this.size);
    // Of a name with a wildcard a part may be left out.
    for (const [name, at] of this.#places) if (firstWildcard(name) < 0 && !named.has(at)) others.add(at);
    return others;
  }
}

function meaningOf(pattern: string): (name: CoverPattern) => boolean {
  if (isEveryAction(pattern)) return () => true;
  const wide = readPattern(pattern);
  return (name) => takesIn(wide, name);
}
