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
