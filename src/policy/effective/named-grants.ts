import type { PolicyStatement } from '../document/policy-document.ts';
import { ActionSet } from '../patterns/action-set.ts';
import { WorkBudget } from '../patterns/work-budget.ts';
import { CONFIDENCES, type Confidence } from '../policy-findings.ts';
import type { Denied } from './by-confidence.ts';
import type { EffectiveData } from './effective-data.ts';
import { type Here, NamedPlaces, type Place, RANKS } from './named-places.ts';
import type { NamedStatement } from './statement-actions.ts';

/** A method whose actions a policy allows on resources of some names, where any name will do. */
export interface NamedGrant {
  readonly confidence: Confidence;
  readonly statements: readonly number[];
}

/** By the method. */
export type OnNames = ReadonlyMap<string, NamedGrant>;

/** How sure an action is on every resource; `undefined` where it is not allowed there. */
type OnEvery = (index: number) => Confidence | undefined;

interface Allowed extends NamedStatement {
  readonly confidence: Confidence;
}

/** Actions on one resource of any name. */
interface Group {
  readonly indices: readonly number[];
  readonly unboundBy: readonly number[];
  /** Those that are not allowed on every resource. */
  readonly missing: readonly number[];
}

interface Found {
  readonly places: NamedPlaces;
  readonly place: Place;
  readonly here: Here;
  readonly rank: number;
}

/** How sure an Allow is, by its conditions. */
export type ConfidenceOf = (statement: PolicyStatement) => Confidence;

const NONE: OnNames = new Map();
const BOUNDARY = 'iam:permissionsboundary';
/** To hold two patterns against each other, and to join what they allow, costs as much as this many names. */
const PLACE_COST = 4;

/**
 * Gathers, statement by statement, what a policy allows on resources of some names, of the actions that are enough on
 * any: whoever makes a function, and hands a role to it, calls it `dev-x` where that is the only name allowed.
 */
export class NamedGrants {
  readonly #data: EffectiveData;
  readonly #account: string | undefined;
  readonly #confidenceOf: ConfidenceOf;
  readonly #allowed: Allowed[] = [];
  readonly #denials: NamedStatement[] = [];

  constructor(data: EffectiveData, account: string | undefined, confidenceOf: ConfidenceOf) {
    this.#data = data;
    this.#account = account;
    this.#confidenceOf = confidenceOf;
  }

