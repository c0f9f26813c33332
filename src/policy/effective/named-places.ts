import { namesOwnUser } from '../document/own-user.ts';
import type { ActionSet } from '../patterns/action-set.ts';
import { fillOwnAccount, fillOwnPlace, isForeignInIam } from '../patterns/own-place.ts';
import type { NamedType } from '../patterns/resource-breadth.ts';
import { COVER_COST } from '../patterns/resource-cover.ts';
import { looseOf, ResourcePattern } from '../patterns/resource-pattern.ts';
import { firstWildcard } from '../patterns/wildcard.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import type { Confidence } from '../policy-findings.ts';
import type { NamedStatement } from './statement-actions.ts';

/** For each action that is asked for: not allowed there, or how sure it is. */
export type Ranks = Uint8Array;

export const RANKS: Readonly<Record<Confidence, number>> = { low: 1, medium: 2, high: 3 };

/** Resources of some names, as one pattern. */
export interface Place {
  readonly pattern: ResourcePattern;
  /** The same, whatever fills its variables. */
  readonly loose: ResourcePattern;
  /** Some part of the name is free to choose. */
  free: boolean;
  /** What is allowed there by the statements that write this pattern. */
  readonly ranks: Ranks;
  readonly sources: { readonly statement: number; readonly at: readonly number[] }[];
  /** Of each action: 0 not denied there, 1 for some of the names or under a condition, 2 altogether. */
  readonly denied: Uint8Array;
}

export interface Here {
  /** Allowed on every resource that the pattern of the place takes in. */
  readonly sure: Ranks;
  /** Allowed on resources of which the place may hold some. */
  readonly some: Ranks;
}

/** Roles that AWS makes for its services and for IAM Identity Center: nobody else can change them. */
const PROTECTED = /^arn:[^:]*:iam:[^:]*:[^:]*:role\/aws-(?:service-role|reserved)\//;

/** The patterns of a policy, and which of the actions that are asked for it allows and denies on each. */
export class NamedPlaces {
  /** The number of an action here, by its index in the table. */
  readonly #numbers: ReadonlyMap<number, number>;
  readonly #types: readonly { readonly open: ResourcePattern; readonly numbers: readonly number[] }[];
  readonly #budget: WorkBudget;
  readonly #account: string | undefined;
  readonly #places = new Map<string, Place>();

  /** `actions` are those that are asked for; `types` the resource types that they take. */
  constructor(
    actions: readonly number[],
    types: readonly NamedType[],
    budget: WorkBudget,
    account: string | undefined,
  ) {
    this.#numbers = new Map(actions.map((index, number) => [index, number]));
    this.#types = types
      .map(({ open, actions }) => ({ open, numbers: this.numbersOf(actions) }))
      .filter(({ numbers }) => numbers.length > 0);
    this.#budget = budget;
    this.#account = account;
  }

  numbersOf(actions: readonly number[]): number[] {
    return actions.map((index) => this.#numbers.get(index)).filter((number) => number !== undefined);
  }

  all(): Iterable<Place> {
    return this.#places.values();
  }

  allow({ statement, actions }: NamedStatement, confidence: Confidence): void {
    const isNamed = this.#namedBy(actions);
    if (!isNamed.includes(true)) return;
    for (const resource of new Set(statement.resources)) {
      if (this.#isOutOfReach(resource) || !this.#budget.spend(this.#types.length)) continue;
      const text = this.#filled(resource);
      const loose = looseOf(text);
      const at = this.#types
        .filter(({ open }) => loose.mayMeet(open))
        .flatMap(({ numbers }) => numbers.filter((number) => isNamed[number]));
      if (at.length > 0)
        this.#add(text, loose, firstWildcard(resource) >= 0, at, statement.index, confidence);
    }
  }

  #add(
    text: string,
    loose: ResourcePattern,
    free: boolean,
    at: readonly number[],
    statement: number,
    confidence: Confidence,
  ): void {
    const size = this.#numbers.size;
    const place = this.#places.get(text) ?? {
      pattern: loose.text === text ? loose : new ResourcePattern(text),
      loose,
      free,
      ranks: new Uint8Array(size),
      sources: [],
      denied: new Uint8Array(size),
    };
    place.free ||= free;
    for (const number of at) raise(place.ranks, number, RANKS[confidence]);
    place.sources.push({ statement, at });
    this.#places.set(text, place);
  }

  /** To be called once all places are there. */
  deny({ statement, actions }: NamedStatement): void {
    const { resources, otherResources, conditions } = statement;
    const isNamed = this.#namedBy(actions);
    if (!isNamed.includes(true)) return;
    const patterns = [...new Set(resources)].map((resource) => {
      const text = this.#filled(resource);
      return { pattern: new ResourcePattern(text), loose: looseOf(text) };
    });
    for (const place of this.#places.values()) {
      if (!this.#budget.spend(COVER_COST * patterns.length)) return;
      const whole = patterns.some(({ pattern }) => pattern.takesIn(place.pattern));
      const part = whole || patterns.some(({ loose }) => loose.mayMeet(place.loose));
      const reach = otherResources ? reachOf(!part, !whole) : reachOf(whole, part);
      const denied = conditions.length > 0 ? Math.min(reach, 1) : reach;
      for (const [number, is] of isNamed.entries()) if (is) raise(place.denied, number, denied);
    }
  }

  /** What is allowed at a place by all patterns; of what is denied on a pattern altogether it gives nothing. */
  at(place: Place): Here {
    const sure = new Uint8Array(this.#numbers.size);
    const some = new Uint8Array(this.#numbers.size);
    for (const other of this.#places.values()) {
      const ranks = this.#isIn(place, other) ? sure : other.loose.mayMeet(place.loose) ? some : undefined;
      if (ranks === undefined) continue;
      for (let number = 0; number < ranks.length; number++)
        if ((other.denied[number] ?? 0) < 2) raise(ranks, number, other.ranks[number] ?? 0);
    }
    return { sure, some };
  }

  /** The statements that allow these actions there. */
  statementsAt(place: Place, numbers: readonly number[], { sure }: Here): number[] {
    const statements = new Set<number>();
    for (const other of this.#places.values()) {
      const isIn = this.#isIn(place, other);
      if (!isIn && !other.loose.mayMeet(place.loose)) continue;
      for (const { statement, at } of other.sources) {
        const gives = (number: number) =>
          at.includes(number) && (isIn || sure[number] === 0) && (other.denied[number] ?? 0) < 2;
        if (numbers.some(gives)) statements.add(statement);
      }
    }
    return [...statements];
  }

  #isIn(place: Place, other: Place): boolean {
    return other === place || other.pattern.takesIn(place.pattern);
  }

  #namedBy(named: ActionSet): boolean[] {
    return [...this.#numbers.keys()].map((index) => named.has(index));
  }

  #filled(resource: string): string {
    return fillOwnAccount(fillOwnPlace(resource), this.#account);
  }

  /** Users who may do something to themselves are of OwnUserGrants. */
  #isOutOfReach(resource: string): boolean {
    return PROTECTED.test(resource) || namesOwnUser(resource) || isForeignInIam(resource, this.#account);
  }
}

function reachOf(whole: boolean, part: boolean): number {
  return whole ? 2 : part ? 1 : 0;
}

function raise(ranks: Uint8Array, number: number, rank: number): void {
  if (rank > (ranks[number] ?? 0)) ranks[number] = rank;
}
