import { asksForValues, failsOnOthers, isMetBy } from '../../document/condition-operators.ts';
import type { Condition } from '../../document/policy-document.ts';
import { accountNamed, admitsEveryone } from '../../document/principals.ts';
import { matchesEverything, wildcardTest } from '../../patterns/wildcard.ts';
import type { PolicyFinding } from '../../policy-findings.ts';
import type { Admission } from '../admissions.ts';
import { STRANGER } from '../denial-reach.ts';
import { externalAccountsOf } from './external-entrants.ts';
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
  const opened = context.kind === 'resource' ? openToServices(context) : openToThirdParties(context);
  if (opened === undefined) return { risk: 'confused_deputy', count: 0, findings: [] };
  const { findings, published } = opened;
  const count = findings.reduce((sum, { principals = [] }) => sum + principals.length, 0);
  // What a deputy may publish is as good as open, so that it counts as touched.
  const touched = published.length > 0 && { touched: admittedActions(published, context.data) };
  return { risk: 'confused_deputy', count, findings, ...touched };
};

interface Opened {
  readonly findings: readonly PolicyFinding[];
  /** Of what they rest on, what a deputy may show to the world. */
  readonly published: readonly Admission[];
}

function openToServices(context: PrincipalContext): Opened | undefined {
  const opened = openTo(
    context,
    (admission) => servicesOf(admission, context),
    'Lets a service in without aws:SourceArn, aws:SourceAccount or aws:SourceOrgID, so that it may act for anyone.',
  );
  if (opened === undefined) return undefined;
  const published = opened.found.filter((admission) => isPublished(admission, context));
  if (published.length === 0) return { findings: [opened.finding], published };
  const reads = published.some(({ actions }) => actions.meets(context.data.exfiltration));
  return { findings: [{ ...opened.finding, severity: 'high', why: reads ? READ : CALLED }], published };
}

const READ =
  'Lets CloudFront read for distributions of every account, any of which may publish what it reads.';
const CALLED =
  'Lets CloudFront call a function for distributions of every account, any of which may publish what it answers.';

/**
 * Whoever has a distribution makes it read for everyone (Amazon CloudFront, "Restrict access to an Amazon S3 origin"),
 * or call a function by its URL (the same, "Restrict access to an AWS Lambda function URL origin").
 */
const PUBLISHER = 'cloudfront.amazonaws.com';

/** Among other services too: whoever lets in more lets this one in. */
function isPublished(admission: Admission, context: PrincipalContext): boolean {
  const { statement, actions, turnsAway } = admission;
  return (
    actions.meets(context.data.publishable) &&
    servicesOf(admission, context).some((name) => wildcardTest(name)(PUBLISHER)) &&
    statement.conditions.every((one) => !SERVICE_KEYS.has(one.key) || isMetBy(one, PUBLISHER)) &&
    !turnsAway({ account: STRANGER, name: PUBLISHER, throughService: true })
  );
}

/** The services that it lets in for anyone: as such, or as those of everyone that a condition leaves. */
function servicesOf(admission: Admission, context: PrincipalContext): string[] {
  return servicesNamed(admission, context).filter(
    (name) => !admission.turnsAway({ account: STRANGER, name, throughService: true }),
  );
}

function servicesNamed({ statement }: Admission, { data }: PrincipalContext): string[] {
  const named = statement.principals.filter(({ type }) => type === 'Service').map(({ name }) => name);
  if (!admitsEveryone(statement) || data.conditions.of(statement.conditions, ['service']) !== 'strong')
    return named;
  const left = statement.conditions.filter(
    ({ key, operator }) => SERVICE_KEYS.has(key) && asksForValues(operator),
  );
  return left.length === 0 ? [...named, '*'] : [...named, ...left.flatMap(({ values }) => values)];
}

/** IAM User Guide, "AWS global condition context keys": one name of the service that calls, and all that it has. */
const SERVICE_KEYS: ReadonlySet<string> = new Set([
  'aws:principalservicename',
  'aws:principalservicenameslist',
]);

