import { ActionSet } from './action-set.ts';
import type { Limit } from './condition-strength.ts';
import type { EffectiveData } from './effective-data.ts';
import type { PolicyStatement } from './policy-document.ts';
import { CONFIDENCES, type Confidence } from './policy-findings.ts';
import { namedActions, unlimitedActions } from './statement-actions.ts';
import { firstWildcard, matchesEverything, wildcardTest } from './wildcard.ts';
import type { WorkBudget } from './work-budget.ts';

/** Most policies are of one confidence only, and a set that is not there costs nothing. */
type ByConfidence = Partial<Record<Confidence, ActionSet>>;

/** What a policy allows without limits on resources, by how sure that is. The sets have nothing in common. */
export interface Grants {
  readonly sure: Readonly<ByConfidence>;
  /** All of them together. */
  readonly all: ActionSet;
  /** Actions that some statement allows without limits, before any Deny, statement by statement. */
  readonly sources: readonly { readonly statement: number; readonly actions: ActionSet }[];
  /** Actions that some Allow names by a wildcard, so that its reach grows with AWS's list. */
  readonly wild: ActionSet;
  /** What an absolute Deny takes away, from every policy of the same principal too. */
  readonly denied: ActionSet | undefined;
  /** Statements that allow iam:PassRole for some roles only; empty where it is denied altogether. */
  readonly someRoles: readonly number[];
}

const EVERY_LIMIT: readonly Limit[] = ['principal', 'network', 'session', 'target'];

/** `undefined` where the policy costs more work than any that AWS accepts. */
export function readGrants(
  statements: readonly PolicyStatement[],
  data: EffectiveData,
  budget: WorkBudget,
): Grants | undefined {
  const size = data.table.all.length;
  const allowed: ByConfidence = {};
  const sources: { statement: number; actions: ActionSet }[] = [];
  const someRoles: number[] = [];
  const wild = ActionSet.empty(size);
  const denied: Denied = {};
  for (const statement of statements) {
    const named = namedActions(statement, data, budget, statement.allow ? wild : undefined);
    if (named === undefined) return undefined;
    if (!statement.allow) {
      add(denied, isAbsolute(statement) ? 'all' : 'some', named);
      continue;
    }
    const open = unlimitedActions(statement, named, data, budget);
    if (open === undefined) return undefined;
    if (!open.isEmpty()) {
      add(allowed, confidenceOf(statement, data), open);
      sources.push({ statement: statement.index, actions: open });
    }
    if (named.has(data.passRole) && !open.has(data.passRole) && namesRoles(statement))
      someRoles.push(statement.index);
  }
  const sure = rank(allowed, denied, size);
  const rolesDenied = denied.all?.has(data.passRole) ?? false;
  return {
    sure,
    all: unionOf(sure, size),
    sources,
    wild,
    denied: denied.all,
    someRoles: rolesDenied ? [] : someRoles,
  };
}

interface Denied {
  /** Whatever the request. */
  all?: ActionSet;
  /** Under a condition, or for some resources. */
  some?: ActionSet;
}

function add<K extends string>(sets: Partial<Record<K, ActionSet>>, key: K, actions: ActionSet): void {
  const set = sets[key];
  if (set === undefined) sets[key] = actions.copy();
  else set.addAll(actions);
}

/** Only a Deny without condition, on everything, takes an action away whatever the request. */
function isAbsolute(statement: PolicyStatement): boolean {
  return (
    statement.conditions.length === 0 &&
    !statement.otherResources &&
    statement.resources.some(matchesEverything)
  );
}

function confidenceOf(statement: PolicyStatement, data: EffectiveData): Confidence {
  const strength = data.conditions.of(statement.conditions, EVERY_LIMIT);
  return strength === 'none' ? 'high' : strength === 'weak' ? 'medium' : 'low';
}

/** Whether a role can be among the resources: only then is a PassRole on some resources worth something. */
function namesRoles(statement: PolicyStatement): boolean {
  return statement.otherResources || statement.resources.some((resource) => canNameRole(resource));
}

function canNameRole(resource: string): boolean {
  if (resource.startsWith('*')) return true;
  const service = resource.split(':', 3)[2];
  return service === undefined ? firstWildcard(resource) >= 0 : wildcardTest(service)('iam');
}

/** A Deny of a part makes what is left of an action less sure by one step; an absolute one leaves nothing of it. */
function rank(allowed: ByConfidence, denied: Denied, size: number): ByConfidence {
  if (denied.some !== undefined) demote(allowed, denied.some, size);
  const ranked: ByConfidence = {};
  const counted: ActionSet[] = [];
  for (const confidence of CONFIDENCES) {
    const set = allowed[confidence];
    if (set === undefined) continue;
    if (denied.all !== undefined) set.removeAll(denied.all);
    for (const surer of counted) set.removeAll(surer);
    if (set.isEmpty()) continue;
    ranked[confidence] = set;
    counted.push(set);
  }
  return ranked;
}

function demote(allowed: ByConfidence, some: ActionSet, size: number): void {
  const { high, medium } = allowed;
  if (medium !== undefined) {
    const low = allowed.low ?? ActionSet.empty(size);
    low.addMasked(medium, some);
    medium.removeAll(some);
    allowed.low = low;
  }
  if (high !== undefined) {
    const next = medium ?? ActionSet.empty(size);
    next.addMasked(high, some);
    high.removeAll(some);
    allowed.medium = next;
  }
}

function unionOf({ high, medium, low }: ByConfidence, size: number): ActionSet {
  if (medium === undefined && low === undefined) return high ?? ActionSet.empty(size);
  const union = ActionSet.empty(size);
  for (const set of [high, medium, low]) if (set !== undefined) union.addAll(set);
  return union;
}
