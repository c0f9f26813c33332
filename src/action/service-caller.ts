import type { UserIdentity } from '../event/cloudtrail-record.ts';
import type { ServiceCaller } from '../tables/harmless-calls.ts';

/** In a session of its own role, and not in a caller's name: `invokedBy` alone says only who handed the call on. */
export function isServiceCaller({ invokedBy, roles }: ServiceCaller, identity: UserIdentity): boolean {
  const role = identity.sessionIssuer?.arn;
  return (
    identity.invokedBy === invokedBy && role !== undefined && roles.some((ending) => role.endsWith(ending))
  );
}
