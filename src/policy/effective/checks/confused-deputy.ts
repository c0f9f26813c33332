import type { PolicyFinding } from '../../policy-findings.ts';
import { externalAccountsOf } from './external-access.ts';
import { listActions, type PrincipalCheck, type PrincipalContext, unionOf } from './principal-check.ts';

/**
 * IAM User Guide, "The confused deputy problem": a service that acts for many customers can be made to use what this
 * policy opens by another customer, unless aws:SourceArn, aws:SourceAccount or aws:SourceOrgID say for whom it acts;
 * and a third party's role can be asked for by another of its customers, unless sts:ExternalId is asked for. The
 * trust of a role in a service is not counted: a role can be passed within its own account only.
 */
export const checkConfusedDeputy: PrincipalCheck = (context) => {
  const finding = context.kind === 'resource' ? openToServices(context) : openToThirdParties(context);
  if (finding === undefined) return { risk: 'confused_deputy', count: 0, findings: [] };
  return { risk: 'confused_deputy', count: finding.principals?.length ?? 0, findings: [finding] };
};

function isUnguarded(
  context: PrincipalContext,
): (admission: PrincipalContext['admissions'][number]) => boolean {
  return ({ statement }) =>
    context.data.conditions.of(statement.conditions, ['principal', 'network']) !== 'strong';
}

function openToServices(context: PrincipalContext): PolicyFinding | undefined {
  const found = context.admissions.filter(
    (admission) =>
      admission.statement.principals.some(({ type }) => type === 'Service') &&
      isUnguarded(context)(admission),
  );
  if (found.length === 0) return undefined;
  const services = found.flatMap(({ statement }) =>
    statement.principals.filter(({ type }) => type === 'Service').map(({ name }) => name),
  );
  return {
    risk: 'confused_deputy',
    severity: 'low',
    confidence: 'medium',
    actions: listActions(unionOf(found, context.data), context),
    principals: [...new Set(services)].sort(),
    statements: found.map(({ statement }) => statement.index),
    why: 'Lets a service in without aws:SourceArn, aws:SourceAccount or aws:SourceOrgID, so that it may act for anyone.',
  };
}

function openToThirdParties(context: PrincipalContext): PolicyFinding | undefined {
  const found = context.admissions.filter(
    (admission) => externalAccountsOf(admission, context).size > 0 && isUnguarded(context)(admission),
  );
  if (found.length === 0) return undefined;
  return {
    risk: 'confused_deputy',
    severity: 'low',
    confidence: 'medium',
    actions: listActions(unionOf(found, context.data), context),
    principals: [
      ...new Set(found.flatMap((admission) => [...externalAccountsOf(admission, context)])),
    ].sort(),
    statements: found.map(({ statement }) => statement.index),
    why: 'Another account may assume the role without sts:ExternalId, so that a third party may be made to use it for anyone.',
  };
}
