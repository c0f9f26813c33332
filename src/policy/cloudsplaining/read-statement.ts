import { type Problem, problem } from '../../errors.ts';
import { isObject, type JsonObject, own } from '../../event/json.ts';
import { ActionSet } from '../patterns/action-set.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import type { CloudsplainingData } from './cloudsplaining-data.ts';
import { asList, isTruthy } from './python.ts';

/**
 * A statement as Cloudsplaining's StatementDetail sees it. With `--flag-all-risky-actions` one with a Condition counts
 * as if it had none, and one with specific resources as if it had `*`.
 */
export interface CloudsplainingStatement {
  readonly effect: 'Allow' | 'Deny' | 'neither';
  readonly conditional: boolean;
  /** Some resource is exactly `*`. */
  readonly anyResource: boolean;
  /** The one resource there is, is exactly `*`. */
  readonly onlyAnyResource: boolean;
  /** Strings of Action that hold a `*`, as written. */
  readonly patterns: ReadonlySet<string>;
  readonly expanded: ActionSet;
  /** Strings among the expanded actions that are no action in the table's spelling. */
  readonly others: ReadonlySet<string>;
  /**
   * Restrictable actions that are meant by `others`, which differ from the table in case only; one entry for each
   * spelling.
   */
  readonly respelt: readonly number[];
}

/** The statements of a document, and the place of each: a list, one alone, or none, which Cloudsplaining lets pass. */
export function writtenStatements(
  policy: JsonObject,
): readonly { readonly entry: unknown; readonly place: string }[] {
  const raw = own(policy, 'Statement');
  if (Array.isArray(raw)) return raw.map((entry, at) => ({ entry, place: `Statement[${at}]` }));
  return Object.hasOwn(policy, 'Statement') ? [{ entry: raw, place: 'Statement' }] : [];
}

/** Collects what a list of action strings expands to. */
class Collector {
  readonly expanded: ActionSet;
  readonly others = new Set<string>();
  readonly patterns = new Set<string>();
  readonly #data: CloudsplainingData;
  readonly #budget: WorkBudget;

  constructor(data: CloudsplainingData, budget: WorkBudget) {
    this.#data = data;
    this.#budget = budget;
    this.expanded = ActionSet.empty(data.table.all.length);
  }

  /**
   * False where Python would raise an error, on anything but text and lists that hold a `*`; or the budget is used up.
   */
  addAll(actions: readonly unknown[], nested = false): boolean {
    for (const action of actions) {
      if (Array.isArray(action)) {
        if (!nested && !action.includes('*')) return false;
        if (!this.addAll(action, true)) return false;
      } else if (typeof action !== 'string' || !this.#add(action)) return false;
    }
    return true;
  }

  #add(action: string): boolean {
    const index = this.#data.expander.find(action);
    if (index !== undefined) this.expanded.add(index);
    else if (action.includes('*')) return this.#addPattern(action);
    else this.others.add(action);
    return true;
  }

  #addPattern(pattern: string): boolean {
    if (this.patterns.has(pattern)) return true;
    this.patterns.add(pattern);
    if (pattern === '*') {
      this.expanded.addAll(this.#data.all);
      return true;
    }
    const { known, other, cost } = this.#data.expander.expand(pattern);
    this.expanded.addEach(known);
    if (other !== undefined) this.others.add(other);
    return this.#budget.spend(cost);
  }
}

