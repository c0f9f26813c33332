import { isAccountId } from '../../../account-id.ts';
import type { PolicyStatement, Principal } from '../../document/policy-document.ts';
import {
  accountOf,
  accountsLeft,
  accountsOfConditions,
  admitsEveryone,
  isUniqueId,
} from '../../document/principals.ts';
import type { Admission } from '../admissions.ts';
import type { Entrant } from '../denial-reach.ts';
import type { PrincipalContext } from './principal-check.ts';

/** The accounts other than the policy's own that a statement lets in, as the statement or as a Deny names them. */
export function externalAccountsOf(admission: Admission, context: PrincipalContext): Set<string> {
  return new Set(entrantsOf(admission, context).map(({ account }) => account));
}

/** Of all statements, sorted: the findings may be of fewer. */
export function allExternalAccounts(context: PrincipalContext): string[] {
  const accounts = new Set<string>();
  for (const admission of context.admissions) {
    for (const account of externalAccountsOf(admission, context)) accounts.add(account);
  }
  return [...accounts].sort();
}

/** Who gets in by a statement from other accounts, in each way that is named. */
export function entrantsOf(admission: Admission, { account }: PrincipalContext): Entrant[] {
  const { statement, turnsAway } = admission;
  const { conditions, otherPrincipals, principals } = statement;
  const everyone = admitsEveryone(statement);
  const callers = otherPrincipals ? [] : principals.flatMap(entrantOf);
  if (everyone) callers.push(...accountsOfConditions(conditions, 'caller').map(entrantNamed));
  callers.push(...sparedBy(admission));
  const served = everyone || principals.some(({ type }) => type === 'Service');
  const sources = served ? accountsOfConditions(conditions, 'source') : [];
  const isLeft = accountsLeft(conditions);
  const asked = [
    ...callers.filter((caller) => isLeft(caller.account)),
    ...sources.flatMap((source) => actingFor(source, statement)),
  ];
  return asked.filter((entrant) => entrant.account !== account && !turnsAway(entrant));
}

/** Of a statement for everyone that Deny statements close but for a few: those few. */
function sparedBy({ statement, hedged, spared }: Admission): Entrant[] {
  if (hedged !== 'strongly' || !admitsEveryone(statement)) return [];
  return [...spared].map((account) => ({ account, throughService: false }));
}

/**
 * Of the accounts that a statement lets in, those that the Deny of all others spares only as one of an organization:
 * its accounts are of one owner. What it spares by account, address or id may be a stranger's, as in a condition.
 */
export function withinOf(
  { hedged, spared, turnsAway }: Admission,
  entrants: readonly Entrant[],
  context: PrincipalContext,
): (account: string) => boolean {
  if (hedged !== 'strongly') return () => false;
  const staysOut = (entrant: Entrant) => turnsAway({ ...entrant, outside: true });
  const strange = entrants.filter((entrant) => !staysOut(entrant));
  const open = new Set(strange.map(({ account }) => account));
  // Of an id nobody knows which of the accounts it is.
  const sparesOthers = [...spared].some((account) => account !== context.account);
  return (account) =>
    isUnnumbered(account)
      ? !sparesOthers && staysOut({ account, throughService: false })
      : !open.has(account);
}

function entrantOf(principal: Principal): Entrant[] {
  const account = accountOf(principal);
  return account === undefined ? [] : [{ account, name: principal.name, throughService: false }];
}

/** As every service that the statement names, or any. */
function actingFor(account: string, { principals }: PolicyStatement): Entrant[] {
  const services = principals.filter(({ type }) => type === 'Service').map(({ name }) => name);
  const named: readonly (string | undefined)[] = services.length === 0 ? [undefined] : services;
  return named.map((name) => ({ account, name, throughService: true }));
}

function entrantNamed(account: string): Entrant {
  return { account, name: account, throughService: false };
}

/**
 * Principals whose account is not told: users and roles by their unique id, and of S3 by a canonical id an account,
 * which may be the bucket's own, or an origin access identity of CloudFront (Amazon S3 User Guide, "Principals for
 * bucket policies").
 */
export function unnumberedOf({ statement }: Admission): string[] {
  if (statement.otherPrincipals) return [];
  return statement.principals
    .filter((principal) => principal.type === 'CanonicalUser' || isUniqueId(principal))
    .map(({ name }) => name);
}

export function isUnnumbered(account: string): boolean {
  return !isAccountId(account);
}
