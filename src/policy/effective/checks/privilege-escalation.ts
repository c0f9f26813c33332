import type { PolicyEscalation } from '../../../tables/policy-tables.ts';
import { ActionSet } from '../../patterns/action-set.ts';
import { CONFIDENCES, type Confidence, type PolicyFinding } from '../../policy-findings.ts';
import { canBePassed, escalationFinding, openness, type Reach } from '../escalation-finding.ts';
import type { Grants } from '../grants.ts';
import type { KnownEscalation } from '../known-escalations.ts';
import { stepConfidence } from '../targeted-grants.ts';
import type { IdentityCheck } from './identity-check.ts';

/**
 * Published ways to gain rights: data/curated/policy-escalations.json. A method counts if the policy allows all of its
 * actions without limits on resources; only iam:PassRole may be limited to some roles, because one strong role is
 * enough, and the method is then less sure; what the method makes itself may have any name (NamedGrants); and users who
 * may give rights to themselves need no other user.
 */
export const checkPrivilegeEscalation: IdentityCheck = (context) => {
  const findings: PolicyFinding[] = [];
  const touched = ActionSet.empty(context.data.table.all.length);
  const { grants } = context;
  const reach = reachOf(grants);
  for (const escalation of context.data.escalations) {
    const confidence = openness(escalation, reach);
    if (confidence === undefined) continue;
    const statements = statementsOf(escalation, confidence === 'some_roles', grants);
    findings.push(escalationFinding(escalation, confidence, statements));
    for (const action of escalation.actions) touched.add(action.index);
  }
  return { risk: 'privilege_escalation', count: findings.length, findings, touched };
};

function reachOf(grants: Grants): Reach {
  return {
    someRoles: grants.someRoles.length > 0,
    canPass: (method) => canBePassed(method, grants.passedTo),
    step: ({ index, id }, { method, anyName }) =>
      confidenceOf(index, method, grants) ??
      (anyName.has(id) ? grants.onNames.get(method.method)?.confidence : undefined),
  };
}

function confidenceOf(
  index: number,
  { onOwnUser }: PolicyEscalation,
  grants: Grants,
): Confidence | undefined {
  const step = stepConfidence(index, grants);
  if (!onOwnUser || step === 'high') return step;
  const own = CONFIDENCES.find((level) => grants.onOwnUser.sure[level]?.has(index));
  return CONFIDENCES.find((level) => level === step || level === own);
}

function statementsOf({ method, actions }: KnownEscalation, someRoles: boolean, grants: Grants): number[] {
  const sources = method.onOwnUser ? [...grants.sources, ...grants.onOwnUser.sources] : grants.sources;
  const statements = sources
    .filter((source) => actions.some(({ index }) => source.actions.has(index)))
    .map((source) => source.statement);
  const byName = grants.onNames.get(method.method)?.statements ?? [];
  return [...new Set([...statements, ...byName, ...(someRoles ? grants.someRoles : [])])].sort(
    (a, b) => a - b,
  );
}