/** The statement, or why Cloudsplaining fails on it; `flagAll` as for analyzeCloudsplaining. */
export function readCloudsplainingStatement(
  raw: unknown,
  path: string,
  flagAll: boolean,
  data: CloudsplainingData,
  budget: WorkBudget,
): CloudsplainingStatement | Problem {
  if (!isObject(raw)) return problem('policy_invalid', path);
  if (!Object.hasOwn(raw, 'Effect')) return problem('policy_invalid', `${path}.Effect`);
  const resources = asList(own(raw, 'Resource'));
  const writtenActions = asList(own(raw, 'Action'));
  const notActions = asList(own(raw, 'NotAction'));
  const effect = effectOf(own(raw, 'Effect'));
  const anyResource = resources.includes('*');

  const collected = new Collector(data, budget);
  if (notActions.length > 0) {
    const inverted = invert(notActions, effect === 'Allow', anyResource, resources, data, budget);
    if (typeof inverted === 'string') return refused(`${path}.${inverted}`, budget);
    if (writtenActions.length === 0 && inverted !== undefined) collected.expanded.addAll(inverted);
  } else if (writtenActions.length === 0) return problem('policy_invalid', `${path}.Action`);
  if (!collected.addAll(writtenActions)) return refused(`${path}.Action`, budget);
  const respelt = findRespelt(collected.others, data);
  const conditional = !flagAll && isTruthy(own(raw, 'Condition'));
  const scanned = effect === 'Allow' && !conditional;
  if (respelt === undefined || (scanned && !canBeScanned(writtenActions, collected.patterns)))
    return problem('policy_invalid', `${path}.Action`);

  return {
    effect,
    conditional,
    anyResource: flagAll || anyResource,
    onlyAnyResource: flagAll || (anyResource && resources.length === 1),
    patterns: collected.patterns,
    expanded: collected.expanded,
    others: collected.others,
    respelt,
  };
}

/** Cloudsplaining would fail at this place, or take its time: the latter is a fault of the whole document. */
function refused(path: string, budget: WorkBudget): Problem {
  return budget.isSpent ? problem('policy_too_complex', '') : problem('policy_invalid', path);
}

function effectOf(effect: unknown): 'Allow' | 'Deny' | 'neither' {
  return effect === 'Allow' || effect === 'Deny' ? effect : 'neither';
}

/**
 * What a NotAction leaves: all other actions with Resource `*`, else those that can be limited to the listed ARNs,
 * and nothing at all in a Deny. Worked out even where Action is present and wins, because it can fail.
 */
function invert(
  notActions: readonly unknown[],
  allow: boolean,
  anyResource: boolean,
  resources: readonly unknown[],
  data: CloudsplainingData,
  budget: WorkBudget,
): ActionSet | 'NotAction' | 'Resource' | undefined {
  const excluded = new Collector(data, budget);
  if (!excluded.addAll(notActions)) return 'NotAction';
  if (!allow) return undefined;
  const left = ActionSet.empty(data.table.all.length);
  if (anyResource) left.addAll(data.all);
  else {
    for (const resource of resources) {
      const found = typeof resource === 'string' ? data.arnActions.find(resource) : undefined;
      if (found === undefined) return 'Resource';
      for (const index of found) left.add(index);
    }
  }
  left.removeAll(excluded.expanded);
  for (const other of excluded.others) {
    const index = data.expander.findIgnoringCase(other);
    if (index !== undefined) left.remove(index);
  }
  return left;
}

/** `undefined` where a string has not exactly one colon, on which Cloudsplaining fails. */
function findRespelt(others: ReadonlySet<string>, data: CloudsplainingData): number[] | undefined {
  const found: number[] = [];
  for (const other of others) {
    if (!hasOneColon(other)) return undefined;
    const colon = other.indexOf(':');
    const service = other.slice(0, colon);
    const action = data.table.find(service, other.slice(colon + 1));
    if (action?.service === service && data.restrictable.has(action.index)) found.push(action.index);
  }
  return found;
}

/**
 * Cloudsplaining looks for service wildcards in Action as it is written: it fails on a list in a list, though it can
 * expand one, and on a pattern of more or fewer than two parts.
 */
function canBeScanned(actions: readonly unknown[], patterns: ReadonlySet<string>): boolean {
  if (actions.some((action) => typeof action !== 'string')) return false;
  return [...patterns].every((pattern) => pattern === '*' || hasOneColon(pattern));
}

function hasOneColon(text: string): boolean {
  const colon = text.indexOf(':');
  return colon >= 0 && !text.includes(':', colon + 1);
}
