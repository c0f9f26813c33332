import { isAccountId } from '../../account-id.ts';
import { deniesOtherTexts, sparesPrincipals, sparesServices } from '../document/condition-operators.ts';
import type { ConditionStrengths } from '../document/condition-strength.ts';
import type { Condition, PolicyStatement } from '../document/policy-document.ts';
import {
  accountOf,
  admitsEveryone,
  isEveryone,
  isWholeAccount,
  namesOneOrganization,
  namesOrganization,
} from '../document/principals.ts';
import { firstWildcard, wildcardTest } from '../patterns/wildcard.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';

/** Somebody of an account who asks, or an account for which a service asks. */
export interface Entrant {
  /** Or STRANGER. */
  readonly account: string;
  /** As an Allow names it: the account, a principal of it, or the service. */
  readonly name?: string | undefined;
  readonly throughService: boolean;
  /** Asked is about somebody who is not of the organization that a Deny spares. */
  readonly outside?: boolean;
}

/** An account that no policy names. */
export const STRANGER = 'stranger';

/** Whether an entrant gets nothing of what a statement allows. */
export type TurnsAway = (entrant: Entrant) => boolean;

/** Whom a Deny meets; `undefined` where that is not plain. */
export function readDenial(
  deny: PolicyStatement,
  strengths: ConditionStrengths,
  budget: WorkBudget,
): TurnsAway | undefined {
  const { conditions, otherPrincipals, otherResources, principals } = deny;
  if (otherResources) return undefined;
  if (conditions.length > 0) return everyoneWho(deny, strengths, budget);
  if (otherPrincipals) return everyoneBut(deny);
  if (admitsEveryone(deny)) return () => true;
  const names = new Set(principals.map(({ name }) => name));
  const accounts = new Set(principals.filter(isWholeAccount).map(accountOf));
  return ({ account, name, throughService }) =>
    (name !== undefined && names.has(name)) || (!throughService && accounts.has(account));
}

function everyoneBut({ principals }: PolicyStatement): TurnsAway | undefined {
  if (principals.length === 0 || principals.some((one) => one.type !== 'AWS' || isEveryone(one)))
    return undefined;
  const spared = new Set(principals.map(accountOf));
  return spared.has(undefined) ? undefined : ({ account }) => !spared.has(account);
}

/** Those of whom it is plain that they meet all of its conditions. */
function everyoneWho(
  deny: PolicyStatement,
  strengths: ConditionStrengths,
  budget: WorkBudget,
): TurnsAway | undefined {
  const everyone = admitsEveryone(deny);
  const services = new Set(deny.principals.filter(({ type }) => type === 'Service').map(({ name }) => name));
  if (deny.otherPrincipals || (!everyone && services.size === 0)) return undefined;
  const others = deny.conditions.filter((condition) => !sparesServices(condition));
  const tests = others.map((condition) => testOf(condition, strengths, budget));
  if (tests.includes(undefined)) return undefined;
  const sparing = others.length < deny.conditions.length;
  const isAbout = ({ throughService, name = '' }: Entrant) =>
    throughService ? !sparing && (everyone || services.has(name)) : everyone;
  return (entrant) => isAbout(entrant) && tests.every((test) => test?.(entrant) === true);
}

/** `undefined` for a condition that does not tell accounts apart. Where a variable is filled in, they may be any. */
function testOf(
  condition: Condition,
  strengths: ConditionStrengths,
  budget: WorkBudget,
): TurnsAway | undefined {
  const { key, operator, values } = condition;
  if (namesOrganization(condition) && strengths.turnsOthersAway(condition, ['principal']))
    return ofOtherOrganizations(condition);
  if (values.length === 0 || values.some((value) => value.includes('${'))) return undefined;
  if (isOfServices(condition)) return ({ throughService }) => throughService;
  if (namesOthers(condition) || namesOtherSources(condition)) {
    const names = accountTest(partsOf(condition), budget, true);
    const ofSource = namesOtherSources(condition);
    return ({ account, throughService }) => (throughService || !ofSource) && !names(account);
  }
  if (key !== ACCOUNT || !/^string(?:equals|like)/.test(operator)) return undefined;
  const names = accountTest(values, budget, false);
  return ({ account, throughService }) => !throughService && names(account);
}

