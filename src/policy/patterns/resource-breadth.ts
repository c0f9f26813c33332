import { LRUCache } from 'lru-cache';
import type { ActionTable } from '../../tables/action-table.ts';
import type { GeneratedName, ResourceTypeRow } from '../../tables/policy-tables.ts';
import { type ActionSet, type ActionSpan, spanOf } from './action-set.ts';
import { fillOwnAccount, fillOwnPlace, isForeignInIam } from './own-place.ts';
import { arnParts, looseOf, ResourcePattern, withoutVariables } from './resource-pattern.ts';
import { firstWildcard, matchesEverything, wildcardTest } from './wildcard.ts';
import { costOfReading } from './work-budget.ts';

/** A resource type, and the actions that take resources of it. */
interface ResourceType {
  /** The ARN format in six parts. */
  readonly parts: readonly string[];
  /** The same, with a name that nobody has in the place of each variable. */
  readonly filled: readonly string[];
  /** `filled` as one text. */
  readonly text: string;
  /** What stands in `filled` behind the account. */
  readonly name: string;
  /** The ARN format with a star in the place of each variable. */
  readonly open: ResourcePattern;
  /** Of actions of IAM, which reach the caller's own account only. */
  readonly ofIam: boolean;
  readonly actions: ActionSpan;
  readonly indices: Uint32Array;
}

/** A resource type that some of the actions in question take. */
export interface NamedType {
  /** Its ARN format with a star in the place of each variable. */
  readonly open: ResourcePattern;
  /** These actions, by their indices. */
  readonly actions: readonly number[];
}

/** Resource types by their number. */
export interface FoundTypes {
  readonly types: readonly number[];
  /** To be charged to the WorkBudget, whether the pattern was in the cache or not. */
  readonly cost: number;
}

/** Stands for a name that nobody has: a pattern that fits it fits every name. */
const ANY_NAME = '\u0001any-name\u0001';
const ANY_CHARACTER = '\u0001';
/** An ARN has to be put together for each type where the pattern names a partition, a Region or an account. */
const PROBE_COST = 4;
const NO_TYPES: FoundTypes = { types: [], cost: 1 };
const NO_TYPE = { actions: spanOf([]), indices: new Uint32Array(0) };
const ARN_PARTS = 6;
const LONGEST_CACHED_ARN = 256;
const MOST_CACHED_TYPES = 100_000;

/**
 * Tells whether a resource pattern that is not `*` limits anything. `arn:aws:s3:::*` takes in every bucket and every
 * object, `arn:aws:iam::*:role/*` every role; an account or a Region that is named counts as the reader's own, and so
 * does one that fits a pattern such as `us-*`.
 */
