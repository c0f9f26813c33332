import { type IamAction, PASS_ROLE } from '../../tables/action-table.ts';
import type { PolicyEscalation } from '../../tables/policy-tables.ts';
import type { Confidence, PolicyFinding } from '../policy-findings.ts';
import { lower } from './by-confidence.ts';
import type { KnownEscalation } from './known-escalations.ts';

/** Whether the role of a method may get to its service; `passedTo` is `undefined` where that is every service. */
export function canBePassed(method: PolicyEscalation, passedTo: readonly string[] | undefined): boolean {
  if (method.passedTo === undefined || passedTo === undefined) return true;
  return method.passedTo.some((service) => passedTo.includes(service));
}

/** What a method has to be held against: one policy, or all that a principal holds. */
export interface Reach {
  /** Some roles can be passed, if not all. */
  readonly someRoles: boolean;
  canPass(method: PolicyEscalation): boolean;
  /** How sure an action of the method is; `undefined` where it is not allowed. */
  step(action: IamAction, escalation: KnownEscalation): Confidence | undefined;
}

/** How sure it is that a method is open: as its least sure action. `undefined` where it is not. */
export function openness(escalation: KnownEscalation, reach: Reach): Openness | undefined {
  if (!reach.canPass(escalation.method)) return undefined;
  let least: Confidence = 'high';
  let someRoles = false;
  for (const action of escalation.actions) {
    const step = reach.step(action, escalation);
    if (step !== undefined) least = lower(least, step);
    else if (action.id === PASS_ROLE && reach.someRoles) someRoles = true;
    else return undefined;
  }
  return someRoles ? 'some_roles' : least;
}

/** With `some_roles` one strong role has to be among the few that can be passed. */
export type Openness = Confidence | 'some_roles';

/** A method that is open. */
export function escalationFinding(
  { method, actions }: KnownEscalation,
  confidence: Openness,
  statements: readonly number[],
): PolicyFinding {
  const someRoles = confidence === 'some_roles';
  return {
    risk: 'privilege_escalation',
    severity: someRoles ? 'medium' : 'high',
    confidence: someRoles ? 'low' : confidence,
    method: method.method,
    actions: actions.map(({ id }) => id),
    statements,
    why: someRoles ? `${method.reason} Only some roles can be passed.` : method.reason,
  };
}
