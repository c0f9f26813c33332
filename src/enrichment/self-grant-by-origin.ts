import { parseArn } from '../event/arn.ts';
import type { EventPolicy } from '../policy/events/event-policy.ts';
import type { Origin } from '../session/origin.ts';

/**
 * A role's session that gives rights to the user who assumed the role is a self-grant as well: `dev-intern` becomes
 * `ProdAdmin`, and attaches AdministratorAccess to `dev-intern`. Whoever stands anywhere in the chain counts.
 */
export function withOrigin(
  policy: EventPolicy,
  origin: Origin | undefined,
  account: string | undefined,
): EventPolicy {
  if (policy.selfGrant || !policy.grantsIdentity || origin?.lineage === undefined) return policy;
  const chain = origin.lineage.steps.map((step) => subjectOf(step.claim.requester.arn, account));
  return chain.some((subject) => subject !== undefined && policy.appliesTo.includes(subject))
    ? { ...policy, selfGrant: true }
    : policy;
}

/** `user/dev-intern` or `role/ProdAdmin`, without the path; a principal of another account is not one of this name. */
function subjectOf(text: string | undefined, account: string | undefined): string | undefined {
  const arn = text === undefined ? undefined : parseArn(text);
  if (arn === undefined || arn.account !== account) return undefined;
  const [type, ...path] = arn.resource.split('/');
  const name = type === 'assumed-role' ? path[0] : path.at(-1);
  if (name === undefined) return undefined;
  return type === 'user'
    ? `user/${name}`
    : type === 'role' || type === 'assumed-role'
      ? `role/${name}`
      : undefined;
}
