import { LRUCache } from 'lru-cache';
import type { ActionTable } from '../../tables/action-table.ts';
import { groupByService, placesOfPrefix, type ServiceActions } from './service-actions.ts';
import { firstWildcard, matchesEverything, wildcardTest } from './wildcard.ts';
import { costOfPattern, costOfReading, LONGEST_CACHED_PATTERN, MOST_CACHED_ACTIONS } from './work-budget.ts';

/** The actions that a pattern of Action or NotAction stands for. */
export interface PatternActions {
  readonly indices: Uint32Array;
  /** The pattern is `*`, `*:*` or the like. */
  readonly everything: boolean;
  /** To be charged to the WorkBudget, whether the pattern was in the cache or not. */
  readonly cost: number;
}

const NONE = new Uint32Array(0);
const NOTHING: PatternActions = { indices: NONE, everything: false, cost: 1 };

/**
 * What IAM takes an action pattern for: prefix and name without regard to case, `*` and `?` anywhere in the name.
 * A wildcard in the prefix is refused by IAM in most places; here it stands for what it says.
 */
export class ActionPatterns {
  readonly #table: ActionTable;
  readonly #services: ReadonlyMap<string, ServiceActions>;
  readonly #everything: PatternActions;
  readonly #cache = new LRUCache<string, PatternActions>({
    maxSize: MOST_CACHED_ACTIONS,
    sizeCalculation: (actions) => 16 + actions.indices.length,
  });

  constructor(table: ActionTable) {
    this.#table = table;
    this.#services = groupByService(table);
    const indices = Uint32Array.from(table.all, (action) => action.index);
    this.#everything = { indices, everything: true, cost: 1 };
  }

  /** All services, with the places of their actions. */
  services(): Iterable<ServiceActions> {
    return this.#services.values();
  }

  /** `prefix` in lower case. */
  hasService(prefix: string): boolean {
    return this.#services.has(prefix);
  }

  find(pattern: string): PatternActions {
    if (matchesEverything(pattern)) return this.#everything;
    const cached = this.#cache.get(pattern);
    if (cached !== undefined) return cached;
    const actions = this.#match(pattern);
    if (pattern.length <= LONGEST_CACHED_PATTERN) this.#cache.set(pattern, actions);
    return actions;
  }

  #match(pattern: string): PatternActions {
    const colon = pattern.indexOf(':');
    if (colon < 0) return NOTHING;
    const prefix = pattern.slice(0, colon).toLowerCase();
    const name = pattern.slice(colon + 1).toLowerCase();
    if (isEveryAction(pattern)) return this.#everything;
    if (firstWildcard(prefix) >= 0) return this.#matchServices(prefix, name);
    const group = this.#services.get(prefix);
    if (group === undefined) return NOTHING;
    if (firstWildcard(name) < 0) {
      const action = this.#table.find(prefix, name);
      return action === undefined ? NOTHING : { ...NOTHING, indices: Uint32Array.of(action.index) };
    }
    const found: number[] = [];
    const cost = addMatches(group, readName(name), found) + costOfReading(pattern);
    return { indices: Uint32Array.from(found), everything: false, cost };
  }

  #matchServices(prefix: string, name: string): PatternActions {
    const found: number[] = [];
    let cost = this.#services.size + costOfReading(name);
    const test = wildcardTest(prefix);
    const names = readName(name);
    for (const [service, group] of this.#services) {
      if (test(service)) cost += addMatches(group, names, found);
    }
    return { indices: Uint32Array.from(found), everything: false, cost };
  }
}

/** Whether an action's pattern stands for all actions of all services: `*`, `*:*` and the like. */
export function isEveryAction(pattern: string): boolean {
  if (matchesEverything(pattern)) return true;
  const colon = pattern.indexOf(':');
  return matchesEverything(pattern.slice(0, colon)) && matchesEverything(pattern.slice(colon + 1));
}

interface NamePattern {
  readonly literal: string;
  /** Everything that begins with `literal`. */
  readonly whole: boolean;
  readonly test: (name: string) => boolean;
  readonly cost: number;
}

function readName(name: string): NamePattern {
  const wildcard = firstWildcard(name);
  const literal = wildcard < 0 ? name : name.slice(0, wildcard);
  const whole = wildcard === name.length - 1 && name.endsWith('*');
  return { literal, whole, test: wildcardTest(name), cost: costOfPattern(name) };
}

/** Adds the indices of the names that fit, and answers what that cost. */
function addMatches({ names, indices }: ServiceActions, pattern: NamePattern, found: number[]): number {
  const [first, end] = placesOfPrefix(names, pattern.literal);
  for (let place = first; place < end; place++) {
    if (pattern.whole || pattern.test(names[place] ?? '')) found.push(indices[place] ?? 0);
  }
  return 1 + (pattern.whole ? (end - first) >>> 3 : (end - first) * pattern.cost);
}
