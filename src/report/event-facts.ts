import type { Enrichment } from '../enrichment/enrichment.ts';
import { parseArn } from '../event/arn.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';

/** Who made the call, by the best name there is. */
export function callerOf({ userIdentity }: CloudTrailRecord): string {
  return (
    userIdentity.arn ??
    userIdentity.sessionIssuer?.arn ??
    userIdentity.invokedBy ??
    userIdentity.userName ??
    userIdentity.principalId ??
    userIdentity.type ??
    'unknown'
  );
}

/** Who stands at the beginning of the chain, where that is known, and else who made the call. */
export function rootOf(record: CloudTrailRecord, answer: Enrichment): string {
  return withoutSession(answer.origin?.root?.arn ?? callerOf(record));
}

/**
 * The sessions of a role count as one: a fleet of a thousand instances has a thousand names of sessions, and one role.
 */
export function withoutSession(arn: string): string {
  const at = arn.indexOf(':assumed-role/');
  if (at < 0) return arn;
  const slash = arn.indexOf('/', at + ':assumed-role/'.length);
  return slash < 0 ? arn : arn.slice(0, slash);
}

/**
 * An ARN as people say it: `user/dev-intern`, and for a session the role and the name of the session,
 * `ProdAdmin/x`; what is no ARN stays as it is.
 */
export function principalName(text: string): string {
  const resource = parseArn(text)?.resource;
  if (resource === undefined) return text;
  if (resource.startsWith('assumed-role/')) return resource.slice('assumed-role/'.length);
  const [kind, ...path] = resource.split('/');
  return path.length === 0 ? resource : `${kind}/${path.at(-1)}`;
}

/** The identities of a chain, root first; a service that obtained a role for a workload has a name, but no ARN. */
export function chainNames({ origin }: Enrichment): readonly string[] {
  return (origin?.chain ?? []).map(
    (step, index) =>
      step.arn ?? (index === 0 ? (origin?.root?.arn ?? origin?.root?.invoked_by) : undefined) ?? step.action,
  );
}

/** Whether there is something to say of a policy, be it that it shuts people out. The dashboards ask for the same. */
export function hasFinding({ policy }: Enrichment): boolean {
  if (policy === undefined) return false;
  const { categories = [], external_accounts = [] } = policy;
  return (
    categories.length > 0 ||
    external_accounts.length > 0 ||
    policy.public === true ||
    policy.admin === true ||
    policy.lockout !== undefined ||
    policy.lifts_deny === true
  );
}
