import type { Condition, PolicyStatement } from '../document/policy-document.ts';
import { accountOf, admitsEveryone, isEveryone } from '../document/principals.ts';
import type { ActionSet } from '../patterns/action-set.ts';
import { firstWildcard, wildcardTest } from '../patterns/wildcard.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import { DenialIndex } from './denial-index.ts';
import type { EffectiveData } from './effective-data.ts';
import { sparesServices } from './hedges.ts';
import type { NamedStatement } from './statement-actions.ts';

/** Whether an account, itself or through a service that acts for it, gets nothing of what a statement allows. */
export type TurnsAway = (account: string, throughService: boolean) => boolean;

interface Denial {
  readonly index: DenialIndex;
  readonly turnsAway: TurnsAway;
}

/**
 * Deny statements from which it is plain which accounts they meet: an account as the principal, NotPrincipal, or all
 * accounts and principals but those that a condition names. An account as the principal of a Deny stands for all who
 * are in it (IAM User Guide, "AWS JSON policy elements: Principal").
 */
export class AccountDenials {
  readonly #denials: Denial[] = [];

  constructor(denials: readonly NamedStatement[], data: EffectiveData, budget: WorkBudget) {
    for (const denial of denials) {
      const turnsAway = readDenial(denial.statement, budget);
      if (turnsAway === undefined) continue;
      const index = new DenialIndex(data.table.all.length, budget);
      index.add(denial);
      this.#denials.push({ index, turnsAway });
    }
  }

  /** `undefined` where the budget is used up. */
  of(statement: PolicyStatement, actions: ActionSet): TurnsAway | undefined {
    const met: TurnsAway[] = [];
    for (const { index, turnsAway } of this.#denials) {
      const left = index.leaves(statement, actions);
      if (left === undefined) return undefined;
      if (left.isEmpty()) met.push(turnsAway);
    }
    return (account, throughService) => met.some((turnsAway) => turnsAway(account, throughService));
  }
}

function readDenial(deny: PolicyStatement, budget: WorkBudget): TurnsAway | undefined {
  const { conditions, otherPrincipals, otherResources, principals } = deny;
  if (otherResources) return undefined;
  if (conditions.length > 0) return everyoneBut(deny, budget);
  if (!otherPrincipals) {
    const accounts = new Set(principals.filter(({ name }) => isWholeAccount(name)).map(accountOf));
    return accounts.size === 0
      ? undefined
      : (account, throughService) => !throughService && accounts.has(account);
  }
  if (principals.length === 0 || principals.some((one) => one.type !== 'AWS' || isEveryone(one)))
    return undefined;
  const spared = new Set(principals.map(accountOf));
  return spared.has(undefined) ? undefined : (account) => !spared.has(account);
}

function isWholeAccount(name: string): boolean {
  return /^(?:arn:[^:]*:iam::)?\d{12}(?::root)?$/.test(name);
}

/** All but the accounts that each of its conditions names; once the budget is used up, every account may be named. */
function everyoneBut(deny: PolicyStatement, budget: WorkBudget): TurnsAway | undefined {
  if (deny.otherPrincipals || !admitsEveryone(deny)) return undefined;
  const others = deny.conditions.filter((condition) => !sparesServices(condition));
  if (others.length === 0 || !others.every(namesAccounts)) return undefined;
  const sparing = others.length < deny.conditions.length;
  const spared = new Set(others.flatMap(({ key, values }) => values.map((value) => accountPart(key, value))));
  const tests = [...spared].filter((part) => firstWildcard(part) >= 0).map(wildcardTest);
  return (account, throughService) => {
    if ((sparing && throughService) || spared.has(account)) return false;
    return !tests.some((test) => !budget.spend(1) || test(account));
  };
}

/** Where a variable is filled in, the account may be any. */
function namesAccounts({ key, operator, values }: Condition): boolean {
  const about = key === 'aws:principalaccount' || key === 'aws:principalarn';
  const negated = /^(?:string|arn)not/.test(operator);
  return about && negated && values.length > 0 && values.every((value) => !value.includes('${'));
}

function accountPart(key: string, value: string): string {
  return key === 'aws:principalaccount' ? value : (value.split(':', 6)[4] ?? '*');
}
