import { wildcardTest } from '../patterns/wildcard.ts';
import type { Condition } from './policy-document.ts';

/**
 * Whether an Allow under the condition lets nobody in without the key, or with another value (IAM User Guide,
 * "Condition operators").
 */
export function failsOnOthers({ operator, present }: Condition): boolean {
  const passesWithout = operator.endsWith('ifexists') || operator.startsWith('forallvalues:');
  if (passesWithout && present !== true) return false;
  return asksForValues(operator);
}

/** Whether it is met by the values that it names, where the key is there, and by no others. */
export function asksForValues(operator: string): boolean {
  return !isNegated(operator) && operator.slice(operator.indexOf(':') + 1) !== 'null';
}

/** Whether a request meets it that has this one value for the key: then the operators of sets make no difference. */
export function isMetBy({ operator, values }: Condition, value: string): boolean {
  if (operator.slice(operator.indexOf(':') + 1) === 'null') return values.some(isFalse);
  const folds = operator.includes('ignorecase');
  const fits = values.some((one) => wildcardTest(folds ? one.toLowerCase() : one)(value));
  return fits !== isNegated(operator);
}

/**
 * Whether a Deny under such an operator meets all but those whom it names. `ForAnyValue:` is not met where the key is
 * missing, and so spares whoever comes without it.
 */
export function deniesOthers(operator: string): boolean {
  return isNegated(operator) && !operator.startsWith('foranyvalue:');
}

/** What the operators of numbers and addresses make of a text is not documented: they turn nobody away. */
export function deniesOtherTexts(operator: string): boolean {
  return deniesOthers(operator) && /^(?:forallvalues:)?(?:string|arn)/.test(operator);
}

/** Whether the operator compares numbers or dates. */
export function comparesAmounts(operator: string): boolean {
  return /^(?:for(?:all|any)values?:)?(?:numeric|date)/.test(operator);
}

/**
 * Whether a Deny under the condition meets all users and roles whose account or ARN is another one than those that it
 * names. They have both keys in every request, so that `ForAnyValue:` makes no difference; services and requests
 * without a signature have neither (IAM User Guide, "AWS global condition context keys").
 */
export function sparesPrincipals({ operator, key }: Condition): boolean {
  return isNegated(operator) && (key === 'aws:principalaccount' || key === 'aws:principalarn');
}

/**
 * Denied is who is no service. Requests without a signature have no aws:PrincipalIsAWSService, so that a plain Bool
 * does not meet them. aws:ViaAWSService is another matter: where a service asks with the credentials of its caller,
 * that caller is who gets in (IAM User Guide, "AWS global condition context keys").
 */
export function sparesServices({ operator, key, values }: Condition): boolean {
  const about = key === 'aws:principalisawsservice' && operator === 'boolifexists';
  return about && values.some(isFalse);
}

/**
 * Whether whoever holds an identity policy meets the condition with each request (true) or with none (false):
 * none of them is a service, and all their requests are signed and so have the key (IAM User Guide, "AWS global
 * condition context keys"). `undefined` of a condition on anything else.
 */
export function meetsHolders({ operator, key, values }: Condition): boolean | undefined {
  const about = key === 'aws:principalisawsservice' && /^bool(?:ifexists)?$/.test(operator);
  return about ? values.some(isFalse) : undefined;
}

/**
 * Whether a Deny under the condition meets whoever comes without a second factor, or the like, of which a key tells by
 * `true` and `false`; where the key is missing too, as it is with long-term keys (IAM User Guide, "AWS: Allows
 * MFA-authenticated IAM users to manage their own credentials on the Security credentials page").
 */
export function deniesWithout({ operator, values }: Condition): boolean {
  return operator === 'boolifexists' && values.length > 0 && values.every(isFalse);
}

/** Whether a Deny spares what a service asks in its caller's name. Every request says whether it is such a one. */
export function sparesForwarded({ operator, key, values }: Condition): boolean {
  return (
    key === 'aws:viaawsservice' && operator.startsWith('bool') && values.length > 0 && values.every(isFalse)
  );
}

function isFalse(value: string): boolean {
  return value.toLowerCase() === 'false';
}

/** Whether a Deny meets what is older than it says, or has no age: of a second factor that was never given. */
export function deniesOlder({ operator }: Condition): boolean {
  return /^numericgreaterthan(?:equals)?ifexists$/.test(operator);
}

/** `...NotEquals`, `...NotLike`, `NotIpAddress`. */
export function isNegated(operator: string): boolean {
  return operator.includes('not');
}
