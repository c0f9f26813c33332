import { sparesServices } from '../document/condition-operators.ts';
import type { Limit } from '../document/condition-strength.ts';
import type { PolicyStatement } from '../document/policy-document.ts';
import { admitsEveryone, isEveryone } from '../document/principals.ts';
import { ActionSet } from '../patterns/action-set.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import { DenialIndex } from './denial-index.ts';
import type { EffectiveData } from './effective-data.ts';
import type { NamedStatement } from './statement-actions.ts';

export type Hedge = 'no' | 'partly' | 'strongly';

/** What Deny statements of a part leave of an Allow. */
export class Hedges {
  /** Denied for somebody, somewhere or under some condition. */
  readonly #denied: ActionSet;
  /** Denied to everyone but those whom conditions name. */
  readonly #closed: DenialIndex;

  /** `size` is the number of actions that the sets are about. */
  constructor(denials: readonly NamedStatement[], data: EffectiveData, size: number, budget: WorkBudget) {
    this.#denied = ActionSet.empty(size);
    this.#closed = new DenialIndex(size, budget);
    for (const denial of denials) {
      if (!isAbout(denial.statement)) continue;
      this.#denied.addAll(denial.actions);
      if (closes(denial.statement, data)) this.#closed.add(denial);
    }
  }

  /** `undefined` where the budget is used up. */
  of(statement: PolicyStatement, actions: ActionSet): Hedge | undefined {
    if (!this.#denied.meets(actions)) return 'no';
    const open = this.#closed.leaves(statement, actions);
    if (open === undefined) return undefined;
    return open.isEmpty() ? 'strongly' : 'partly';
  }
}

/** NotPrincipal of `*` leaves nobody to be denied. */
function isAbout({ principals, otherPrincipals }: PolicyStatement): boolean {
  return otherPrincipals ? !principals.some(isEveryone) : principals.length > 0;
}

/**
 * A Deny of everyone but those whom a condition names (StringNotEquals aws:PrincipalOrgID, NotIpAddress) closes what
 * an Allow opens; one that only asks for encryption or the like does not. The Deny of a data perimeter spares AWS's own
 * services besides (IAM User Guide, "Establish permissions guardrails using data perimeters").
 */
function closes(deny: PolicyStatement, data: EffectiveData): boolean {
  if (!admitsEveryone(deny) || deny.otherResources) return false;
  const others = deny.conditions.filter((condition) => !sparesServices(condition));
  return others.every((condition) => data.conditions.turnsOthersAway(condition, CLOSING));
}

const CLOSING: readonly Limit[] = ['principal', 'service', 'network'];
