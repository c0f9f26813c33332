import { type Problem, problem } from '../../errors.ts';
import type { JsonObject } from '../../event/json.ts';
import type { PolicyKind } from '../../tables/policy-events.ts';
import { RISK_CATEGORIES, type RiskCategory } from '../../tables/risk-table.ts';
import {
  type PolicyStatement,
  type Principal,
  type ReadDocument,
  readDocument,
} from '../document/policy-document.ts';
import { accountOf } from '../document/principals.ts';
import { isEveryAction } from '../patterns/action-patterns.ts';
import { ActionSet } from '../patterns/action-set.ts';
import { WorkBudget } from '../patterns/work-budget.ts';
import { isOpening, type PolicyAnalysis, type PolicyRiskName } from '../policy-findings.ts';
import type { PolicySummary } from '../policy-summary.ts';
import { type Admission, readAdmissions } from './admissions.ts';
import type { CheckResult } from './checks/check-result.ts';
import { checkConfusedDeputy } from './checks/confused-deputy.ts';
import { checkExternalAccess } from './checks/external-access.ts';
import { allExternalAccounts } from './checks/external-entrants.ts';
import type { IdentityCheck } from './checks/identity-check.ts';
import type { PrincipalCheck } from './checks/principal-check.ts';
import { checkPrivilegeEscalation } from './checks/privilege-escalation.ts';
import { checkPublicAccess } from './checks/public-access.ts';
import {
  checkCredentialsExposure,
  checkDataExfiltration,
  checkInfrastructureModification,
  checkResourceExposure,
} from './checks/risky-actions.ts';
import { checkServiceWildcard } from './checks/service-wildcard.ts';
import type { EffectiveData } from './effective-data.ts';
import { stepsOf } from './escalation-steps.ts';
import { findLockout } from './find-lockout.ts';
import { type Grants, readGrants } from './grants.ts';
import { trustOf } from './role-trust.ts';
import { trustedBy } from './trusted-names.ts';

export interface AnalysisOptions {
  /** The account the policy lies in, and of an identity policy its holder, where it is known. */
  readonly account?: string | undefined;
  /** Of a resource policy: the prefixes of the actions that its resource is asked for by, for which `*` stands. */
  readonly prefixes?: readonly string[] | undefined;
  /** Where in the event or the request the document stands. */
  readonly path?: string;
  /** How many actions a finding lists at the most; all of them if left out. */
  readonly mostActions?: number;
}

export interface AnalyzedPolicy {
  /** Absent where the policy costs more work than any that AWS accepts. */
  readonly summary: PolicySummary | undefined;
  readonly problems: readonly Problem[];
  /** Of a trust policy: the accounts, users and roles that may take the role, by the names that it gives them. */
  readonly trusts: readonly Principal[];
}

type Analyzed = Pick<AnalyzedPolicy, 'summary'> & Partial<Pick<AnalyzedPolicy, 'trusts'>>;

/** What is asked of every identity policy, in the order of the answer. */
const IDENTITY_CHECKS: readonly IdentityCheck[] = [
  checkPrivilegeEscalation,
  checkResourceExposure,
  checkDataExfiltration,
  checkCredentialsExposure,
  checkServiceWildcard,
  checkInfrastructureModification,
];

/** What is asked of every resource and trust policy, in the order of the answer. */
const PRINCIPAL_CHECKS: readonly PrincipalCheck[] = [
  checkPublicAccess,
  checkExternalAccess,
  checkConfusedDeputy,
];

/** What a policy really allows, mode `effective`. Statements that IAM would refuse give problems, not errors. */
export function analyzePolicy(
  document: JsonObject,
  kind: PolicyKind,
  data: EffectiveData,
  options: AnalysisOptions = {},
): AnalyzedPolicy {
  const path = options.path ?? '';
  const { statements, problems } = readDocument(document, path, kind);
  const budget = new WorkBudget();
  const { summary, trusts = [] }: Analyzed =
    kind === 'identity'
      ? { summary: analyzeIdentity(statements, data, budget, options) }
      : analyzePrincipals({ statements, problems }, kind, data, budget, options);
  if (summary !== undefined) return { summary, problems, trusts };
  return { summary, problems: [...problems, problem('policy_too_complex', path)], trusts };
}

function analyzeIdentity(
  statements: readonly PolicyStatement[],
  data: EffectiveData,
  budget: WorkBudget,
  { account, mostActions = Number.POSITIVE_INFINITY }: AnalysisOptions,
): PolicySummary | undefined {
  const grants = readGrants(statements, data, budget, account);
  if (grants === undefined) return undefined;
  const lockout = findLockout(statements, 'identity', undefined);
  const analysis = { ...describeGrants(grants, data, mostActions), ...(lockout && { lockout }) };
  const allows = statements.some(({ allow }) => allow);
  const restrains = !allows && deniesPower(grants, data);
  const restraint = restrains && { restrains, denies: grants.denied?.count() ?? 0 };
  return { analysis, allows, ...restraint, steps: stepsOf(grants, data) };
}

