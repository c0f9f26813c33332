import type { PolicyKind } from '../../tables/policy-events.ts';
import { sparesPrincipals, sparesServices } from '../document/condition-operators.ts';
import type { PolicyStatement } from '../document/policy-document.ts';
import { accountNamed, accountOf, admitsEveryone, isWholeAccount } from '../document/principals.ts';
import { isEveryAction } from '../patterns/action-patterns.ts';
import { wildcardTest } from '../patterns/wildcard.ts';
import type { Lockout } from '../policy-findings.ts';
import { isOnEverything } from './statement-actions.ts';

/**
 * Whether a Deny shuts out everyone whom the policy is about: the holder of an identity policy from everything, or all
 * users of a resource or a role, but for strangers that it spares. That is how access is taken away from its owners
 * (T1531), or held to ransom. A Deny that spares principals of the own account, an organization or those who come by
 * TLS guards a resource, and one that looks at when a session began only ends old ones.
 */
export function findLockout(
  statements: readonly PolicyStatement[],
  kind: PolicyKind,
  account: string | undefined,
): Lockout | undefined {
  const denials = statements.filter((statement) => !statement.allow && takesAll(statement, kind));
  if (kind === 'identity')
    return denials.some(({ conditions }) => conditions.length === 0) ? { spared: [] } : undefined;
  const allows = statements.filter(({ allow }) => allow);
  const plain = denials
    .map((denial) => plainDenial(denial, allows, kind, account))
    .filter((denial) => denial !== undefined);
  if (!plain.some(({ locksOut }) => locksOut)) return undefined;
  const named = new Set(plain.flatMap(({ names }) => names));
  const spared = [...named].filter(
    (other) => other !== account && plain.every(({ spares }) => spares(other)),
  );
  if (kind === 'trust' && isNarrowed(allows, spared, account)) return undefined;
  return { spared: spared.sort() };
}

/** A Deny of single actions is a guard: a vault's policy that forbids to delete recovery points, for one. */
function takesAll(statement: PolicyStatement, kind: PolicyKind): boolean {
  if (statement.otherActions || statement.otherResources) return false;
  if (kind === 'identity') return isOnEverything(statement) && statement.actions.some(isEveryAction);
  if (kind === 'trust') return statement.actions.some((action) => wildcardTest(action.toLowerCase())(ASSUME));
  if (statement.resources.length > 0 && statement.resources.every(isPart)) return false;
  return statement.actions.some((action) => isEveryAction(action) || /^[a-z0-9-]+:\*+$/i.test(action));
}

/** API Gateway fills in what is before the path (Developer Guide, "API Gateway resource policy examples"). */
const SHORT_API = /^execute-api:(?=\/)/;

/** Some objects of a bucket or an access point, or some paths of an API: the others are as open as before. */
function isPart(resource: string): boolean {
  const [, , service = '', , , ...rest] = resource.replace(SHORT_API, 'arn:aws:execute-api:::').split(':');
  if (service !== 's3' && service !== 'execute-api') return false;
  const name = rest.join(':').replace(/^accesspoint\/([^/]*)(?:\/object)?/, '$1');
  const slash = name.indexOf('/');
  return slash >= 0 && !/^[/*]*$/.test(name.slice(slash));
}

const ASSUME = 'sts:assumerole';

interface PlainDenial {
  /** Nobody of the own account is spared. */
  readonly locksOut: boolean;
  readonly spares: (account: string) => boolean;
  /** Accounts that it spares by name; where it denies the own account alone, those that an Allow names. */
  readonly names: readonly string[];
}

/** `undefined` where it is not plain which accounts are denied. */
function plainDenial(
  denial: PolicyStatement,
  allows: readonly PolicyStatement[],
  kind: PolicyKind,
  account: string | undefined,
): PlainDenial | undefined {
  const conditions = denial.conditions.filter((condition) => !sparesServices(condition));
  if (!admitsEveryone(denial))
    return conditions.length > 0 ? undefined : ofOwn(denial, allows, kind, account);
  if (!conditions.every(sparesPrincipals)) return undefined;
  const spared = [
    ...(denial.otherPrincipals ? denial.principals.map(accountOf) : []),
    ...conditions.flatMap(({ values }) => values.map(accountNamed)),
  ];
  const names = spared.filter((other) => other !== undefined);
  if (names.length < spared.length || (account === undefined && names.length > 0)) return undefined;
  const known = new Set<string | undefined>(names);
  return { locksOut: !known.has(account), spares: (other) => known.has(other), names };
}

/** The whole own account is denied, which stands for all who are in it. Services and providers have no account. */
function ofOwn(
  { principals }: PolicyStatement,
  allows: readonly PolicyStatement[],
  kind: PolicyKind,
  account: string | undefined,
): PlainDenial | undefined {
  if (!principals.some((one) => isWholeAccount(one) && accountOf(one) === account)) return undefined;
  if (kind === 'trust' && allows.some((allow) => allow.principals.some(({ type }) => type !== 'AWS')))
    return undefined;
  const denied = new Set(principals.map(accountOf));
  const names = allows.flatMap((allow) => allow.principals.map(accountOf));
  return {
    locksOut: true,
    spares: (other) => !denied.has(other),
    names: names.filter((other) => other !== undefined),
  };
}

/** A role for a third party alone, of which the Deny names whom it may be: nobody had to be shut out. */
function isNarrowed(
  allows: readonly PolicyStatement[],
  spared: readonly string[],
  account: string | undefined,
): boolean {
  const admitted = allows.flatMap(({ principals }) => principals.map(accountOf));
  if (spared.length === 0 || allows.some(admitsEveryone) || admitted.includes(undefined)) return false;
  return !admitted.includes(account) && spared.every((other) => admitted.includes(other));
}
