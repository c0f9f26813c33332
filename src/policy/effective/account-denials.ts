import type { ConditionStrengths } from '../document/condition-strength.ts';
import type { PolicyStatement } from '../document/policy-document.ts';
import type { ActionSet } from '../patterns/action-set.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import { DenialIndex } from './denial-index.ts';
import { readDenial, sparedAccounts, type TurnsAway } from './denial-reach.ts';
import type { NamedStatement } from './statement-actions.ts';

interface Denial {
  readonly number: number;
  readonly named: NamedStatement;
  /** Whether it meets an entrant whatever the request. */
  readonly meets: TurnsAway;
}

/**
 * Deny statements from which it is plain which accounts they meet: an account or a principal, NotPrincipal, or all
 * accounts and principals but those that a condition names. An account as the principal of a Deny stands for all who
 * are in it (IAM User Guide, "AWS JSON policy elements: Principal"). Once the budget is used up, nobody is turned away.
 */
export class AccountDenials {
  readonly #denials: Denial[] = [];
  readonly #size: number;
  readonly #budget: WorkBudget;
  /** By the numbers of the Deny statements in them. */
  readonly #indices = new Map<string, DenialIndex>();
  /** Accounts that a Deny of everyone else names. */
  readonly spared: ReadonlySet<string>;

  /** `size` is the number of actions that the sets are about. */
  constructor(
    denials: readonly NamedStatement[],
    size: number,
    conditions: ConditionStrengths,
    budget: WorkBudget,
  ) {
    this.#size = size;
    this.#budget = budget;
    for (const [number, named] of denials.entries()) {
      const meets = readDenial(named.statement, conditions, budget);
      if (meets !== undefined) this.#denials.push({ number, named, meets });
    }
    this.spared = new Set(denials.flatMap(({ statement }) => sparedAccounts(statement)));
  }

  of(statement: PolicyStatement, actions: ActionSet): TurnsAway {
    let relevant: readonly Denial[] | undefined;
    const known = new Map<string, boolean>();
    return (entrant) => {
      relevant ??= this.#about(actions);
      if (relevant.length === 0 || !this.#budget.spend(relevant.length)) return false;
      const met = relevant.filter(({ meets }) => meets(entrant));
      if (met.length === 0) return false;
      const key = met.map(({ number }) => number).join();
      const answer = known.get(key) ?? this.#leaveNothing(met, key, statement, actions);
      known.set(key, answer);
      return answer;
    };
  }

  #about(actions: ActionSet): readonly Denial[] {
    if (!this.#budget.spend(this.#denials.length)) return [];
    return this.#denials.filter(({ named }) => named.actions.meets(actions));
  }

  /** Several Deny statements take away together what each takes a part of. */
  #leaveNothing(
    denials: readonly Denial[],
    key: string,
    statement: PolicyStatement,
    actions: ActionSet,
  ): boolean {
    let index = this.#indices.get(key);
    if (index === undefined) {
      index = new DenialIndex(this.#size, this.#budget);
      this.#indices.set(key, index);
      for (const { named } of denials) {
        if (!this.#budget.spend(named.statement.resources.length)) return false;
        index.add(named);
      }
    }
    return index.leaves(statement, actions)?.isEmpty() === true;
  }
}
