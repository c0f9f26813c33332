import type { Problem } from '../../errors.ts';
import type { PolicyRule } from '../../tables/policy-events.ts';
import type { Field } from '../document/event-fields.ts';
import type { Principal } from '../document/policy-document.ts';
import { accountNamed } from '../document/principals.ts';
import type { PolicyAnalyzer } from '../policy-analyzer.ts';
import type { PolicySummary } from '../policy-summary.ts';
import type { FoundPolicy } from './find-policy.ts';
import type { KnownPolicies } from './known-policies.ts';
import { arnKey } from './policy-keys.ts';

export interface SummarizedPolicy {
  readonly summary: PolicySummary | undefined;
  readonly problems: readonly Problem[];
  readonly versionId: string | undefined;
  /** Of a trust policy: whom it lets take the role. */
  readonly trusts: readonly Principal[];
}

/** From the document in the event, from the table of AWS's policies, or from the version that was seen before. */
export function summarizePolicy(
  found: FoundPolicy,
  { remembered, analyzer }: KnownPolicies,
): SummarizedPolicy {
  const { arn, versionId, rule } = found;
  const unknown: SummarizedPolicy = { summary: undefined, problems: [], versionId, trusts: [] };
  if (found.document !== undefined)
    return { versionId, ...summarizeDocument(found.document, found, analyzer) };
  if (arn === undefined || rule.operation === 'delete') return unknown;
  const managed = analyzer.managed(arn);
  if (managed !== undefined) return { ...unknown, ...managed };
  const time = found.at ?? Number.POSITIVE_INFINITY;
  const state =
    versionId === undefined
      ? remembered.inForce(arnKey(arn), time)
      : remembered.version(arnKey(arn), versionId, time);
  return { ...unknown, summary: state?.summary, versionId: versionId ?? state?.versionId };
}

function summarizeDocument(
  document: Field,
  found: FoundPolicy,
  analyzer: PolicyAnalyzer,
): Omit<SummarizedPolicy, 'versionId'> {
  const { kind, limits } = found.rule;
  return analyzer.documents.of(
    document,
    kind,
    accountOfPolicy(found),
    kind === 'resource' && !limits ? prefixesOf(found.rule, analyzer) : undefined,
  );
}

/**
 * Permission sets, control policies and session policies are of use in other accounts than that of the call. A call on
 * another account's resource is recorded in the trail of the caller too: then the ARN tells whose it is.
 */
function accountOfPolicy({ account, rule, subject }: FoundPolicy): string | undefined {
  if (rule.kind === 'identity') return rule.eventSource === 'iam.amazonaws.com' ? account : undefined;
  return accountNamed(subject ?? '') ?? account;
}

/** The prefixes of the actions that the resource is asked for by: those of the row, else that of its host. */
function prefixesOf(
  { eventSource, prefixes }: PolicyRule,
  analyzer: PolicyAnalyzer,
): readonly string[] | undefined {
  if (prefixes !== undefined) return prefixes;
  const host = eventSource.slice(0, eventSource.indexOf('.'));
  return analyzer.effective.patterns.hasService(host) ? [host] : undefined;
}
