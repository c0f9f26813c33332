import type { PolicyEscalation } from '../../tables/policy-tables.ts';
import { ActionSet } from '../patterns/action-set.ts';
import type { KnownEscalation } from './known-escalation.ts';

/** An action that is enough on a resource of any name. */
export interface NamedAction {
  /** In the table of actions. */
  readonly index: number;
  /** In sets of such actions only. */
  readonly place: number;
}

/** Actions of a method that have to be allowed on the same resource. */
export type NamedGroup = readonly NamedAction[];

/** A method that needs no more than one name of each kind of resource. */
export interface NamedEscalation {
  readonly method: PolicyEscalation;
  readonly groups: readonly NamedGroup[];
}

/** The few actions of methods that are enough on a resource of any name: sets of them alone are quick to put together. */
export class AnyNameActions {
  readonly methods: readonly NamedEscalation[];
  readonly groups: readonly NamedGroup[];
  /** Among all actions. */
  readonly all: ActionSet;
  readonly #places: ReadonlyMap<number, number>;

  /** `size` is the number of all actions. */
  constructor(escalations: readonly KnownEscalation[], size: number) {
    const named = escalations.filter(({ groups }) => groups.length > 0);
    const indices = new Set(named.flatMap(({ groups }) => groups.flat().map(({ index }) => index)));
    this.#places = new Map([...indices].map((index, place) => [index, place]));
    this.all = ActionSet.empty(size);
    this.all.addEach([...indices]);
    this.methods = named.map(({ method, groups }) => ({
      method,
      groups: groups.map((group) => group.map(({ index }) => ({ index, place: this.#placeOf(index) }))),
    }));
    this.groups = this.methods.flatMap(({ groups }) => groups);
  }

  /** Those in a set of all actions, by their places. */
  among(actions: ActionSet): ActionSet {
    const places = this.none();
    for (const index of actions.indices(this.all)) places.add(this.#placeOf(index));
    return places;
  }

  none(): ActionSet {
    return ActionSet.empty(this.#places.size);
  }

  #placeOf(index: number): number {
    return this.#places.get(index) ?? 0;
  }
}
