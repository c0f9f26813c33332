import { isAccountId } from '../../account-id.ts';
import { parseArn } from '../../event/arn.ts';
import { asksForValues } from '../document/condition-operators.ts';
import { holdsLiteral } from '../document/literals.ts';
import type { Condition, PolicyStatement, Principal } from '../document/policy-document.ts';
import { accountNamed, accountOf, accountsLeft, isEveryone, isWholeAccount } from '../document/principals.ts';
import { tenantsNamed } from '../document/provider-tenants.ts';
import { matchesEverything } from '../patterns/wildcard.ts';
import { MOST_TRUSTED } from '../policy-findings.ts';
import type { Admission } from './admissions.ts';
import type { EffectiveData } from './effective-data.ts';

/**
 * Whom a trust policy lets in, sorted, at most MOST_TRUSTED: those whom no Deny turns away, and of those whom a
 * condition narrows, who is left. The lists of two versions are compared, so that who is put in another's place has to
 * have a name of its own.
 */
export function trustedBy(admissions: readonly Admission[], data: EffectiveData): string[] {
  const names = new Set<string>();
  for (const admission of admissions) for (const name of namesIn(admission, data)) names.add(name);
  return [...names].sort().slice(0, MOST_TRUSTED);
}

function namesIn({ statement, turnsAway }: Admission, data: EffectiveData): string[] {
  const { conditions, otherPrincipals, principals } = statement;
  const inAccounts = accountsLeft(conditions);
  const isLeft = (name: string) => {
    const account = accountNamed(name);
    return (
      account === undefined || (inAccounts(account) && !turnsAway({ account, name, throughService: false }))
    );
  };
  const narrowed = narrowingOf(statement, isLeft, data);
  return (otherPrincipals ? [EVERYONE] : principals)
    .filter((principal) => isEveryone(principal) || isLeft(principal.name))
    .flatMap((principal) => narrowed(principal) ?? [nameOf(principal)]);
}

const EVERYONE: Principal = { type: 'AWS', name: '*' };

/** An account is named by its number, in whatever way the policy does. */
function nameOf(principal: Principal): string {
  if (isEveryone(principal)) return EVERYONE.name;
  return (isWholeAccount(principal) && accountOf(principal)) || principal.name;
}

/**
 * Who is left of a principal, where a condition names them. The whole stands before the part, unless that is everyone:
 * whoever is let in as one of its account still needs a policy of its own, and is not as one who is named directly.
 */
type Narrowing = (principal: Principal) => readonly string[] | undefined;

/**
 * More than a trust policy of AWS's quotas can hold are not told one by one: each principal would be held against each
 * value.
 */
const MOST_PAIRS = 10_000;

function narrowingOf(
  statement: PolicyStatement,
  isLeft: (name: string) => boolean,
  data: EffectiveData,
): Narrowing {
  const { conditions, principals } = statement;
  const arns = principalArns(conditions);
  const accounts = principalAccounts(conditions);
  const tenants = tenantsNamed(statement, data.identityProviders);
  const few = (names: readonly string[]) => names.length * principals.length <= MOST_PAIRS;
  return (principal) => {
    if (principal.type === 'Federated') {
      const named = tenants(principal);
      return named && few(named) ? named.map((tenant) => `${principal.name} ${tenant}`) : undefined;
    }
    if (isEveryone(principal)) return (arns ?? accounts)?.filter(isLeft);
    if (principal.type !== 'AWS' || !isWholeAccount(principal) || arns === undefined || !few(arns))
      return undefined;
    const account = accountOf(principal) ?? '';
    return arnsWithin(account, arns)
      .filter(isLeft)
      .map((arn) => `${account} ${arn}`);
  };
}

/** All ARNs that conditions ask for; `undefined` where one is asked for that everyone may have. */
function principalArns(conditions: readonly Condition[]): readonly string[] | undefined {
  const values = asked(conditions, 'aws:principalarn');
  return values.every(namesPrincipals) ? nonEmpty(values) : undefined;
}

function namesPrincipals(value: string): boolean {
  const arn = parseArn(value);
  return arn !== undefined && !matchesEverything(arn.resource);
}

function principalAccounts(conditions: readonly Condition[]): readonly string[] | undefined {
  const values = asked(conditions, 'aws:principalaccount');
  return values.every(isAccountId) ? nonEmpty(values) : undefined;
}

function nonEmpty(values: readonly string[]): readonly string[] | undefined {
  return values.length === 0 ? undefined : values;
}

/**
 * All who begin a session by AssumeRole have an ARN and an account, so that `...IfExists` lets nobody else in (IAM User
 * Guide, "AWS global condition context keys"). What no name can hold lets nobody in.
 */
function asked(conditions: readonly Condition[], key: string): string[] {
  return conditions
    .filter((condition) => condition.key === key && asksForValues(condition.operator))
    .flatMap(({ values }) => values)
    .filter((value) => !holdsLiteral(value));
}

/** `arn:aws:iam::*:role/deploy` names the role of the account that is let in. */
function arnsWithin(account: string, arns: readonly string[]): string[] {
  return arns.flatMap((name) => {
    const { account: named = '', resource = '' } = parseArn(name) ?? {};
    if (isAccountId(named)) return named === account ? [name] : [];
    return [name.replace(`:${named}:${resource}`, () => `:${account}:${resource}`)];
  });
}
