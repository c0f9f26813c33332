import { LRUCache } from 'lru-cache';
import type { ActionTable } from '../../tables/action-table.ts';
import { groupByService, placesOfPrefix, type ServiceActions } from '../patterns/service-actions.ts';
import { wildcardTest } from '../patterns/wildcard.ts';
import {
  costOfPattern,
  costOfReading,
  LONGEST_CACHED_PATTERN,
  MOST_CACHED_ACTIONS,
} from '../patterns/work-budget.ts';
import { fnmatchTest } from './fnmatch.ts';

/** What a pattern stands for. */
export interface Expansion {
  /** Indices of the actions that fit. */
  readonly known: Uint32Array;
  /** A pattern that no action fits; Cloudsplaining carries it along as if it were an action. */
  readonly other: string | undefined;
  /** To be charged to the WorkBudget, whether the pattern was in the cache or not. */
  readonly cost: number;
}

const NONE = new Uint32Array(0);
/** A character class is that much dearer to compare than IAM's own wildcards. */
const CLASS_COST = 2;

/**
 * policy_sentry's `expand`: a string without `*` stays as it is, a lone `*` is everything, and any other pattern
 * is held against the actions of the service before its first colon, whose spelling must be exact.
 */
export class CloudsplainingExpander {
  readonly #table: ActionTable;
  readonly #services: ReadonlyMap<string, ServiceActions>;
  readonly #spellings: ReadonlyMap<string, number>;
  readonly #cache = new LRUCache<string, Expansion>({
    maxSize: MOST_CACHED_ACTIONS,
    sizeCalculation: (expansion) => 16 + expansion.known.length,
  });

  constructor(table: ActionTable) {
    this.#table = table;
    this.#services = groupByService(table);
    this.#spellings = new Map(table.all.map((action) => [action.id, action.index]));
  }

  /** The index of an action in the table's own spelling. */
  find(action: string): number | undefined {
    return this.#spellings.get(action);
  }

  /** The same of an action in any spelling. */
  findIgnoringCase(action: string): number | undefined {
    const colon = action.indexOf(':');
    if (colon < 0) return undefined;
    return this.#table.find(action.slice(0, colon), action.slice(colon + 1))?.index;
  }

  /** `pattern` holds a `*`, and something else. */
  expand(pattern: string): Expansion {
    const cached = this.#cache.get(pattern);
    if (cached !== undefined) return cached;
    const expansion = this.#match(pattern);
    if (pattern.length <= LONGEST_CACHED_PATTERN) this.#cache.set(pattern, expansion);
    return expansion;
  }

  #match(pattern: string): Expansion {
    const prefix = pattern.slice(0, Math.max(0, pattern.indexOf(':')));
    const group = this.#serviceOf(prefix);
    if (group === undefined) return { known: NONE, other: pattern, cost: 1 };
    const stem = pattern.toLowerCase().slice(prefix.length + 1);
    const literal = stem.search(/[*?[]/);
    const [first, end] =
      literal < 0 ? [0, group.names.length] : placesOfPrefix(group.names, stem.slice(0, literal));
    const known: number[] = [];
    const whole = literal === stem.length - 1;
    const classes = stem.includes('[');
    const test = classes ? fnmatchTest(stem) : wildcardTest(stem);
    for (let place = first; place < end; place++) {
      if (whole || test(group.names[place] ?? '')) known.push(group.indices[place] ?? 0);
    }
    const each = costOfPattern(stem) * (classes ? CLASS_COST : 1);
    const cost = 1 + costOfReading(stem) + (whole ? (end - first) >>> 3 : (end - first) * each);
    if (known.length === 0) return { known: NONE, other: pattern, cost };
    // "catalog:X" is no action of the definition: what it expands to can never be found again.
    if (prefix !== group.service) return { known: NONE, other: `${prefix}:`, cost };
    return { known: Uint32Array.from(known.sort((a, b) => a - b)), other: undefined, cost };
  }

  /** The resource types of Service Catalog say "catalog", and policy_sentry takes that for its prefix. */
  #serviceOf(prefix: string): ServiceActions | undefined {
    const group = this.#services.get(prefix);
    if (group !== undefined) return group.service === prefix ? group : undefined;
    return prefix === 'catalog' ? this.#services.get('servicecatalog') : undefined;
  }
}
