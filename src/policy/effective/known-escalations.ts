import type { IamAction } from '../../tables/action-table.ts';
import type { PolicyEscalation } from '../../tables/policy-tables.ts';
import { ActionSet } from '../patterns/action-set.ts';
import type { NamedType, ResourceBreadth } from '../patterns/resource-breadth.ts';

/** An escalation method and its actions. */
export interface KnownEscalation {
  readonly method: PolicyEscalation;
  readonly actions: readonly IamAction[];
  /** Indices of those that are enough on a resource of any name, by the resource that they are needed on. */
  readonly groups: readonly (readonly number[])[];
  /** Indices of the actions by which a boundary that a condition asks for is taken off again. */
  readonly unboundBy: readonly number[];
  /** Those of the groups, by their ids. */
  readonly anyName: ReadonlySet<string>;
}

/** Methods of which some actions are enough on a resource of any name, and these actions. */
export class AnyNameActions {
  readonly methods: readonly KnownEscalation[];
  /** Of all methods, and those that take a boundary off. */
  readonly all: ActionSet;
  readonly unbinding: ActionSet;
  /** The resource types that all of these take. */
  readonly types: readonly NamedType[];

  /** `size` is the number of all actions. */
  constructor(escalations: readonly KnownEscalation[], breadth: ResourceBreadth, size: number) {
    this.methods = escalations.filter(({ groups }) => groups.length > 0);
    this.unbinding = ActionSet.empty(size);
    for (const { unboundBy } of this.methods) this.unbinding.addEach(unboundBy);
    this.all = this.unbinding.copy();
    for (const { groups } of this.methods) for (const group of groups) this.all.addEach(group);
    this.types = breadth.typesOf(this.all);
  }
}
