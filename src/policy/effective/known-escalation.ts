import type { IamAction } from '../../tables/action-table.ts';
import type { PolicyEscalation } from '../../tables/policy-tables.ts';

/** An escalation method and its actions. */
export interface KnownEscalation {
  readonly method: PolicyEscalation;
  readonly actions: readonly IamAction[];
  /** Of these, those that are enough on a resource of any name, by the resource that they are needed on. */
  readonly groups: readonly (readonly IamAction[])[];
  /** Actions by which a boundary that a condition asks for is taken off again. */
  readonly unboundBy: readonly IamAction[];
  /** Those of the groups, by their ids. */
  readonly anyName: ReadonlySet<string>;
}
