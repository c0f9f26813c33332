import type { PolicyStatement } from '../document/policy-document.ts';
import { ActionSet } from '../patterns/action-set.ts';
import type { FoundTypes } from '../patterns/resource-breadth.ts';
import { firstWildcard, matchesEverything } from '../patterns/wildcard.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import type { EffectiveData } from './effective-data.ts';

/** A statement with the actions that it names. */
export interface NamedStatement {
  readonly statement: PolicyStatement;
  readonly actions: ActionSet;
}

/**
 * The actions that a statement names, whatever its resources; `undefined` where the budget is used up. Those it names
 * by a wildcard, or by leaving them out of a NotAction, are added to `wild`, and names that no action has to `unknown`,
 * in lower case.
 */
export function namedActions(
  statement: PolicyStatement,
  data: EffectiveData,
  budget: WorkBudget,
  wild?: ActionSet,
  unknown?: Set<string>,
): ActionSet | undefined {
  const named = ActionSet.empty(data.table.all.length);
  for (const pattern of new Set(statement.actions)) {
    const found = data.patterns.find(pattern);
    if (!budget.spend(found.cost)) return undefined;
    if (found.everything) named.addAll(data.all);
    else named.addEach(found.indices);
    if (found.indices.length === 0 && !statement.otherActions) unknown?.add(pattern.toLowerCase());
    if (wild === undefined || statement.otherActions) continue;
    if (found.everything) wild.addAll(data.all);
    else if (firstWildcard(pattern) >= 0) wild.addEach(found.indices);
  }
  if (!statement.otherActions) return named;
  const others = data.all.copy();
  if (statement.within !== undefined) others.keepAll(ofPrefixes(statement.within, data));
  others.removeAll(named);
  wild?.addAll(others);
  return others;
}

/**
 * Of the actions a statement names, those whose resources it does not limit: all of them for `*`, and for other
 * patterns those with a resource type that some pattern takes in as a whole. An action that takes no resource but
 * `*` is not allowed at all by a statement that names other resources (IAM User Guide, "Actions, resources, and
 * condition keys": such actions need `*`).
 */
export function unlimitedActions(
  statement: PolicyStatement,
  named: ActionSet,
  data: EffectiveData,
  budget: WorkBudget,
  account?: string,
): ActionSet | undefined {
  const everything = statement.resources.some(matchesEverything);
  if (statement.otherResources)
    return everything ? noActions(data) : exceptCovered(statement, named, data, budget, account);
  if (everything) return named;
  const open = noActions(data);
  for (const resource of new Set(statement.resources)) {
    const { types, cost } = data.breadth.covered(resource, account);
    if (!budget.spend(cost)) return undefined;
    for (const type of types) open.addSpan(data.breadth.actionsOf(type));
  }
  open.keepAll(named);
  return open;
}

/** The actions of a resource type take longer to count than a name to compare. */
const COUNT_COST = 3;

/** NotResource leaves everything else, so that only actions all of whose resources it names are limited. */
function exceptCovered(
  statement: PolicyStatement,
  named: ActionSet,
  data: EffectiveData,
  budget: WorkBudget,
  account: string | undefined,
): ActionSet | undefined {
  const covered = (resource: string) => data.breadth.leftOut(resource, account);
  const limited = limitedActions(statement, covered, data, budget);
  if (limited === undefined) return undefined;
  if (limited.isEmpty()) return named;
  const open = named.copy();
  open.removeAll(limited);
  return open;
}

/**
 * Of the actions that a Deny without condition names, those that it takes away whatever the request: all of them for
 * `*`, those all of whose resources it names, and with NotResource those that have none of the resources that it
 * spares. `account` is that of the policy's holder, where it is known.
 */
export function absentActions(
  statement: PolicyStatement,
  named: ActionSet,
  data: EffectiveData,
  budget: WorkBudget,
  account?: string,
): ActionSet | undefined {
  if (isOnEverything(statement)) return named;
  if (statement.otherResources) return exceptSpared(statement, named, data, budget);
  const everywhere = (resource: string) => data.breadth.coveredEverywhere(resource, account);
  const limited = limitedActions(statement, everywhere, data, budget);
  limited?.keepAll(named);
  return limited;
}

/**
 * Those whose resources a NotResource cannot mean; an action that takes none is asked for on `*`, which no ARN takes
 * in.
 */
function exceptSpared(
  statement: PolicyStatement,
  named: ActionSet,
  data: EffectiveData,
  budget: WorkBudget,
): ActionSet | undefined {
  if (statement.resources.some(matchesEverything)) return noActions(data);
  const spared = metActions(statement, named, data, budget);
  if (spared === undefined) return undefined;
  const absent = named.copy();
  absent.removeAll(spared);
  return absent;
}

/**
 * Of the actions that a Deny names, those that may be asked for on one of its resources: an action that takes none is
 * asked for on `*` only.
 */
export function touchedActions(
  statement: PolicyStatement,
  named: ActionSet,
  data: EffectiveData,
  budget: WorkBudget,
): ActionSet | undefined {
  if (statement.otherResources || isOnEverything(statement)) return named;
  return metActions(statement, named, data, budget);
}

/** Of the actions that a statement names, those of which some resource may be among those that it names. */
function metActions(
  statement: PolicyStatement,
  named: ActionSet,
  data: EffectiveData,
  budget: WorkBudget,
): ActionSet | undefined {
  const types = new Set<number>();
  const met = noActions(data);
  for (const resource of new Set(statement.resources)) {
    const { types: more, cost } = data.breadth.met(resource, types);
    if (!budget.spend(cost + more.length)) return undefined;
    for (const type of more) {
      types.add(type);
      met.addSpan(data.breadth.actionsOf(type));
    }
  }
  met.keepAll(named);
  return met;
}

/** The actions that take only resources of types which the patterns of a statement take in as a whole. */
function limitedActions(
  statement: PolicyStatement,
  typesOf: (resource: string) => FoundTypes,
  data: EffectiveData,
  budget: WorkBudget,
): ActionSet | undefined {
  const covered = new Set<number>();
  for (const resource of new Set(statement.resources)) {
    const { types, cost } = typesOf(resource);
    if (!budget.spend(cost)) return undefined;
    for (const type of types) covered.add(type);
  }
  const limited = noActions(data);
  if (covered.size === 0) return limited;
  if (!budget.spend(COUNT_COST * covered.size)) return undefined;
  limited.addEach(data.breadth.limitedTo(covered));
  return limited;
}

/** Whether it is on every resource, whatever its actions. */
export function isOnEverything({ resources, otherResources }: PolicyStatement): boolean {
  return !otherResources && resources.some(matchesEverything);
}

function ofPrefixes(prefixes: readonly string[], data: EffectiveData): ActionSet {
  const actions = noActions(data);
  for (const prefix of prefixes) actions.addEach(data.patterns.find(`${prefix}:*`).indices);
  return actions;
}

function noActions(data: EffectiveData): ActionSet {
  return ActionSet.empty(data.table.all.length);
}
