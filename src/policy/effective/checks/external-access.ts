import type { ConditionStrength } from '../../document/condition-strength.ts';
import { accountOf, accountsOfConditions, admitsEveryone } from '../../document/principals.ts';
import { ActionSet } from '../../patterns/action-set.ts';
import type { PolicyFinding } from '../../policy-findings.ts';
import type { Admission } from '../admissions.ts';
import { delivers, isWithinOrganization } from './mild-access.ts';
import { listActions, type PrincipalCheck, type PrincipalContext } from './principal-check.ts';

/** Nobody reads more: of more accounts the gravest are told, and `count` says how many there are. */
const MOST_FINDINGS = 50;
/** That all findings list together; accounts that are let in to nearly everything would fill hundreds of megabytes. */
const MOST_LISTED = 100_000;
/** That each finding lists even so. */
const FEWEST_LISTED = 100;

/** What is asked of each statement once, whatever the number of accounts that it names. */
interface Entrance {
  readonly admission: Admission;
  /** Strong conditions say who may come, or from where. */
  readonly conditions: ConditionStrength;
  /** It gives rights over the policy itself. */
  readonly exposing: boolean;
}

/** Accounts other than the policy's own that it lets in, and those whose number is not told, one finding an account. */
export const checkExternalAccess: PrincipalCheck = (context) => {
  const byAccount = new Map<string, Entrance[]>();
  const touched = ActionSet.empty(context.data.table.all.length);
  for (const admission of context.admissions) {
    const accounts = [...externalAccountsOf(admission, context), ...canonicalIdsOf(admission)];
    if (accounts.length === 0) continue;
    touched.addAll(admission.actions);
    const entrance = entranceOf(admission, context);
    for (const account of accounts) {
      const known = byAccount.get(account);
      if (known === undefined) byAccount.set(account, [entrance]);
      else known.push(entrance);
    }
  }
  const accesses = [...byAccount.keys()]
    .sort()
    .map((account) => ({ account, ...judge(account, byAccount.get(account) ?? [], context) }))
    .map((access) => milden(access, context));
  const { findings, actionsLeftOut } = describeAll(gravest(accesses), context);
  const leftOut = { findings: accesses.length - findings.length, actions: actionsLeftOut };
  return { risk: 'external_access', count: accesses.length, findings, touched, leftOut };
};

export function externalAccountsOf(
  { statement, turnsAway }: Admission,
  { account }: PrincipalContext,
): Set<string> {
  const { conditions, otherPrincipals, principals } = statement;
  const everyone = admitsEveryone(statement);
  const callers = otherPrincipals ? [] : principals.map(accountOf);
  if (everyone) callers.push(...accountsOfConditions(conditions, 'caller'));
  const served = everyone || principals.some(({ type }) => type === 'Service');
  const sources = served ? accountsOfConditions(conditions, 'source') : [];
  const admitted = [
    ...callers.filter((other) => other !== undefined).filter((other) => !turnsAway(other, false)),
    ...sources.filter((other) => !turnsAway(other, true)),
  ];
  return new Set(admitted.filter((other) => other !== account));
}

/**
 * Principals of S3 that are named by their canonical id: an account, which may be the bucket's own, or an origin access
 * identity of CloudFront (Amazon S3 User Guide, "Principals for bucket policies").
 */
function canonicalIdsOf({ statement }: Admission): string[] {
  if (statement.otherPrincipals) return [];
  return statement.principals.filter(({ type }) => type === 'CanonicalUser').map(({ name }) => name);
}

function isCanonicalId(account: string): boolean {
  return !/^\d{12}$/.test(account);
}

/** Of all statements, sorted: the findings may be of fewer. */
export function allExternalAccounts(context: PrincipalContext): string[] {
  const accounts = new Set<string>();
  for (const admission of context.admissions) {
    for (const account of externalAccountsOf(admission, context)) accounts.add(account);
  }
  return [...accounts].sort();
}

function entranceOf(admission: Admission, { data }: PrincipalContext): Entrance {
  const { statement, actions } = admission;
  const conditions = data.conditions.of(statement.conditions, ['principal', 'network', 'session']);
  return { admission, conditions, exposing: actions.meets(data.exposing) };
}

