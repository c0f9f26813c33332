import type { PolicyEscalation } from '../../tables/policy-tables.ts';
import { ActionSet } from '../patterns/action-set.ts';
import type { NamedType, ResourceBreadth } from '../patterns/resource-breadth.ts';
import type { KnownEscalation } from './known-escalation.ts';

/** A method that needs no more than one name of each kind of resource, and the indices of the actions on each. */
export interface NamedEscalation {
  readonly method: PolicyEscalation;
  readonly groups: readonly (readonly number[])[];
  /** Actions by which a boundary that a condition asks for is taken off again. */
  readonly unboundBy: readonly number[];
}

/** Methods of which some actions are enough on a resource of any name, and these actions. */
export class AnyNameActions {
  readonly methods: readonly NamedEscalation[];
  /** Of all methods, and those that take a boundary off. */
  readonly all: ActionSet;
  readonly unbinding: ActionSet;
  /** The resource types that all of these take. */
  readonly types: readonly NamedType[];

  /** `size` is the number of all actions. */
  constructor(escalations: readonly KnownEscalation[], breadth: ResourceBreadth, size: number) {
    const indicesOf = (actions: readonly { readonly index: number }[]) => actions.map(({ index }) => index);
    this.methods = escalations
      .filter(({ groups }) => groups.length > 0)
      .map(({ method, groups, unboundBy }) => ({
        method,
        groups: groups.map(indicesOf),
        unboundBy: indicesOf(unboundBy),
      }));
    this.unbinding = ActionSet.empty(size);
    for (const { unboundBy } of this.methods) this.unbinding.addEach(unboundBy);
    this.all = this.unbinding.copy();
    for (const { groups } of this.methods) for (const group of groups) this.all.addEach(group);
    this.types = breadth.typesOf(this.all);
  }
}
