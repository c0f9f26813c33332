import type { Problem } from '../../errors.ts';
import { accountOfRecord } from '../../event/account-of-record.ts';
import type { CloudTrailRecord } from '../../event/cloudtrail-record.ts';
import type { PolicyRule } from '../../tables/policy-events.ts';
import type { Field } from '../document/event-fields.ts';
import type { PolicyAnalyzer } from '../policy-analyzer.ts';
import type { PolicySummary } from '../policy-summary.ts';
import type { FoundPolicy } from './find-policy.ts';
import type { KnownPolicies } from './known-policies.ts';
import { arnKey } from './policy-keys.ts';
import { namesCaller } from './self-grant.ts';

export interface SummarizedPolicy {
  readonly summary: PolicySummary | undefined;
  readonly problems: readonly Problem[];
  readonly versionId: string | undefined;
  /** The trust policy lets the caller itself take the role. */
  readonly trustsCaller: boolean;
}

/** From the document in the event, from the table of AWS's policies, or from the version that was seen before. */
export function summarizePolicy(
  found: FoundPolicy,
  record: CloudTrailRecord,
  { remembered, analyzer }: KnownPolicies,
): SummarizedPolicy {
  const { arn, versionId, rule } = found;
  const unknown: SummarizedPolicy = { summary: undefined, problems: [], versionId, trustsCaller: false };
  if (found.document !== undefined)
    return { versionId, ...summarizeDocument(found.document, found, record, analyzer) };
  if (arn === undefined || rule.operation === 'delete') return unknown;
  const managed = analyzer.managed(arn);
  if (managed !== undefined) return { ...unknown, ...managed };
  const time = record.eventTime ?? Number.POSITIVE_INFINITY;
  const state =
    versionId === undefined
      ? remembered.inForce(arnKey(arn), time)
      : remembered.version(arnKey(arn), versionId, time);
  return { ...unknown, summary: state?.summary, versionId: versionId ?? state?.versionId };
}

function summarizeDocument(
  document: Field,
  found: FoundPolicy,
  record: CloudTrailRecord,
  analyzer: PolicyAnalyzer,
): Omit<SummarizedPolicy, 'versionId'> {
  const { kind, limits } = found.rule;
  const { summary, problems, trusts } = analyzer.documents.of(
    document,
    kind,
    accountOfPolicy(found, record),
    kind === 'resource' && limits !== true ? prefixesOf(found.rule, analyzer) : undefined,
  );
  const trustsCaller = namesCaller(trusts, record.userIdentity);
  return { summary, problems, trustsCaller };
}

/**
 * Permission sets, control policies and session policies are of use in other accounts than that of the call. A call on
 * another account's resource is recorded in the trail of the caller too: then the ARN tells whose it is.
 */
function accountOfPolicy({ rule, subject }: FoundPolicy, record: CloudTrailRecord): string | undefined {
  if (rule.kind === 'identity')
    return rule.source === 'iam.amazonaws.com' ? accountOfRecord(record) : undefined;
  return ACCOUNT_IN_ARN.exec(subject ?? '')?.[1] ?? accountOfRecord(record);
}

const ACCOUNT_IN_ARN = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/;

/** The prefixes of the actions that the resource is asked for by: those of the row, else that of its host. */
function prefixesOf(
  { source, prefixes }: PolicyRule,
  analyzer: PolicyAnalyzer,
): readonly string[] | undefined {
  if (prefixes !== undefined) return prefixes;
  const host = source.slice(0, source.indexOf('.'));
  return analyzer.effective.patterns.hasService(host) ? [host] : undefined;
}
