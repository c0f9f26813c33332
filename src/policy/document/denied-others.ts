import type { Condition } from './policy-document.ts';

/**
 * Whether a Deny under such an operator meets all but those whom it names. `ForAnyValue:` is not met where the key is
 * missing, and so spares whoever comes without it.
 */
export function deniesOthers(operator: string): boolean {
  return isNegated(operator) && !operator.startsWith('foranyvalue:');
}

/**
 * Whether a Deny under the condition meets all users and roles whose account or ARN is another one than those that it
 * names. They have both keys in every request, so that `ForAnyValue:` makes no difference; services and requests
 * without a signature have neither (IAM User Guide, "AWS global condition context keys").
 */
export function sparesPrincipals({ operator, key }: Condition): boolean {
  return isNegated(operator) && (key === 'aws:principalaccount' || key === 'aws:principalarn');
}

function isNegated(operator: string): boolean {
  return operator.includes('not');
}
