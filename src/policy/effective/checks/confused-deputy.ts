import { admitsEveryone } from '../../document/principals.ts';
import type { PolicyFinding } from '../../policy-findings.ts';
import { externalAccountsOf } from './external-access.ts';
import {
  type Admission,
  listActions,
  type PrincipalCheck,
  type PrincipalContext,
  unionOf,
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
  const count = finding.principals?.length ?? 0;
  // What a deputy may publish is as good as open, so that it counts as touched.
  const touched =
    finding.severity === 'high' ? unionOf(context.admissions.filter(isIn(finding)), context.data) : undefined;
  return { risk: 'confused_deputy', count, findings: [finding], ...(touched !== undefined && { touched }) };
};

function isIn({ statements }: PolicyFinding): (admission: Admission) => boolean {
  return ({ statement }) => statements.includes(statement.index);
}

function isUnguarded(
  context: PrincipalContext,
): (admission: PrincipalContext['admissions'][number]) => boolean {
  return ({ statement }) =>
    context.data.conditions.of(statement.conditions, ['principal', 'network']) !== 'strong';
}

function openToServices(context: PrincipalContext): PolicyFinding | undefined {
  const found = context.admissions.filter(
    (admission) => servicesOf(admission, context).length > 0 && isUnguarded(context)(admission),
  );
  if (found.length === 0) return undefined;
  const services = [...new Set(found.flatMap((admission) => servicesOf(admission, context)))].sort();
  const published = found.some(
    (admission) =>
      servicesOf(admission, context).includes(PUBLISHER) &&
      admission.actions.meets(context.data.exfiltration),
  );
  return {
    risk: 'confused_deputy',
    severity: published ? 'high' : 'low',
    confidence: 'medium',
    actions: listActions(unionOf(found, context.data), context),
    principals: services,
    statements: found.map(({ statement }) => statement.index),
    why: published
      ? 'Lets CloudFront read for distributions of every account, any of which may publish what it reads.'
      : 'Lets a service in without aws:SourceArn, aws:SourceAccount or aws:SourceOrgID, so that it may act for anyone.',
  };
}

/** Whoever has a distribution makes it read for everyone (Amazon CloudFront, "Restrict access to an Amazon S3 origin"). */
const PUBLISHER = 'cloudfront.amazonaws.com';

/** The services that it lets in as such, or as those of everyone that a condition leaves. */
function servicesOf({ statement }: Admission, { data }: PrincipalContext): string[] {
  const named = statement.principals.filter(({ type }) => type === 'Service').map(({ name }) => name);
  if (!admitsEveryone(statement) || data.conditions.of(statement.conditions, ['service']) !== 'strong')
    return named;
  const left = statement.conditions.filter(({ key }) => key === 'aws:principalservicename');
  return left.length === 0 ? [...named, '*'] : [...named, ...left.flatMap(({ values }) => values)];
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
