import {
  accountOf,
  accountsOfConditions,
  isEveryone,
  namesOneOrganization,
} from '../../document/principals.ts';
import type { Admission } from '../admissions.ts';
import type { EffectiveData } from '../effective-data.ts';

/**
 * Whether a statement only lets a service put something in for an account: log archives of an organization, queues and
 * functions that a topic of another account feeds. Nothing can be read that way. Some services write from an account of
 * AWS's own instead (Elastic Load Balancing User Guide, "Enable access logs").
 */
export function delivers({ statement, actions }: Admission, account: string, data: EffectiveData): boolean {
  const { principals, otherPrincipals, conditions } = statement;
  if (otherPrincipals || actions.isEmpty() || !data.delivering.includesAll(actions)) return false;
  if (data.awsAccounts.has(account)) return true;
  if (principals.some((principal) => accountOf(principal) === account)) return false;
  const served = principals.some((principal) => principal.type === 'Service' || isEveryone(principal));
  return served && accountsOfConditions(conditions, 'source').includes(account);
}

/**
 * Whether a statement lets accounts do nothing but send something in: the receiver opens itself, and what leaves does
 * so in the other account, by a call of its own (CloudWatch Logs API Reference, "PutDestinationPolicy").
 */
export function letsSend({ statement, actions }: Admission, data: EffectiveData): boolean {
  return !statement.otherPrincipals && !actions.isEmpty() && data.sending.includesAll(actions);
}

/** Whether its conditions let in nobody from outside of one organization. */
export function isWithinOrganization({ statement }: Admission, data: EffectiveData): boolean {
  const ofOrganization = statement.conditions.filter(namesOneOrganization);
  return data.conditions.of(ofOrganization, ['principal', 'service']) === 'strong';
}
