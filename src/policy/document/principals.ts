import { isAccountId } from '../../account-id.ts';
import { parseArn } from '../../event/arn.ts';
import { firstWildcard, matchesEverything, wildcardTest } from '../patterns/wildcard.ts';
import { failsOnOthers } from './condition-operators.ts';
import type { Condition, PolicyStatement, Principal } from './policy-document.ts';

/** Everyone, signed in to AWS or not. NotPrincipal in an Allow means everyone but a few. */
export function admitsEveryone(statement: PolicyStatement): boolean {
  return statement.otherPrincipals || statement.principals.some(isEveryone);
}

export function isEveryone({ type, name }: Principal): boolean {
  if (type !== 'AWS') return false;
  return matchesEverything(name) || /^arn:[^:]*:iam::\*:root$/.test(name);
}

/** The account of a principal; a service has none. */
export function accountOf({ type, name }: Principal): string | undefined {
  return type === 'Service' ? undefined : accountNamed(name);
}

/** Twelve digits alone, or those in an ARN. */
export function accountNamed(name: string): string | undefined {
  const account = isAccountId(name) ? name : parseArn(name)?.account;
  return account !== undefined && isAccountId(account) ? account : undefined;
}

/**
 * A user or role by the id in place of which AWS writes its ARN, of whatever account it is; that of one who is deleted
 * is refused (IAM User Guide, "AWS JSON policy elements: Principal").
 */
export function isUniqueId({ type, name }: Principal): boolean {
  return type === 'AWS' && /^A(?:IDA|ROA)[A-Z0-9]{12,}$/.test(name);
}

/** An account, by its number or its root. */
export function isWholeAccount({ name }: Principal): boolean {
  return /^(?:arn:[^:]*:iam::)?\d{12}(?::root)?$/.test(name);
}

/** Accounts that a condition lets in: themselves where the principal is everyone, or through a service. */
export function accountsOfConditions(conditions: readonly Condition[], who: 'caller' | 'source'): string[] {
  const keys = who === 'caller' ? CALLER_KEYS : SOURCE_KEYS;
  return conditions
    .filter((condition) => keys.has(condition.key) && failsOnOthers(condition))
    .flatMap(({ values }) => values.map(accountNamed))
    .filter((account) => account !== undefined);
}

/** Whose the caller is, or the network or access point that it comes through. */
const CALLER_KEYS: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:sourcevpcarn',
  'aws:userid',
  'aws:vpceaccount',
  'ec2:sourceinstancearn',
  'kms:calleraccount',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
  'vpc-lattice-svcs:sourcevpcowneraccount',
]);

/** For whom a service acts (IAM User Guide, "The confused deputy problem"). */
const SOURCE_KEYS: ReadonlySet<string> = new Set(['aws:sourceaccount', 'aws:sourcearn', 'aws:sourceowner']);

/** Whether a condition asks in which organization a caller is, or the one for whom a service acts. */
export function namesOrganization({ key }: Condition): boolean {
  return ORGANIZATION_KEYS.has(key);
}

/** Accounts of one organization are of one owner; of a second one that is named, the owner may be another. */
export function namesOneOrganization(condition: Condition): boolean {
  if (!namesOrganization(condition)) return false;
  return new Set(condition.values.map((value) => value.split('/', 1)[0])).size === 1;
}

/** IAM User Guide, "AWS global condition context keys". */
const ORGANIZATION_KEYS: ReadonlySet<string> = new Set([
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
]);

/**
 * Whether the conditions of an Allow leave an account. Where a variable is filled in, it may be any, and so it may
 * where there are more wildcards than anyone writes, each of which every account would be held against.
 */
export function accountsLeft(conditions: readonly Condition[]): (account: string) => boolean {
  const lists = conditions
    .filter(({ key, operator }) => key === 'aws:principalaccount' && /^string(?:equals|like)/.test(operator))
    .filter(({ values }) => !values.some((value) => value.includes('${')))
    .map(({ values }) => ({
      exact: new Set(values),
      open: values.filter((value) => firstWildcard(value) >= 0),
    }));
  const patterns = lists.reduce((sum, { open }) => sum + open.length, 0);
  const tests = lists
    .filter(({ open }) => open.length === 0 || patterns <= MOST_PATTERNS)
    .map(({ exact, open }) => ({ exact, open: open.map(wildcardTest) }));
  return (account) =>
    tests.every(({ exact, open }) => exact.has(account) || open.some((test) => test(account)));
}

const MOST_PATTERNS = 100;
