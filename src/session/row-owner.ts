import type { Claim } from './claim.ts';

/** The session name is the caller's choice; the identity behind it is not. Quotas count by this. */
export function principalOf(
  principalId: string | undefined,
  arn: string | undefined,
  accountId: string | undefined,
): string {
  if (principalId === undefined) return arn ?? accountId ?? '';
  const colon = principalId.indexOf(':');
  return colon === -1 ? principalId : principalId.slice(0, colon);
}

/** For whom a row of claims counts. */
export function ownerOf({ requester }: Claim): string {
  const { invokedBy, principalId, arn, accountId } = requester;
  return invokedBy ?? principalOf(principalId, arn, accountId);
}
