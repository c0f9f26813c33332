import type { IdentityProvider } from '../../tables/policy-tables.ts';
import { firstWildcard, matchesEverything } from '../patterns/wildcard.ts';
import { asksForValues, failsOnOthers, isMetBy } from './condition-operators.ts';
import type { Condition, PolicyStatement, Principal } from './policy-document.ts';

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
  return trustedProviders(statement, providers).filter(
    (provider) => !statement.conditions.some((condition) => namesTenant(condition, provider)),
  );
}

/** Of these, the ones whose tenant is named so that the condition would let pass what has no such claim. */
export function looseProviders(
  statement: PolicyStatement,
  providers: readonly IdentityProvider[],
): IdentityProvider[] {
  return openProviders(statement, providers).filter((provider) =>
    statement.conditions.some((condition) => namesTenantLoosely(condition, provider)),
  );
}

/**
 * Issuers of a company's or a cluster's own, trusted by the statement without a condition that tells one token from
 * another: whoever gets one there gets in (IAM User Guide, "Create a role for OpenID Connect federation").
 */
export function unaskedProviders(
  { principals, conditions }: PolicyStatement,
  providers: readonly IdentityProvider[],
): string[] {
  const asked = new Set(
    conditions
      .filter(
        ({ key, operator, values }) => asksForValues(operator) && !values.some((one) => everyHas(key, one)),
      )
      .map(({ key }) => key.slice(0, key.lastIndexOf(':'))),
  );
  for (const { provider } of providers) asked.add(provider);
  return principals
    .filter(({ type, name }) => type === 'Federated' && name.includes(':oidc-provider/'))
    .map(({ name }) => name)
    .filter((name) => !asked.has(issuerOf(name)));
}

/**
 * What all tokens of an issuer have: STS as the audience, which every workload of a cluster asks for (Amazon EKS User
 * Guide, "IAM roles for service accounts"), and the subject of any service account of any namespace.
 */
function everyHas(key: string, value: string): boolean {
  if (key.endsWith(':aud') && /^sts\.amazonaws\.com(?:\.cn)?$/.test(value)) return true;
  return matchesEverything(value.replace(/^system:serviceaccount:/, '').replaceAll(':', ''));
}

/**
 * Issuers that give tokens to guests of a tenant, trusted by the statement without a condition that keeps guests out:
 * the id of an identity pool names the pool, and its guests have tokens of it too (Amazon Cognito Developer Guide,
 * "Role trust and permissions").
 */
export function guestProviders(
  statement: PolicyStatement,
  providers: readonly IdentityProvider[],
): IdentityProvider[] {
  return trustedProviders(statement, providers).filter(
    (provider) =>
      provider.guests !== undefined &&
      !statement.conditions.some((condition) => keepsGuestsOut(condition, provider)),
  );
}

/** Every token of a guest says so. One that is named by its subject is one user's, whoever that is. */
function keepsGuestsOut(condition: Condition, { provider, guests }: IdentityProvider): boolean {
  const { key, operator, values } = condition;
  if (key === `${provider}:sub`) return asksForValues(operator) && values.every((one) => firstOpen(one) < 0);
  return guests !== undefined && key === `${provider}:${guests.claim}` && !isMetBy(condition, guests.value);
}

function trustedProviders(
  { principals }: PolicyStatement,
  providers: readonly IdentityProvider[],
): IdentityProvider[] {
  const federated = principals.filter(({ type }) => type === 'Federated');
  return [...new Set(federated.map(({ name }) => issuerOf(name)))]
    .map((issuer) => providers.find(({ provider }) => provider === issuer))
    .filter((provider) => provider !== undefined);
}

/**
 * The tenants of a provider that serves everyone, as the first of the claims that may name them does, each once:
 * `octo-org`. One condition that names them is enough, since all of them have to be met. Of another provider, or
 * one without a tenant, nothing.
 */