/**
 * Met by whatever a service asks, or by what it asks for some account (IAM User Guide, "The confused deputy problem").
 */
function isOfServices({ key, operator, values }: Condition): boolean {
  const value = values.length === 1 ? values[0]?.toLowerCase() : undefined;
  if (key === 'aws:principalisawsservice') return operator.startsWith('bool') && value === 'true';
  return operator === 'null' && value === 'false' && (key === SOURCE || key === 'aws:sourcearn');
}

/** `spent` is the answer once the budget is used up. */
function accountTest(
  parts: readonly string[],
  budget: WorkBudget,
  spent: boolean,
): (account: string) => boolean {
  const exact = new Set(parts);
  const tests = [...exact].filter((part) => firstWildcard(part) >= 0).map(wildcardTest);
  return (account) => exact.has(account) || tests.some((test) => (budget.spend(1) ? test(account) : spent));
}

/** The accounts that a Deny of everyone else names; none where it names them by a wildcard. */
export function sparedAccounts(deny: PolicyStatement): string[] {
  if (deny.otherPrincipals) return deny.principals.map(accountOf).filter((account) => account !== undefined);
  if (!admitsEveryone(deny)) return [];
  return deny.conditions.filter(namesOthers).flatMap(partsOf).filter(isAccountId);
}

const ACCOUNT = 'aws:principalaccount';
const SOURCE = 'aws:sourceaccount';

/** Of callers that services have not, and of those for whom services act. */
const ORGANIZATION_IDS: ReadonlySet<string> = new Set(['aws:principalorgid', 'aws:sourceorgid']);

/**
 * Who is in an organization is not known, but that an account which no policy names is in none of those that are
 * written out. Its paths, of which a request may have several, turn away only who is outside for certain.
 */
function ofOtherOrganizations(condition: Condition): TurnsAway {
  const { key, operator, values } = condition;
  const one = namesOneOrganization(condition);
  const isWrittenOut = (value: string) => firstWildcard(value) < 0 && !value.includes('${');
  const meetsStrangers =
    ORGANIZATION_IDS.has(key) && deniesOtherTexts(operator) && values.every(isWrittenOut);
  const ofSource = key.startsWith('aws:source');
  return ({ account, throughService, outside = false }) =>
    (outside && one && (throughService || !ofSource)) ||
    (meetsStrangers && throughService && account === STRANGER);
}

/** Services come without the keys of principals, and are met all the same. */
function namesOthers(condition: Condition): boolean {
  return sparesPrincipals(condition) && deniesOtherTexts(condition.operator);
}

function namesOtherSources({ key, operator }: Condition): boolean {
  return (key === SOURCE || key === 'aws:sourcearn') && deniesOtherTexts(operator);
}

function partsOf({ key, operator, values }: Condition): string[] {
  if (key === ACCOUNT || key === SOURCE) return [...values];
  return values.map(operator.startsWith('arn') ? accountInArn : accountInText);
}

/** Buckets have no account in their ARN, and may be anyone's. */
function accountInArn(value: string): string {
  return value.split(':', 6)[4] || '*';
}

/**
 * The operators of ARNs compare each of the six parts by itself, those of strings the whole: there a star runs over
 * colons, so that what stands behind the first one says nothing about the account (IAM User Guide, "IAM JSON policy
 * elements: Condition operators").
 */
function accountInText(value: string): string {
  const beforeAccount = /^(?:[^:*?]*:){4}/.exec(value)?.[0];
  if (beforeAccount === undefined) return '*';
  const account = value.slice(beforeAccount.length, beforeAccount.length + ACCOUNT_DIGITS);
  const star = account.indexOf('*');
  if (account.startsWith(':')) return '*';
  return star < 0 ? account : `${account.slice(0, star)}*`;
}

const ACCOUNT_DIGITS = 12;
