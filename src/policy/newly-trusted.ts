import { isAccountId } from '../account-id.ts';
import { firstWildcard, wildcardTest } from './patterns/wildcard.ts';
import { MOST_TRUSTED } from './policy-findings.ts';

/**
 * Of `names`, those that a role trusts and did not by `others`, both as in `trusted` of an analysis: less of what was
 * trusted is nobody new. Beside a list that was not kept, or is cut off, nobody is new; beside everyone, who is of AWS,
 * only what comes by a provider is.
 */
export function newlyTrusted(
  names: readonly string[] = [],
  others: readonly string[] | undefined,
): readonly string[] {
  if (others === undefined || others.length >= MOST_TRUSTED) return [];
  const known = new Set(others);
  const everyone = known.has('*');
  const patterns = everyone ? [] : others.filter((other) => firstWildcard(other) >= 0).map(takenIn);
  return names.filter((name) => {
    const { whole, principal } = readName(name);
    if (known.has(name) || known.has(principal) || (whole !== undefined && known.has(whole))) return false;
    if (PROVIDER.test(name)) return true;
    return !everyone && !patterns.some((takesIn) => takesIn(name) || takesIn(principal));
  });
}

/**
 * A pattern stands for users and roles, whatever else its stars would take in: no provider is a caller. Some have no
 * ARN, as in `accounts.google.com octo-org`.
 */
const PROVIDER = /:(?:saml|oidc)-provider\/|^[^:\s]+\.[^:\s]+ /;

interface TrustedName {
  /** The provider or account of which only a part is let in. */
  readonly whole?: string;
  /**
   * The principal itself, or the part of an account, which is nobody new after it was named directly. The other way
   * round it is: a principal of the own account needs no policy of its own then (IAM User Guide, "Policy evaluation for
   * requests within a single account"). Tenants are their providers' alone.
   */
  readonly principal: string;
}

function readName(name: string): TrustedName {
  const blank = name.indexOf(' ');
  if (blank < 0) return { principal: name };
  const whole = name.slice(0, blank);
  return { whole, principal: isAccountId(whole) ? name.slice(blank + 1) : name };
}

/** A `?` is one character, and no other pattern's star. */
function takenIn(pattern: string): (name: string) => boolean {
  const fits = wildcardTest(pattern);
  const single = pattern.includes('?');
  return (name) => fits(name) && !(single && name.includes('*'));
}