export function tenantsNamed(
  statement: PolicyStatement,
  providers: readonly IdentityProvider[],
): (principal: Principal) => readonly string[] | undefined {
  const byIssuer = new Map(
    trustedProviders(statement, providers).map((row) => [row.provider, tenantsOf(row, statement.conditions)]),
  );
  return ({ name }) => byIssuer.get(issuerOf(name));
}

function tenantsOf(
  provider: IdentityProvider,
  conditions: readonly Condition[],
): readonly string[] | undefined {
  const naming = conditions.filter(
    (condition) => asksForValues(condition.operator) && namesOwner(condition, provider),
  );
  for (const claim of provider.claims) {
    const key = `${provider.provider}:${claim}`;
    const named = naming.find((condition) => condition.key === key);
    if (named !== undefined)
      return [...new Set(named.values.map((value) => tenantIn(value, claim, provider)))];
  }
  return undefined;
}

/**
 * Another repository of the same owner is the same tenant. Where parts of a subject are claims of their own, a tenant
 * has the same name in both: `octo-org`, or `repository_owner_id:123456`, for an id is of another kind than a name.
 */
function tenantIn(value: string, claim: string, { owners, subject }: IdentityProvider): string {
  if (owners === undefined) return TENANT.exec(value)?.[0] ?? value;
  const part = claim === 'sub' ? ownerPart(value, subject) : `${claim}:${value}`;
  const [kind = '', name = ''] = part.split(AFTER_NAME, 2);
  return owners.includes(kind) ? name : `${kind}:${name}`;
}

/**
 * Up to the separator behind the owner's name. An address has the owner in its path, a service account its namespace
 * behind two words.
 */
const TENANT = /^(?:system:serviceaccount:|[^/:]*:(?:\/\/.*)?)?[^/:]*/;

/** What ends a name in a claim; an owner's name may also end at its id. Elsewhere an `@` may be part of an address. */
const SEPARATOR = /[/:]/;
const AFTER_NAME = /[/:@]/;

function namesTenant(condition: Condition, provider: IdentityProvider): boolean {
  return failsOnOthers(condition) && namesOwner(condition, provider);
}

/**
 * By a claim that every token has, so that strangers do not pass (OpenID Connect Core 1.0, section 2: `sub` and `aud`
 * are required).
 */
function namesTenantLoosely(condition: Condition, provider: IdentityProvider): boolean {
  const required = ['sub', 'aud'].some((claim) => condition.key === `${provider.provider}:${claim}`);
  return required && asksForValues(condition.operator) && namesOwner(condition, provider);
}

function namesOwner(
  { key, values }: Condition,
  { provider, claims, subject, owners }: IdentityProvider,
): boolean {
  if (!claims.some((claim) => key === `${provider}:${claim}`)) return false;
  const parts = key === `${provider}:sub` ? subject : undefined;
  const end = owners === undefined ? SEPARATOR : AFTER_NAME;
  return values.length > 0 && values.every((value) => namesClaimOwner(ownerPart(value, parts), end));
}

/** From the part of a subject that names its owner on; nothing where there is none, as in `environment:production`. */
function ownerPart(value: string, parts: readonly string[] | undefined): string {
  if (parts === undefined) return value;
  const starts = parts.map((part) => `:${value}`.indexOf(`:${part}:`)).filter((at) => at >= 0);
  return starts.length === 0 ? '' : value.slice(Math.min(...starts));
}

/**
 * `repo:octo-org/*` names an owner, `repo:*` nobody, and `repo:octo-org*` whoever takes a name that begins so: what is
 * written out has to reach what ends the name.
 */
function namesClaimOwner(value: string, end: RegExp): boolean {
  const open = firstOpen(value);
  if (open < 0) return value !== '';
  const literal = value.slice(0, open);
  return literal.slice(literal.indexOf(':') + 1).search(end) > 0;
}

/** Where the first wildcard stands, or the first variable: the token fills that in. */
function firstOpen(value: string): number {
  const wildcard = firstWildcard(value);
  const variable = value.indexOf('${');
  return wildcard < 0 || variable < 0 ? Math.max(wildcard, variable) : Math.min(wildcard, variable);
}
