import { isServiceLinkedRole } from '../event/arn.ts';
import type { UserIdentity } from '../event/cloudtrail-record.ts';
import type { ServiceCaller } from '../tables/harmless-calls.ts';

const ROLE = ':role/';

/**
 * In a session of the service's own role, and not in a caller's name: `invokedBy` alone says only who handed the call
 * on. Some records of services have none, and for a service-linked role its path says it all; another service's name
 * there stands for a call that was handed on.
 */
export function isServiceCaller({ invokedBy, roles }: ServiceCaller, identity: UserIdentity): boolean {
  const role = identity.sessionIssuer?.arn;
  if (role === undefined) return false;
  if (identity.invokedBy !== invokedBy && (identity.invokedBy !== undefined || !isServiceLinkedRole(role)))
    return false;
  return roles.some((own) => isRole(role, own));
}

/**
 * The path of a role may hold `:role/` too, so only the first one counts. A service-linked role may have a suffix of
 * its owner's choosing, with the same permissions (Amazon EC2 Auto Scaling User Guide, "Service-linked roles").
 */
function isRole(arn: string, own: string): boolean {
  const at = arn.indexOf(ROLE);
  if (at === -1 || !arn.startsWith(own, at)) return false;
  const end = at + own.length;
  return arn.length === end || (isServiceLinkedRole(own) && arn.startsWith('_', end));
}
