import { meetsHolders, sparesForwarded } from '../document/condition-operators.ts';
import type { Limit } from '../document/condition-strength.ts';
import type { PolicyStatement } from '../document/policy-document.ts';
import { ActionSet } from '../patterns/action-set.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import type { Confidence } from '../policy-findings.ts';
import { add, type ByConfidence, type Denied, rank, unionOf } from './by-confidence.ts';
import type { EffectiveData } from './effective-data.ts';
import { LimitedGrants, type OnSome } from './limited-grants.ts';
import { absentActions, namedActions, touchedActions, unlimitedActions } from './statement-actions.ts';

/** What a policy allows without limits on resources, by how sure that is. The sets have nothing in common. */
export interface Grants extends OnSome {
  readonly sure: Readonly<ByConfidence>;
  /** All of them together. */
  readonly all: ActionSet;
  /** Actions that some statement allows without limits, before any Deny, statement by statement. */
  readonly sources: readonly { readonly statement: number; readonly actions: ActionSet }[];
  /** Actions that some Allow names by a wildcard, so that its reach grows with AWS's list. */
  readonly wild: ActionSet;
  /** What an absolute Deny takes away, from every policy of the same principal too. */
  readonly denied: ActionSet | undefined;
}

const EVERY_LIMIT: readonly Limit[] = ['principal', 'service', 'network', 'session', 'target'];

/**
 * `undefined` where the policy costs more work than any that AWS accepts. `account` is that of the policy's holder,
 * where it is known.
 */
export function readGrants(
  statements: readonly PolicyStatement[],
  data: EffectiveData,
  budget: WorkBudget,
  account?: string,
): Grants | undefined {
  const size = data.table.all.length;
  const allowed: ByConfidence = {};
  const sources: { statement: number; actions: ActionSet }[] = [];
  const wild = ActionSet.empty(size);
  const denied: Denied = {};
  const limited = new LimitedGrants(data, budget, account, (statement) =>
    confidenceOf(statement, data, account),
  );
  for (const statement of statements) {
    const named = namedActions(statement, data, budget, statement.allow ? wild : undefined);
    if (named === undefined) return undefined;
    if (!statement.allow) {
      const denial = asHoldersMeetIt(statement);
      if (denial === undefined) continue;
      if (!deny(denial, named, denied, data, budget, account)) return undefined;
      limited.deny(denial, named);
      continue;
    }
    const open = unlimitedActions(statement, named, data, budget, account);
    if (open === undefined) return undefined;
    const confidence = confidenceOf(statement, data, account);
    limited.allow(statement, named, open, confidence);
    if (open.isEmpty()) continue;
    add(allowed, confidence, open);
    sources.push({ statement: statement.index, actions: open });
  }
  const sure = rank(allowed, denied, size);
  const onSome = limited.after(sure, denied);
  if (budget.isSpent) return undefined;
  return { sure, all: unionOf(sure, size), sources, wild, denied: denied.all, ...onSome };
}

/** A Deny without the conditions that its holder always meets; `undefined` where there is one that they never meet. */
function asHoldersMeetIt(denial: PolicyStatement): PolicyStatement | undefined {
  const met = denial.conditions.map(meetsHolders);
  if (met.includes(false)) return undefined;
  if (!met.includes(true)) return denial;
  return { ...denial, conditions: denial.conditions.filter((_, at) => met[at] === undefined) };
}

/** Adds what a Deny takes away; false once the budget is used up. */
function deny(
  statement: PolicyStatement,
  named: ActionSet,
  denied: Denied,
  data: EffectiveData,
  budget: WorkBudget,
  account: string | undefined,
): boolean {
  const how =
    statement.conditions.length === 0 ? 'all' : turnsOthersAway(statement, data, account) ? 'others' : 'some';
  const absent = how === 'some' ? undefined : absentActions(statement, named, data, budget, account);
  if (budget.isSpent) return false;
  if (absent !== undefined) add(denied, how, absent);
  if (how === 'all' && absent === named) return true;
  const touched = touchedActions(statement, named, data, budget);
  if (touched !== undefined) add(denied, 'some', touched);
  return touched !== undefined;
}

/**
 * Whether a Deny meets whoever does not meet a strong condition, such as all who come without a second factor. One that
 * spares what a service forwards, and asks for nothing else, leaves its holder that way; and one of what is in other
 * accounts leaves all of its own (IAM User Guide, "Establish permissions guardrails using data perimeters").
 */
function turnsOthersAway(
  { conditions }: PolicyStatement,
  data: EffectiveData,
  account: string | undefined,
): boolean {
  const asking = conditions.filter((condition) => !sparesForwarded(condition));
  if (asking.length === 0) return false;
  if (asking.some(({ key }) => key === 'aws:resourceaccount')) return false;
  return asking.every((condition) => data.conditions.turnsOthersAway(condition, EVERY_LIMIT, { account }));
}

function confidenceOf(
  statement: PolicyStatement,
  data: EffectiveData,
  account: string | undefined,
): Confidence {
  const strength = data.conditions.of(statement.conditions, EVERY_LIMIT, { account });
  return strength === 'none' ? 'high' : strength === 'weak' ? 'medium' : 'low';
}