/** The answer of all identity checks. */
function describeGrants(grants: Grants, data: EffectiveData, mostActions: number): PolicyAnalysis {
  const results = IDENTITY_CHECKS.map((check) => check({ grants, data, mostActions }));
  const admin = isAdmin(grants, data);
  return {
    kind: 'identity',
    ...summarize(results),
    services: admin ? ['*'] : servicesOf(results, data),
    admin,
    public: false,
    externalAccounts: [],
  };
}

function analyzePrincipals(
  { statements, problems }: ReadDocument,
  kind: 'trust' | 'resource',
  data: EffectiveData,
  budget: WorkBudget,
  { account, prefixes, mostActions = Number.POSITIVE_INFINITY }: AnalysisOptions,
): Analyzed {
  const own = prefixes === undefined ? statements : statements.map((one) => withinPrefixes(one, prefixes));
  const read = readAdmissions(own, data, budget);
  if (read === undefined) return { summary: undefined };
  const trusted = kind === 'trust' ? read.map((admission) => trustOf(admission, data)) : read;
  const admissions = trusted.filter((admission) => admission !== undefined);
  const context = { kind, admissions, data, account, mostActions };
  const results = PRINCIPAL_CHECKS.map((check) => check(context));
  const open = resultOf('public_access', results);
  const leftOut = resultOf('external_access', results)?.leftOut;
  const lockout = findLockout(statements, kind, account);
  const analysis: PolicyAnalysis = {
    kind,
    ...summarize(results),
    categories: opened(results, data),
    services: servicesOf(results, data),
    admin: false,
    public: open?.findings.some((finding) => finding.confidence !== 'low') ?? false,
    externalAccounts: allExternalAccounts(context),
    ...(kind === 'trust' && { trusted: trustedBy(admissions, data) }),
    ...(lockout && { lockout }),
    ...(leftOut !== undefined && leftOut.findings + leftOut.actions > 0 && { leftOut }),
  };
  const trusts = kind === 'trust' ? admissions.flatMap(principalsLeft) : [];
  // What could not be read may be a Deny.
  const onlyAllows = kind === 'resource' && problems.length === 0 && statements.every(({ allow }) => allow);
  const summary = { analysis, allows: admissions.length > 0, ...(onlyAllows && { onlyAllows }) };
  return { summary, trusts };
}

/** A resource is only ever asked for by actions of its own service, or of few. */
function withinPrefixes(statement: PolicyStatement, prefixes: readonly string[]): PolicyStatement {
  if (statement.otherActions) return { ...statement, within: prefixes };
  if (!statement.actions.some(isEveryAction)) return statement;
  return { ...statement, actions: prefixes.map((prefix) => `${prefix}:*`) };
}

/** Those whom no Deny turns away. */
function principalsLeft({ statement, turnsAway }: Admission): Principal[] {
  if (statement.otherPrincipals) return [];
  return statement.principals.filter((principal) => {
    const account = principal.type === 'AWS' ? accountOf(principal) : undefined;
    return account !== undefined && !turnsAway({ account, name: principal.name, throughService: false });
  });
}

function resultOf(risk: PolicyRiskName, results: readonly CheckResult[]): CheckResult | undefined {
  return results.find((result) => result.risk === risk);
}

function summarize(results: readonly CheckResult[]) {
  const counts: Partial<Record<PolicyRiskName, number>> = {};
  for (const { risk, count } of results) if (count > 0) counts[risk] = count;
  return {
    findings: results.flatMap((result) => result.findings),
    counts,
    categories: RISK_CATEGORIES.filter((category) => (counts[category] ?? 0) > 0),
  };
}

/**
 * A resource or a role that others can get into is exposed, and so is one that a service may publish; if they can read
 * data out of it, that too is at risk.
 * The sets are asked, because the findings may list fewer actions.
 */
function opened(results: readonly CheckResult[], data: EffectiveData): RiskCategory[] {
  const open = results.filter(({ findings }) => findings.some(isOpening));
  if (open.length === 0) return [];
  const read = open.some(({ touched }) => touched?.meets(data.exfiltration));
  return read ? ['resource_exposure', 'data_exfiltration'] : ['resource_exposure'];
}

function servicesOf(results: readonly CheckResult[], data: EffectiveData): string[] {
  if (results.every((result) => result.count === 0)) return [];
  const touched = ActionSet.empty(data.table.all.length);
  for (const result of results) if (result.touched !== undefined) touched.addAll(result.touched);
  if (touched.includesAll(data.all)) return ['*'];
  return data.services.filter(({ actions }) => touched.meetsSpan(actions)).map(({ service }) => service);
}

/**
 * Whether what is denied whatever the request is a whole service, or an action that alone gives its holder more rights
 * or a credential. A Deny of other single actions is a guard of costs or tags, which comes and goes with a stack.
 */
function deniesPower({ denied }: Grants, data: EffectiveData): boolean {
  if (denied === undefined) return false;
  return denied.meets(data.powerful) || data.services.some(({ actions }) => denied.includesSpan(actions));
}

/**
 * As good as AdministratorAccess: every action of IAM, by which the rest can be had, and nine tenths of all actions,
 * so that a Deny of billing does not hide it.
 */
function isAdmin({ sure }: Grants, data: EffectiveData): boolean {
  const { high } = sure;
  return high?.includesAll(data.identityActions) === true && high.count() * 10 >= data.table.all.length * 9;
}
