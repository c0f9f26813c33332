import { type Problem, problem } from '../../errors.ts';
import { isObject } from '../../event/json.ts';
import { ActionSet } from '../patterns/action-set.ts';
import { WorkBudget } from '../patterns/work-budget.ts';
import type { CloudsplainingData, WantedAction } from './cloudsplaining-data.ts';
import { byCodePoint } from './python.ts';
import {
  type CloudsplainingStatement,
  readCloudsplainingStatement,
  writtenStatements,
} from './read-statement.ts';

/** Cloudsplaining's `PolicyFinding.results`, in its terms and in its order. */
export interface CloudsplainingFindings {
  readonly privilegeEscalation: readonly { readonly type: string; readonly actions: readonly string[] }[];
  readonly resourceExposure: readonly string[];
  readonly dataExfiltration: readonly string[];
  readonly credentialsExposure: readonly string[];
  readonly serviceWildcard: readonly string[];
  readonly infrastructureModification: readonly string[];
  readonly servicesAffected: readonly string[];
}

/**
 * What Cloudsplaining answers for a policy, or the place where it fails. `flagAll` is its `--flag-all-risky-actions`.
 */
export function analyzeCloudsplaining(
  policy: unknown,
  data: CloudsplainingData,
  flagAll = false,
): CloudsplainingFindings | Problem {
  const statements = readStatements(policy, data, flagAll);
  if (!Array.isArray(statements)) return statements;
  const allowed = new AllowedActions(statements, data);
  const dataExfiltration = allowed.among(data.exfiltration);
  const credentialsExposure = allowed.among(data.credentials);
  const modified = modifyingActions(statements, data);
  return {
    privilegeEscalation: data.escalations
      .filter(({ wanted }) => wanted.every((action) => allowed.has(action)))
      .map(({ method }) => ({ type: method.method, actions: method.actions })),
    resourceExposure: exposingActions(statements, data),
    dataExfiltration,
    credentialsExposure,
    serviceWildcard: serviceWildcards(statements, data),
    infrastructureModification: modified.actions,
    servicesAffected: servicesOf(modified.services, credentialsExposure, dataExfiltration),
  };
}

function readStatements(
  policy: unknown,
  data: CloudsplainingData,
  flagAll: boolean,
): CloudsplainingStatement[] | Problem {
  if (!isObject(policy)) return problem('policy_invalid', '');
  const statements: CloudsplainingStatement[] = [];
  const budget = new WorkBudget();
  for (const { entry, place } of writtenStatements(policy)) {
    const statement = readCloudsplainingStatement(entry, place, flagAll, data, budget);
    if ('code' in statement) return statement;
    statements.push(statement);
  }
  return statements;
}

/**
 * The actions that are allowed without limits, after the Deny statements, whose resources and conditions do not count.
 */
class AllowedActions {
  readonly #unrestricted: ActionSet;
  readonly #unrestrictable: ActionSet;
  /** Strings that are no action of the table in its spelling, keyed by their lower case. */
  readonly #others = new Map<string, string>();
  readonly #data: CloudsplainingData;

  constructor(statements: readonly CloudsplainingStatement[], data: CloudsplainingData) {
    this.#data = data;
    this.#unrestricted = ActionSet.empty(data.table.all.length);
    this.#unrestrictable = ActionSet.empty(data.table.all.length);
    const denies = statements.filter((statement) => statement.effect === 'Deny');
    for (const statement of statements) {
      if (statement.effect !== 'Allow') continue;
      const open = statement.anyResource && !statement.conditional;
      if (open) {
        this.#unrestricted.addMasked(statement.expanded, data.restrictable);
        this.#unrestricted.addEach(statement.respelt);
      }
      if (statement.conditional) continue;
      this.#unrestrictable.addUnmasked(statement.expanded, data.restrictable);
      for (const other of statement.others) {
        if (!denies.some((deny) => deny.others.has(other))) this.#others.set(other.toLowerCase(), other);
      }
    }
    for (const deny of denies) {
      this.#unrestricted.removeAll(deny.expanded);
      this.#unrestrictable.removeAll(deny.expanded);
    }
  }

  has({ index, lower }: WantedAction): boolean {
    if (index !== undefined && (this.#unrestricted.has(index) || this.#unrestrictable.has(index)))
      return true;
    return this.#others.has(lower);
  }

  /**
   * Those of `wanted` that are allowed, spelt as the policy's expansion spells them. Where an action that no
   * resource can limit is there in two spellings, Cloudsplaining's choice changes from run to run (it is the order
   * of a Python set): here it is AWS's spelling.
   */
  among(wanted: readonly WantedAction[]): string[] {
    const found = new Set<string>();
    for (const { index, lower } of wanted) {
      const id = index === undefined ? undefined : this.#data.table.all[index]?.id;
      if (index !== undefined && id !== undefined && this.#unrestricted.has(index)) found.add(id);
      else if (index !== undefined && id !== undefined && this.#unrestrictable.has(index)) found.add(id);
      else if (this.#others.has(lower)) found.add(this.#others.get(lower) ?? lower);
    }
    return found.size === 0 ? [] : [...found].sort(byCodePoint);
  }
}

/** Statement by statement, sorted within each and not made unique; Deny does not count. */
function exposingActions(statements: readonly CloudsplainingStatement[], data: CloudsplainingData): string[] {
  const found: string[] = [];
  for (const statement of statements) {
    if (statement.effect !== 'Allow' || statement.conditional) continue;
    if (!statement.anyResource) continue;
    const indices = statement.expanded.indices(data.exposing);
    const respelt = statement.respelt.filter((index) => data.exposing.has(index));
    const ids = [...indices, ...respelt].map((index) => data.table.all[index]?.id ?? '');
    for (const id of respelt.length > 0 ? ids.sort(byCodePoint) : ids) found.push(id);
  }
  return found;
}

function modifyingActions(
  statements: readonly CloudsplainingStatement[],
  data: CloudsplainingData,
): { readonly actions: readonly string[]; readonly services: ReadonlySet<string> } {
  const found = ActionSet.empty(data.table.all.length);
  for (const statement of statements) {
    if (statement.effect !== 'Allow' || statement.conditional) continue;
    if (!statement.onlyAnyResource) continue;
    found.addAll(statement.expanded);
    found.addEach(statement.respelt);
  }
  const actions: string[] = [];
  const services = new Set<string>();
  let last = '';
  for (const index of found.indices(data.modifying)) {
    const action = data.table.all[index];
    if (action === undefined) continue;
    actions.push(action.id);
    if (action.service !== last) services.add(action.service);
    last = action.service;
  }
  return { actions, services };
}

/** Services whose every action is named by a bare wildcard; only the strings as written are looked at. */
function serviceWildcards(
  statements: readonly CloudsplainingStatement[],
  data: CloudsplainingData,
): string[] {
  const found = new Set<string>();
  let everything = false;
  for (const statement of statements) {
    if (statement.effect !== 'Allow' || statement.conditional) continue;
    for (const pattern of statement.patterns) {
      if (pattern === '*') everything = true;
      else if (pattern.indexOf(':') === pattern.length - 2 && pattern.endsWith('*'))
        found.add(pattern.slice(0, -2));
    }
  }
  if (everything && found.size === 0) return [...data.services];
  return [...new Set(everything ? [...found, ...data.services] : found)].sort(byCodePoint);
}

function servicesOf(modified: ReadonlySet<string>, ...lists: readonly (readonly string[])[]): string[] {
  const services = new Set(modified);
  for (const list of lists) for (const action of list) services.add(action.slice(0, action.indexOf(':')));
  return [...services].sort(byCodePoint);
}
