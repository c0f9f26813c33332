import { ActionSet } from '../action-set.ts';
import type { KnownEscalation } from '../effective-data.ts';
import type { Confidence, PolicyFinding } from '../policy-findings.ts';
import type { IdentityCheck, IdentityContext } from './identity-check.ts';

/**
 * Published ways to gain rights: data/curated/policy-escalations.json. A method counts if the policy allows all of
 * its actions without limits on resources; only iam:PassRole may be limited to some roles, because one strong role
 * is enough, and the method is then less sure.
 */
export const checkPrivilegeEscalation: IdentityCheck = (context) => {
  const findings: PolicyFinding[] = [];
  const touched = ActionSet.empty(context.data.table.all.length);
  for (const escalation of context.data.escalations) {
    const finding = findMethod(escalation, context);
    if (finding === undefined) continue;
    findings.push(finding);
    for (const action of escalation.actions) touched.add(action.index);
  }
  return { risk: 'privilege_escalation', count: findings.length, findings, touched };
};

function findMethod(
  { method, actions }: KnownEscalation,
  context: IdentityContext,
): PolicyFinding | undefined {
  const { grants, data } = context;
  let confidence: Confidence = 'high';
  let someRoles = false;
  for (const { index } of actions) {
    if (grants.all.has(index)) confidence = lower(confidence, confidenceOf(index, context));
    else if (index === data.passRole && grants.someRoles.length > 0) someRoles = true;
    else return undefined;
  }
  const statements = grants.sources
    .filter((source) => actions.some(({ index }) => source.actions.has(index)))
    .map((source) => source.statement);
  return {
    risk: 'privilege_escalation',
    severity: someRoles ? 'medium' : 'high',
    confidence: someRoles ? 'low' : confidence,
    method: method.method,
    actions: actions.map((action) => action.id),
    statements: someRoles
      ? [...new Set([...statements, ...grants.someRoles])].sort((a, b) => a - b)
      : statements,
    why: someRoles ? `${method.reason} Only some roles can be passed.` : method.reason,
  };
}

function confidenceOf(index: number, { grants }: IdentityContext): Confidence {
  if (grants.sure.high?.has(index)) return 'high';
  return grants.sure.medium?.has(index) ? 'medium' : 'low';
}

function lower(one: Confidence, other: Confidence): Confidence {
  if (one === 'low' || other === 'low') return 'low';
  return one === 'medium' || other === 'medium' ? 'medium' : 'high';
}
