import type { PolicyEscalation } from '../../tables/policy-tables.ts';
import type { Confidence, PolicyFinding } from '../policy-findings.ts';
import type { KnownEscalation } from './known-escalation.ts';

/** Whether the role of a method may get to its service; `passedTo` is `undefined` where that is every service. */
export function canBePassed(method: PolicyEscalation, passedTo: readonly string[] | undefined): boolean {
  if (method.passedTo === undefined || passedTo === undefined) return true;
  return method.passedTo.some((service) => passedTo.includes(service));
}

/** A method that is open; with `some_roles` one strong role has to be among the few that can be passed. */
export function escalationFinding(
  { method, actions }: KnownEscalation,
  confidence: Confidence | 'some_roles',
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
