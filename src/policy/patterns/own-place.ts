import { isAccountId } from '../../account-id.ts';

/** `arn:aws:lambda:${aws:RequestedRegion}:` and `arn:aws:iam::${aws:PrincipalAccount}:`, up to the variable. */
const REGION = /^((?:[^:]*:){3})\$\{aws:requestedregion\}(?=:)/i;
const ACCOUNT = /^((?:[^:]*:){4})\$\{aws:(?:principal|resource)account\}(?=:)/i;

/**
 * An ARN in which the Region of the request, and the account of the caller or of the resource, are what they are to
 * the caller: every one that there is (IAM User Guide, "AWS global condition context keys").
 */
export function fillOwnPlace(pattern: string): string {
  if (!pattern.includes('${')) return pattern;
  return pattern.replace(REGION, '$1*').replace(ACCOUNT, '$1*');
}

const IAM_ACCOUNT = /^(?:[^:]*:){2}iam:[^:]*:(?=([^:]*):)/;

/**
 * A call of IAM reaches the caller's own account only (IAM User Guide, "Cross-account resource access in IAM": the
 * resources of IAM have no policies but for the trust of roles), so that to a policy in that account it is every one.
 */
export function fillOwnAccount(pattern: string, account: string | undefined): string {
  if (account === undefined) return pattern;
  const found = IAM_ACCOUNT.exec(pattern);
  return found?.[1] === account ? `${found[0]}*${pattern.slice(found[0].length + account.length)}` : pattern;
}

/** Whether an ARN of IAM is of another account than that of the policy's holder. */
export function isForeignInIam(pattern: string, account: string | undefined): boolean {
  if (account === undefined) return false;
  const named = IAM_ACCOUNT.exec(pattern)?.[1];
  return named !== undefined && isAccountId(named) && named !== account;
}
