import type { Enrichment } from '../enrichment/enrichment.ts';
import { arrayAt, booleanAt, objectAt, textAt } from '../event/json.ts';

/** What the analysis of a policy says, as far as a reader of events needs it. */
export interface DescribedPolicy {
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly admin: boolean;
  readonly public: boolean;
  readonly selfGrant: boolean;
  readonly effectiveNow: boolean | undefined;
  readonly categories: readonly string[];
  readonly externalAccounts: readonly string[];
}

/** The policy that the call carries or moves, where the answer tells of one. */
export function policyOf(answer: Enrichment): DescribedPolicy | undefined {
  const policy = objectAt(answer, 'policy');
  if (policy === undefined) return undefined;
  return {
    kind: textAt(policy, 'kind'),
    name: textAt(policy, 'name') ?? textAt(policy, 'arn'),
    admin: booleanAt(policy, 'admin') === true,
    public: booleanAt(policy, 'public') === true,
    selfGrant: booleanAt(policy, 'self_grant') === true,
    effectiveNow: booleanAt(policy, 'effective_now'),
    categories: textsOf(arrayAt(policy, 'categories')),
    externalAccounts: textsOf(arrayAt(policy, 'external_accounts')),
  };
}

function textsOf(values: readonly unknown[] | undefined): readonly string[] {
  return (values ?? []).filter((value) => typeof value === 'string');
}

/** The techniques of an event, each once. */
export function techniquesOf(answer: Enrichment): readonly string[] {
  return [...new Set((answer.mitre ?? []).map((pair) => pair.technique_id))];
}

/**
 * An ARN as people say it: `user/dev-intern`, and for a session the role and the name of the session,
 * `ProdAdmin/x`; what is no ARN stays as it is.
 */
export function principalName(arn: string): string {
  if (!arn.startsWith('arn:')) return arn;
  const resource = arn.split(':').slice(5).join(':');
  if (resource.startsWith('assumed-role/')) return resource.slice('assumed-role/'.length);
  const [kind, ...path] = resource.split('/');
  return path.length === 0 ? resource : `${kind}/${path.at(-1)}`;
}
