/** Longer than any principal id of AWS (an id of 21 characters, a colon, a session name of up to 64). */
export const LONGEST_PRINCIPAL = 256;

/**
 * All events of one session share its principal and its second of creation, also where each request has a key of
 * its own (the console). Undefined where the event does not say both.
 * @param createdAt milliseconds since the epoch
 */
export function sessionKeyOf(
  principalId: string | undefined,
  createdAt: number | undefined,
): string | undefined {
  if (principalId === undefined || createdAt === undefined || principalId.length > LONGEST_PRINCIPAL)
    return undefined;
  return `${principalId}@${Math.floor(createdAt / 1000)}`;
}
