import { parseArn } from '../../event/arn.ts';
import type { IdentityProvider } from '../../tables/policy-tables.ts';
import { firstWildcard, matchesEverything } from '../patterns/wildcard.ts';
import { failsOnOthers } from './condition-strength.ts';
import type { Condition, PolicyStatement, Principal } from './policy-document.ts';

/** Everyone, signed in to AWS or not. NotPrincipal in an Allow means everyone but a few. */
export function admitsEveryone(statement: PolicyStatement): boolean {
  return statement.otherPrincipals || statement.principals.some(isEveryone);
}

export function isEveryone({ type, name }: Principal): boolean {
  if (type !== 'AWS') return false;
  return matchesEverything(name) || /^arn:[^:]*:iam::\*:root$/.test(name);
}

/** The account of a principal: twelve digits alone, or those in its ARN. */
export function accountOf({ type, name }: Principal): string | undefined {
  if (type === 'Service') return undefined;
  const account = /^\d{12}$/.test(name) ? name : parseArn(name)?.account;
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

/** Accounts that a condition lets in where the principal is everyone. */
export function accountsOfConditions(conditions: readonly Condition[]): string[] {
  return conditions
    .filter(({ operator, key }) => ACCOUNT_KEYS.has(key) && failsOnOthers(operator))
    .flatMap(({ values }) => values.map((name) => accountOf({ type: 'AWS', name })))
    .filter((account) => account !== undefined);
}

const ACCOUNT_KEYS = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:sourceaccount',
  'aws:sourceowner',
  'kms:calleraccount',
  's3:dataaccesspointaccount',
]);

/** `token.actions.githubusercontent.com`, from the ARN of the provider or alone. */
function issuerOf(name: string): string {
  const mark = name.indexOf(':oidc-provider/');
  return (mark < 0 ? name : name.slice(mark + ':oidc-provider/'.length)).toLowerCase();
}

/** Issuers that serve everyone, trusted by the statement without a condition that names one of their tenants. */
export function openProviders(
  statement: PolicyStatement,
  providers: readonly IdentityProvider[],
): IdentityProvider[] {
  const issuers = new Set(
    statement.principals.filter(({ type }) => type === 'Federated').map(({ name }) => issuerOf(name)),
  );
  return [...issuers]
    .map((issuer) => providers.find(({ provider }) => provider === issuer))
    .filter((provider) => provider !== undefined)
    .filter((provider) => !statement.conditions.some((condition) => namesTenant(condition, provider)));
}

function namesTenant(
  { operator, key, values }: Condition,
  { provider, claims, subject }: IdentityProvider,
): boolean {
  if (!claims.some((claim) => key === `${provider}:${claim}`) || !failsOnOthers(operator)) return false;
  const parts = key === `${provider}:sub` ? subject : undefined;
  return values.length > 0 && values.every((value) => namesOwner(ownerPart(value, parts)));
}

/** From the part of a subject that names its owner on; nothing where there is none, as in `environment:production`. */
function ownerPart(value: string, parts: readonly string[] | undefined): string {
  if (parts === undefined) return value;
  const starts = parts.map((part) => `:${value}`.indexOf(`:${part}:`)).filter((at) => at >= 0);
  return starts.length === 0 ? '' : value.slice(Math.min(...starts));
}

/**
 * `repo:octo-org/*` names an owner, `repo:*` nobody, and `repo:octo-org*` whoever takes a name that begins so: what is
 * written out has to reach the separator behind the name.
 */
function namesOwner(value: string): boolean {
  const open = firstOpen(value);
  if (open < 0) return value !== '';
  const literal = value.slice(0, open);
  return literal.slice(literal.indexOf(':') + 1).search(/[/:]/) > 0;
}

/** Where the first wildcard stands, or the first variable: the token fills that in. */
function firstOpen(value: string): number {
  const wildcard = firstWildcard(value);
  const variable = value.indexOf('${');
  return wildcard < 0 || variable < 0 ? Math.max(wildcard, variable) : Math.min(wildcard, variable);
}
