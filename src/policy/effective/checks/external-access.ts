import { isAccountId } from '../../../account-id.ts';
import type { ConditionStrength } from '../../document/condition-strength.ts';
import { isUniqueId } from '../../document/principals.ts';
import { ActionSet } from '../../patterns/action-set.ts';
import type { Delivery, PolicyFinding } from '../../policy-findings.ts';
import type { Admission } from '../admissions.ts';
import type { EffectiveData } from '../effective-data.ts';
import { entrantsOf, isUnnumbered, unnumberedOf, withinOf } from './external-entrants.ts';
import { delivers, isWithinOrganization, letsSend } from './mild-access.ts';
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
  /** Strong conditions, or a Deny of all others, say who may come, or from where. */
  readonly conditions: ConditionStrength;
  /** It gives rights over the policy itself. */
  readonly exposing: boolean;
  /** Its conditions, or a Deny of all others, leave the account in only if it is of the organization that they name. */
  readonly within: boolean;
  /** A service asks for the account, and nobody of it does so. */
  readonly served: boolean;
}

/** Accounts other than the policy's own that it lets in, and those whose number is not told, one finding an account. */
export const checkExternalAccess: PrincipalCheck = (context) => {
  const byAccount = new Map<string, Entrance[]>();
  const touched = ActionSet.empty(context.data.table.all.length);
  for (const admission of context.admissions) {
    const entrants = entrantsOf(admission, context);
    const callers = new Set(unnumberedOf(admission));
    for (const { account, throughService } of entrants) if (!throughService) callers.add(account);
    const accounts = new Set([...callers, ...entrants.map(({ account }) => account)]);
    if (accounts.size === 0) continue;
    touched.addAll(admission.actions);
    const entrance = entranceOf(admission, context);
    const allWithin = isWithinOrganization(admission, context.data);
    const isWithin = allWithin ? () => true : withinOf(admission, entrants, context);
    for (const account of accounts)
      addTo(byAccount, account, { ...entrance, within: isWithin(account), served: !callers.has(account) });
  }
  const accesses = [...byAccount.keys()]
    .sort()
    .map((account) => ({ account, ...judge(account, byAccount.get(account) ?? [], context) }))
    .map((access) => milden(access, context));
  const { findings, actionsLeftOut } = describeAll(gravest(accesses), context);
  const leftOut = { findings: accesses.length - findings.length, actions: actionsLeftOut };
  return { risk: 'external_access', count: accesses.length, findings, touched, leftOut };
};

function addTo(byAccount: Map<string, Entrance[]>, account: string, entrance: Entrance): void {
  const known = byAccount.get(account);
  if (known === undefined) byAccount.set(account, [entrance]);
  else known.push(entrance);
}

function entranceOf(
  admission: Admission,
  { data }: PrincipalContext,
): Pick<Entrance, 'admission' | 'conditions' | 'exposing'> {
  const { statement, actions, hedged } = admission;
  const asked = data.conditions.of(statement.conditions, ['principal', 'network', 'session']);
  const conditions = hedged === 'strongly' ? 'strong' : asked;
  return { admission, conditions, exposing: actions.meets(data.exposing) };
}

interface Judgement extends Pick<PolicyFinding, 'severity' | 'confidence'> {
  readonly entrances: readonly Entrance[];
  /** Of the entrance that has the weakest. */
  readonly conditions: ConditionStrength;
}

interface Access extends Judgement {
  readonly account: string;
  readonly delivery?: Delivery | undefined;
  /** A role that a service may take for the account, and nobody else of it. */
  readonly served?: boolean;
}

function judge(account: string, entrances: readonly Entrance[], { kind }: PrincipalContext): Judgement {
  const conditions = (['none', 'weak'] as const).find((strength) =>
    entrances.some((entrance) => entrance.conditions === strength),
  );
  const grave = kind === 'trust' || entrances.some((entrance) => entrance.exposing);
  const isSure = !isUnnumbered(account) && entrances.some(({ admission }) => admission.hedged === 'no');
  return {
    entrances,
    conditions: conditions ?? 'strong',
    severity: grave && conditions !== undefined ? 'high' : 'medium',
    confidence: conditions !== undefined && isSure ? 'high' : 'medium',
  };
}

/**
 * A delivery takes nothing out, and who lets an account in within an organization has no stranger in: a role that one
 * account of it may become is not as open as one that they all may. A role that a service takes is passed to it within
 * its own account only, whomever it acts for (IAM User Guide, "Grant a user permissions to pass a role to an AWS
 * service").
 */
function milden(access: Access, { data, kind }: PrincipalContext): Access {
  const { account, entrances } = access;
  const within = entrances.every((one) => one.within);
  const delivery = kind === 'resource' ? deliveryOf(account, entrances, data) : undefined;
  const served = kind === 'trust' && entrances.every((one) => one.served);
  return {
    ...access,
    ...(served && { severity: 'low', served }),
    ...(within && { confidence: 'low' }),
    ...(delivery !== undefined && { severity: 'low', delivery }),
  };
}

function deliveryOf(
  account: string,
  entrances: readonly Entrance[],
  data: EffectiveData,
): Delivery | undefined {
  const byService = (admission: Admission) => delivers(admission, account, data);
  if (entrances.every(({ admission }) => byService(admission))) return 'service';
  const sends = (admission: Admission) => byService(admission) || letsSend(admission, data);
  return isAccountId(account) && entrances.every(({ admission }) => sends(admission)) ? 'account' : undefined;
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

function describe(access: Access, actions: readonly string[]): PolicyFinding {
  const { account, entrances, severity, confidence, delivery } = access;
  return {
    risk: 'external_access',
    severity,
    confidence,
    actions,
    principals: [account],
    statements: entrances.map(({ admission }) => admission.statement.index),
    why: whyOf(access),
    ...(delivery !== undefined && { delivery }),
  };
}

function whyOf({ account, conditions, delivery, served }: Access): string {
  if (isUnnumbered(account)) return isUniqueId({ type: 'AWS', name: account }) ? UNIQUE : CANONICAL;
  if (delivery !== undefined) return WHY_DELIVERED[delivery];
  return served ? SERVED : WHY_BY_STRENGTH[conditions];
}

const UNIQUE = 'Lets a user or role in by its unique id; of which account it is, is not told.';

const CANONICAL =
  "Lets an account in by its canonical id; it may be the owner's, another one, or CloudFront's.";

const SERVED = 'Lets a service of AWS take the role for another account; nobody of that account can take it.';

const WHY_DELIVERED = {
  service: 'Lets a service of AWS put something in for another account; nothing can be read.',
  account: 'Lets another account send something in; nothing can be read.',
} as const;

const WHY_BY_STRENGTH = {
  none: 'Lets another account in, without a condition.',
  weak: 'Lets another account in; its conditions do not say who or from where.',
  strong: 'Lets another account in, under a condition.',
} as const;