  /** `open` are those of the named actions that it allows on every resource. */
  allow(statement: PolicyStatement, named: ActionSet, open: ActionSet, confidence: Confidence): void {
    if (statement.otherResources || open === named || !named.meets(this.#data.anyName.all)) return;
    this.#allowed.push({ statement, actions: named, confidence });
  }

  deny(statement: PolicyStatement, named: ActionSet): void {
    if (named.meets(this.#data.anyName.all)) this.#denials.push({ statement, actions: named });
  }

  methods(onEvery: OnEvery, { all }: Denied): OnNames {
    const methods = this.#possible(onEvery, all);
    if (methods.length === 0) return NONE;
    // One of its own, of which the 10,240 characters of a role's inline policies use a third: a longer policy is not
    // refused for it, but of what its names open not all is said then.
    const budget = new WorkBudget();
    const groups = methods.flatMap((method) => method.groups);
    const found = this.#search(groups, onEvery, this.#allowed, this.#denials, budget);
    for (const [group, freed] of this.#unbound(groups, onEvery, all, budget))
      if (freed.rank > (found.get(group)?.rank ?? 0)) found.set(group, freed);
    return new Map(methods.flatMap(({ name, groups }) => together(name, groups, found)));
  }

  #search(
    groups: readonly Group[],
    onEvery: OnEvery,
    allowed: readonly Allowed[],
    denials: readonly NamedStatement[],
    budget: WorkBudget,
  ): Map<Group, Found> {
    const actions = [...new Set(groups.flatMap(({ indices }) => indices))];
    const places = new NamedPlaces(actions, this.#data.anyName.types, budget, this.#account);
    for (const one of allowed) places.allow(one, one.confidence);
    for (const one of denials) places.deny(one);
    // Where Deny statements could not be held against all of them, nothing is sure.
    return budget.isSpent ? new Map() : findGroups(groups, places, onEvery, budget);
  }

  /**
   * What is left where one of the actions on a resource takes off the boundary that conditions ask of the others: they
   * limit nothing then. Of that action itself they do.
   */
  #unbound(
    groups: readonly Group[],
    onEvery: OnEvery,
    denied: ActionSet | undefined,
    budget: WorkBudget,
  ): [group: Group, found: Found][] {
    const isBound = ({ statement }: NamedStatement) =>
      statement.conditions.some(({ key }) => key === BOUNDARY);
    if (!this.#allowed.some(isBound) && !this.#denials.some(isBound)) return [];
    const freed = new Map<Group, Group>();
    for (const group of groups) {
      for (const index of group.unboundBy) {
        if (denied?.has(index)) continue;
        const missing = onEvery(index) === undefined ? [...group.missing, index] : group.missing;
        freed.set({ indices: [...group.indices, index], missing, unboundBy: [] }, group);
      }
    }
    const free = <T extends NamedStatement>(one: T) => (isBound(one) ? this.#freed(one) : one);
    const allowed = this.#allowed
      .map(free)
      .map((one) => ({ ...one, confidence: this.#confidenceOf(one.statement) }));
    const found = this.#search([...freed.keys()], onEvery, allowed, this.#denials.map(free), budget);
    return [...found].flatMap(([group, one]) => {
      const whole = freed.get(group);
      return whole === undefined ? [] : [[whole, one]];
    });
  }

  /** Without what it says of a boundary; of the actions that take one off it stands as it is. */
  #freed<T extends NamedStatement>(one: T): T {
    const { statement } = one;
    const conditions = statement.conditions.filter(({ key }) => key !== BOUNDARY);
    const actions = one.actions.copy();
    if (statement.allow) {
      actions.removeAll(this.#data.anyName.unbinding);
      return { ...one, actions, statement: { ...statement, conditions } };
    }
    if (conditions.length > 0) return one;
    actions.keepAll(this.#data.anyName.unbinding);
    return { ...one, actions };
  }

  /**
   * Methods that are not open on every resource, but whose actions are all allowed somewhere. Each group may be on
   * names of its own; one that is allowed on every resource needs none.
   */
  #possible(onEvery: OnEvery, denied: ActionSet | undefined) {
    if (this.#allowed.length === 0) return [];
    const somewhere = ActionSet.empty(this.#data.table.all.length);
    for (const { actions } of this.#allowed) somewhere.addMasked(actions, this.#data.anyName.all);
    const methods: { name: string; groups: readonly Group[] }[] = [];
    for (const { method, groups, unboundBy } of this.#data.anyName.methods) {
      const limited = groups
        .map((indices) => ({
          indices,
          unboundBy,
          missing: indices.filter((index) => onEvery(index) === undefined),
        }))
        .filter(({ missing }) => missing.length > 0);
      const missing = limited.flatMap((group) => group.missing);
      if (missing.length > 0 && missing.every((index) => somewhere.has(index) && !denied?.has(index)))
        methods.push({ name: method.method, groups: limited });
    }
    return methods;
  }
}

/** Where each group is surest. */
function findGroups(
  groups: readonly Group[],
  places: NamedPlaces,
  onEvery: OnEvery,
  budget: WorkBudget,
): Map<Group, Found> {
  const found = new Map<Group, Found>();
  // Those first that allow most by themselves, so that others use nothing up before them.
  const all = [...places.all()].sort((one, other) => allowedBy(other) - allowedBy(one));
  let left = groups;
  for (const place of all) {
    const begun = left.filter(({ missing }) =>
      places.numbersOf(missing).some((number) => (place.ranks[number] ?? 0) > 0),
    );
    if (begun.length === 0) continue;
    if (!budget.spend(PLACE_COST * all.length)) return found;
    const here = places.at(place);
    for (const group of begun) {
      const rank = rankAt(group, place, here, places, onEvery);
      if (rank > (found.get(group)?.rank ?? 0)) found.set(group, { places, place, here, rank });
    }
    left = left.filter((group) => (found.get(group)?.rank ?? 0) < RANKS.medium);
    if (left.length === 0) return found;
  }
  return found;
}

function allowedBy({ ranks }: Place): number {
  return ranks.reduce((count, rank) => count + Math.min(rank, 1), 0);
}

/** Some name of a pattern is free to choose; whether one that is written out is there to be had is less sure. */
function rankAt(
  { indices }: Group,
  place: Place,
  { sure, some }: Here,
  places: NamedPlaces,
  onEvery: OnEvery,
): number {
  let least = place.free ? RANKS.medium : RANKS.low;
  for (const index of indices) {
    const [number = 0] = places.numbersOf([index]);
    const denied = place.denied[number] ?? 0;
    const open = onEvery(index);
    const step =
      open === undefined ? Math.max(sure[number] ?? 0, Math.min(some[number] ?? 0, 1)) : RANKS[open];
    if (step === 0 || denied === 2) return 0;
    least = Math.min(least, step, denied === 1 && open === undefined ? RANKS.low : least);
  }
  return least;
}

function together(
  name: string,
  groups: readonly Group[],
  found: ReadonlyMap<Group, Found>,
): [name: string, grant: NamedGrant][] {
  let least = RANKS.high;
  const statements: number[] = [];
  for (const group of groups) {
    const grant = found.get(group);
    if (grant === undefined) return [];
    least = Math.min(least, grant.rank);
    const { places, place, here } = grant;
    statements.push(...places.statementsAt(place, places.numbersOf(group.missing), here));
  }
  const confidence = CONFIDENCES.find((level) => RANKS[level] === least) ?? 'low';
  return [[name, { confidence, statements }]];
}