interface Judgement extends Pick<PolicyFinding, 'severity' | 'confidence'> {
  readonly entrances: readonly Entrance[];
  /** Of the entrance that has the weakest. */
  readonly conditions: ConditionStrength;
}

interface Access extends Judgement {
  readonly account: string;
  /** A service puts something in for it, and that is all. */
  readonly delivered?: boolean;
}

function judge(account: string, entrances: readonly Entrance[], { kind }: PrincipalContext): Judgement {
  const conditions = (['none', 'weak'] as const).find((strength) =>
    entrances.some((entrance) => entrance.conditions === strength),
  );
  const grave = kind === 'trust' || entrances.some((entrance) => entrance.exposing);
  const isSure = !isCanonicalId(account) && entrances.some(({ admission }) => admission.hedged === 'no');
  const isClosed = entrances.every(({ admission }) => admission.hedged === 'strongly');
  return {
    entrances,
    conditions: conditions ?? 'strong',
    severity: grave && conditions !== undefined ? 'high' : 'medium',
    confidence: isClosed ? 'low' : conditions !== undefined && isSure ? 'high' : 'medium',
  };
}

/**
 * A delivery takes nothing out, and who shares a resource within an organization has no stranger in; a role that another
 * account becomes is told whatever organization the condition names, because that may be the stranger's.
 */
function milden(access: Access, { data, kind }: PrincipalContext): Access {
  const { account, entrances } = access;
  const within =
    kind === 'resource' && entrances.every(({ admission }) => isWithinOrganization(admission, data));
  const delivered =
    kind === 'resource' && entrances.every(({ admission }) => delivers(admission, account, data));
  return {
    ...access,
    ...(within && { confidence: 'low' }),
    ...(delivered && { severity: 'low', delivered }),
  };
}

/** Those of high severity and confidence before the others, told in the order of the accounts all the same. */
function gravest(accesses: readonly Access[]): readonly Access[] {
  if (accesses.length <= MOST_FINDINGS) return accesses;
  const weight = ({ severity, confidence }: Access) =>
    (severity === 'low' || confidence === 'low' ? 0 : 4) +
    (severity === 'high' ? 2 : 0) +
    (confidence === 'high' ? 1 : 0);
  const told = new Set(accesses.toSorted((a, b) => weight(b) - weight(a)).slice(0, MOST_FINDINGS));
  return accesses.filter((access) => told.has(access));
}

function describeAll(accesses: readonly Access[], context: PrincipalContext) {
  const findings: PolicyFinding[] = [];
  let left = MOST_LISTED;
  let actionsLeftOut = 0;
  for (const access of accesses) {
    const actions = ActionSet.empty(context.data.table.all.length);
    for (const { admission } of access.entrances) actions.addAll(admission.actions);
    const whole = Math.min(actions.count(), context.mostActions);
    const mostActions = Math.min(context.mostActions, Math.max(left, FEWEST_LISTED));
    const listed = listActions(actions, { ...context, mostActions });
    left -= listed.length;
    if (listed[0] !== '*') actionsLeftOut += whole - listed.length;
    findings.push(describe(access, listed));
  }
  return { findings, actionsLeftOut };
}

function describe(
  { account, entrances, severity, confidence, conditions, delivered }: Access,
  actions: readonly string[],
): PolicyFinding {
  return {
    risk: 'external_access',
    severity,
    confidence,
    actions,
    principals: [account],
    statements: entrances.map(({ admission }) => admission.statement.index),
    why: isCanonicalId(account) ? CANONICAL : delivered ? DELIVERED : WHY_BY_STRENGTH[conditions],
  };
}

const CANONICAL =
  "Lets an account in by its canonical id; it may be the owner's, another one, or CloudFront's.";

const DELIVERED = 'Lets a service of AWS put something in for another account; nothing can be read.';

const WHY_BY_STRENGTH = {
  none: 'Lets another account in, without a condition.',
  weak: 'Lets another account in; its conditions do not say who or from where.',
  strong: 'Lets another account in, under a condition.',
} as const;