export class ResourceBreadth {
  readonly #types: readonly ResourceType[];
  readonly #byService = new Map<string, number[]>();
  readonly #everyType: readonly number[];
  /** How many types each action has. */
  readonly #typesOfAction: Uint16Array;
  /** All zero but while actions are counted. */
  readonly #counts: Uint16Array;
  readonly #cache = new LRUCache<string, FoundTypes>({
    maxSize: MOST_CACHED_TYPES,
    sizeCalculation: (covered) => 8 + covered.types.length,
  });

  constructor(table: ActionTable, rows: readonly ResourceTypeRow[], generated: readonly GeneratedName[]) {
    const names = new Map(generated.map(({ service, variable, name }) => [`${service} ${variable}`, name]));
    const numbers = new Map(rows.map(([service, type], number) => [`${service} ${type}`, number]));
    const actions: number[][] = rows.map(() => []);
    this.#typesOfAction = Uint16Array.from(table.all, (action) => {
      const types = action.resourceTypes.map((type) => numbers.get(`${action.service} ${type}`) ?? -1);
      for (const type of types) actions[type]?.push(action.index);
      return types.length;
    });
    this.#counts = new Uint16Array(table.all.length);
    this.#types = rows.map(([service, , arn], number) => {
      const parts = arnParts(arn);
      const filled = parts.map((part) => fill(part, (variable) => names.get(`${parts[2]} ${variable}`)));
      const open = looseOf(arn);
      const indices = Uint32Array.from(actions[number] ?? []);
      const name = filled[5] ?? '';
      const ofIam = service === 'iam';
      return { parts, filled, text: filled.join(':'), name, open, ofIam, actions: spanOf(indices), indices };
    });
    this.#everyType = [...this.#types.keys()];
    for (const [number, { parts }] of this.#types.entries()) {
      const service = parts[2] ?? '';
      const ofService = this.#byService.get(service);
      if (ofService === undefined) this.#byService.set(service, [number]);
      else ofService.push(number);
    }
  }

  /** The actions that take resources of a type. */
  actionsOf(type: number): ActionSpan {
    return (this.#types[type] ?? NO_TYPE).actions;
  }

  /** The resource types that some of these actions take. */
  typesOf(actions: ActionSet): readonly NamedType[] {
    return this.#types
      .map(({ open, indices }) => ({ open, actions: [...indices].filter((index) => actions.has(index)) }))
      .filter((type) => type.actions.length > 0);
  }

  /** The actions that take resources of these types, and of no other. */
  limitedTo(types: ReadonlySet<number>): number[] {
    const counts = this.#counts;
    const typesOfAction = this.#typesOfAction;
    const limited: number[] = [];
    for (const type of types) {
      const { indices } = this.#types[type] ?? NO_TYPE;
      for (let at = 0; at < indices.length; at++) {
        const action = indices[at] ?? 0;
        const count = (counts[action] ?? 0) + 1;
        counts[action] = count;
        if (count === typesOfAction[action]) limited.push(action);
      }
    }
    counts.fill(0);
    return limited;
  }

  /**
   * Of the reader's own account, and of one Region. `account` is that of the policy's holder, where it is known: what
   * another one has is out of reach of IAM, though not of sts:AssumeRole.
   */
  covered(resource: string, account?: string): FoundTypes {
    const pattern = fillOwnPlace(resource);
    if (firstWildcard(pattern) < 0) return NO_TYPES;
    const found = this.#find(pattern, `own ${pattern}`, isPlace);
    return isForeignInIam(pattern, account) ? this.#only(found, ({ ofIam }) => !ofIam) : found;
  }

  /** As `covered`, for a NotResource: roles of one account that it names are not all that can be assumed. */
  leftOut(resource: string, account?: string): FoundTypes {
    const found = this.covered(resource, account);
    const [, , service, , own] = arnParts(fillOwnPlace(resource));
    if (service !== 'iam' || !isPlace(own)) return found;
    return this.#only(found, ({ ofIam }) => ofIam);
  }

  /**
   * In every account and Region: what a Deny names has to be more than what an Allow may name. A Deny in another
   * partition than most are in might be of no use. To actions of IAM the own account is everything.
   */
  coveredEverywhere(resource: string, own?: string): FoundTypes {
    const placed = fillOwnPlace(resource);
    const pattern = fillOwnAccount(placed, own);
    const [, partition, , region, account] = arnParts(pattern);
    const narrow = isName(region) || isName(account) || (isName(partition) && partition !== 'aws');
    if (narrow || firstWildcard(pattern) < 0) return NO_TYPES;
    const found = this.#find(pattern, `every ${pattern}`, isName);
    return pattern === placed ? found : this.#only(found, ({ ofIam }) => ofIam);
  }

  #only({ types, cost }: FoundTypes, belongs: (type: ResourceType) => boolean): FoundTypes {
    const left = types.filter((number) => {
      const type = this.#types[number];
      return type !== undefined && belongs(type);
    });
    return { types: left, cost };
  }

  /**
   * The types of which a pattern may take in some resource, whatever fills its variables, without those that are known
   * to be met already: the next pattern is held against what is left. A yes may be wrong, a no never is.
   */
  met(resource: string, known: ReadonlySet<number>): FoundTypes {
    const pattern = withoutVariables(resource);
    const given = new ResourcePattern(pattern);
    const types: number[] = [];
    let cost = 1 + costOfReading(pattern);
    const parts = arnParts(pattern);
    for (const number of this.#ofService(parts.length < ARN_PARTS ? '*' : (parts[2] ?? '*'))) {
      const type = this.#types[number];
      if (type === undefined || known.has(number)) continue;
      cost++;
      if (given.mayMeet(type.open)) types.push(number);
    }
    return { types, cost };
  }

  /** Types whose service a pattern may mean. */
  #ofService(service: string): readonly number[] {
    return firstWildcard(service) < 0 ? (this.#byService.get(service) ?? []) : this.#everyType;
  }

  #find(pattern: string, key: string, isOwn: IsOwn): FoundTypes {
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    const covered = this.#match(pattern, isOwn);
    if (pattern.length <= LONGEST_CACHED_ARN) this.#cache.set(key, covered);
    return covered;
  }

  #match(pattern: string, isOwn: IsOwn): FoundTypes {
    const given = arnParts(pattern);
    const types: number[] = [];
    const named = NAMEABLE.some((at) => isOwn(given[at]));
    const test = wildcardTest(pattern);
    const mayFit = named ? nameTest(given) : undefined;
    let tests = 0;
    let cost = 1 + costOfReading(pattern);
    for (const number of this.#ofService(given[2] ?? '*')) {
      tests++;
      const type = this.#types[number];
      if (type === undefined || (mayFit !== undefined && !mayFit(type.name))) continue;
      if (named) cost += PROBE_COST;
      if (!test(named ? probe(type, given, isOwn) : type.text)) continue;
      types.push(number);
      cost += type.indices.length >>> 4;
    }
    return { types, cost: cost + (tests >>> 1) };
  }
}

