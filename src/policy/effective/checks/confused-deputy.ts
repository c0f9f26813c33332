import type { PolicyFinding } from '../../policy-findings.ts';
import type { Admission } from '../admissions.ts';
import { externalAccountsOf } from './external-access.ts';
import {
  admittedActions,
  listActions,
  type PrincipalCheck,
  type PrincipalContext,
} from './principal-check.ts';

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

function openToServices(context: PrincipalContext): PolicyFinding | undefined {
  return openTo(
    context,
    ({ statement }) => statement.principals.filter(({ type }) => type === 'Service').map(({ name }) => name),
    'Lets a service in without aws:SourceArn, aws:SourceAccount or aws:SourceOrgID, so that it may act for anyone.',
  );
}

function openToThirdParties(context: PrincipalContext): PolicyFinding | undefined {
  return openTo(
    context,
    (admission) => [...externalAccountsOf(admission, context)],
    'Another account may assume the role without sts:ExternalId, so that a third party may be made to use it for anyone.',
  );
}

/** One finding of all that are let in without a condition that says for whom they act. */
function openTo(
  context: PrincipalContext,
  deputiesOf: (admission: Admission) => readonly string[],
  why: string,
): PolicyFinding | undefined {
  const found: Admission[] = [];
  const principals = new Set<string>();
  for (const admission of context.admissions) {
    const deputies = deputiesOf(admission);
    if (deputies.length === 0 || isGuarded(admission, context)) continue;
    found.push(admission);
    for (const deputy of deputies) principals.add(deputy);
  }
  if (found.length === 0) return undefined;
  return {
    risk: 'confused_deputy',
    severity: 'low',
    confidence: 'medium',
    actions: listActions(admittedActions(found, context.data), context),
    principals: [...principals].sort(),
    statements: found.map(({ statement }) => statement.index),
    why,
  };
}

function isGuarded({ statement }: Admission, { data }: PrincipalContext): boolean {
  return data.conditions.of(statement.conditions, ['principal', 'network']) === 'strong';
}