function openToThirdParties(context: PrincipalContext): Opened | undefined {
  const opened = openTo(
    context,
    (admission) => [...externalAccountsOf(ofAssumeRole(admission), context)],
    'Another account may assume the role without sts:ExternalId, so that a third party may be made to use it for anyone.',
  );
  const anywhere = openTo(context, certifiersOf, ANY_CERTIFICATE);
  const findings = [opened, anywhere].flatMap((found) => found?.finding ?? []);
  return findings.length === 0 ? undefined : { findings, published: [] };
}

/**
 * IAM Roles Anywhere takes the certificates of all trust anchors of the account, where no condition names the anchor or
 * what is in the certificate (IAM Roles Anywhere User Guide, "Trust model").
 */
function certifiersOf({ statement }: Admission): readonly string[] {
  const certifies = statement.principals.some(({ type, name }) => type === 'Service' && name === CERTIFIER);
  const named = statement.conditions.some(
    (condition) =>
      NAMES_CERTIFICATE.test(condition.key) && failsOnOthers(condition) && condition.values.every(namesOne),
  );
  return certifies && !named ? [CERTIFIER] : [];
}

const CERTIFIER = 'rolesanywhere.amazonaws.com';

const NAMES_CERTIFICATE = /^(?:aws:sourcearn$|aws:principaltag\/x509|sts:sourceidentity$)/;

/** Behind the last separator: `trust-anchor/*` is every anchor, and `CN=*` every certificate. */
function namesOne(value: string): boolean {
  return !matchesEverything(value.split(/[/:=]/).at(-1) ?? '');
}

const ANY_CERTIFICATE =
  "Lets any certificate of any of the account's trust anchors take the role: no condition names the anchor or the " +
  'certificate.';

/** Sessions by a provider's token have no sts:ExternalId (Service Authorization Reference, "AWS STS"). */
function ofAssumeRole(admission: Admission): Admission {
  const { statement } = admission;
  const principals = statement.principals.filter(({ type }) => type !== 'Federated');
  return { ...admission, statement: { ...statement, principals } };
}

/** One finding of all that are let in without a condition that says for whom they act. */
function openTo(
  context: PrincipalContext,
  deputiesOf: (admission: Admission) => readonly string[],
  why: string,
): { readonly finding: PolicyFinding; readonly found: readonly Admission[] } | undefined {
  const found: Admission[] = [];
  const principals = new Set<string>();
  for (const admission of context.admissions) {
    const deputies = deputiesOf(admission);
    if (deputies.length === 0 || (deputiesOf !== certifiersOf && isGuarded(admission, context))) continue;
    found.push(admission);
    for (const deputy of deputies) principals.add(deputy);
  }
  if (found.length === 0) return undefined;
  const finding: PolicyFinding = {
    risk: 'confused_deputy',
    severity: 'low',
    confidence: 'medium',
    actions: listActions(admittedActions(found, context.data), context),
    principals: [...principals].sort(),
    statements: found.map(({ statement }) => statement.index),
    why,
  };
  return { finding, found };
}

function isGuarded({ statement }: Admission, { data, account }: PrincipalContext): boolean {
  const { conditions } = statement;
  return (
    data.conditions.of(conditions, ['principal', 'network']) === 'strong' ||
    conditions.some((condition) => bindsToOwnResource(condition, account))
  );
}

/**
 * What a service encrypts, it encrypts under the ARN of the resource that it is for, which ties a key to the account
 * as aws:SourceArn would (Amazon CloudWatch Logs, "Encrypt log data"; AWS CloudTrail, "Configure AWS KMS key
 * policies").
 */
function bindsToOwnResource(condition: Condition, account: string | undefined): boolean {
  const { key, values } = condition;
  if (account === undefined || !SERVICE_CONTEXT.test(key) || !failsOnOthers(condition)) return false;
  return values.length > 0 && values.every((name) => accountNamed(name) === account);
}

const SERVICE_CONTEXT = /^kms:encryptioncontext:aws:[^:]+:arn$/;