/**
 * Whether the name of a resource may fit: to the colons of an ARN's pattern at least as many of the text correspond, so
 * that what stands behind the fifth is held against all of the name, or against what follows a colon in it.
 */
function nameTest(given: readonly string[]): (name: string) => boolean {
  const name = given[5];
  if (name === undefined) return () => true;
  const whole = wildcardTest(name);
  const rest = wildcardTest(`*:${name}`);
  return (text) => whole(text) || (text.includes(':') && rest(text));
}

/** A name that nobody has in the place of each variable, but for what AWS puts into every name of that kind. */
function fill(part: string, generated: (variable: string) => string | undefined): string {
  return part.replaceAll(/\$\{([^}]*)\}/g, (_, variable: string) => {
    const name = generated(variable) ?? '*';
    return name.replaceAll('?', ANY_CHARACTER).replace('*', ANY_NAME);
  });
}

/**
 * An ARN of the type with names that nobody has, in the partition, Region and account of the reader: what the pattern
 * has there, as it stands, for it takes in itself.
 */
function probe({ parts, filled }: ResourceType, given: readonly string[], isOwn: IsOwn): string {
  return filled
    .map((part, at) => (NAMEABLE.includes(at) && parts[at] !== part && isOwn(given[at]) ? given[at] : part))
    .join(':');
}

/** The parts of an ARN that hold the partition, the Region and the account. */
const NAMEABLE: readonly number[] = [1, 3, 4];

/** Whether a partition, a Region or an account is taken for the reader's own. */
type IsOwn = (part: string | undefined) => boolean;

function isName(part: string | undefined): boolean {
  return part !== undefined && part !== '' && firstWildcard(part) < 0;
}

/**
 * A name, or a pattern that some name fits: wildcards may stand in every segment of an ARN but that of the service
 * (IAM User Guide, "IAM JSON policy elements: Resource").
 */
function isPlace(part: string | undefined): boolean {
  return part !== undefined && part !== '' && !matchesEverything(part);
}
