import type { PolicyFinding } from '../policy-findings.ts';
import { accountOf, accountsOfConditions, admitsEveryone } from '../principals.ts';
import {
  type Admission,
  hedge,
  listActions,
  type PrincipalCheck,
  type PrincipalContext,
  unionOf,
} from './principal-check.ts';

/** Accounts other than the policy's own that it lets in, one finding an account. */
export const checkExternalAccess: PrincipalCheck = (context) => {
  const byAccount = new Map<string, Admission[]>();
  for (const admission of context.admissions) {
    for (const account of externalAccountsOf(admission, context)) {
      byAccount.set(account, [...(byAccount.get(account) ?? []), admission]);
    }
  }
  const findings = [...byAccount.keys()]
    .sort()
    .map((account) => describe(account, byAccount.get(account) ?? [], context));
  const touched = unionOf([...byAccount.values()].flat(), context.data);
  return { risk: 'external_access', count: findings.length, findings, touched };
};

export function externalAccountsOf({ statement }: Admission, { account }: PrincipalContext): Set<string> {
  const named = statement.otherPrincipals
    ? []
    : statement.principals.map(accountOf).filter((other) => other !== undefined);
  const admitted = admitsEveryone(statement) ? accountsOfConditions(statement.conditions) : [];
  return new Set([...named, ...admitted].filter((other) => other !== account));
}

function describe(
  account: string,
  admissions: readonly Admission[],
  context: PrincipalContext,
): PolicyFinding {
  const { data, kind } = context;
  const actions = unionOf(admissions, data);
  const guarded = admissions.every(
    ({ statement }) =>
      data.conditions.of(statement.conditions, ['principal', 'network', 'session']) === 'strong',
  );
  const grave = kind === 'trust' || actions.meets(data.exposing);
  const sureness = admissions.some((admission) => hedge('high', admission) === 'high') ? 'high' : 'medium';
  return {
    risk: 'external_access',
    severity: grave && !guarded ? 'high' : 'medium',
    confidence: guarded ? 'medium' : sureness,
    actions: listActions(actions, context),
    principals: [account],
    statements: admissions.map(({ statement }) => statement.index),
    why: guarded
      ? 'Lets another account in, under a condition.'
      : 'Lets another account in, without a condition.',
  };
}
