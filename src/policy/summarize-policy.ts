import type { Problem } from '../errors.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import type { JsonObject } from '../event/json.ts';
import type { FoundPolicy } from './find-policies.ts';
import { parseDocument } from './parse-policy.ts';
import { MOST_LISTED_ACTIONS, type PolicyAnalyzer } from './policy-analyzer.ts';
import { readDocument } from './policy-document.ts';
import { accountOfRecord, arnKey } from './policy-keys.ts';
import type { PolicySummary } from './policy-summary.ts';
import type { RememberedPolicies } from './remembered-policies.ts';
import { namesCaller } from './self-grant.ts';

export interface SummarizedPolicy {
  readonly summary: PolicySummary | undefined;
  readonly problems: readonly Problem[];
  readonly versionId: string | undefined;
  /** The trust policy names the caller. */
  readonly trustsCaller: boolean;
}

/** From the document in the event, from the table of AWS's policies, or from the version that was seen before. */
export function summarizePolicy(
  found: FoundPolicy,
  record: CloudTrailRecord,
  analyzer: PolicyAnalyzer,
  remembered: RememberedPolicies,
): SummarizedPolicy {
  const { arn, versionId, rule } = found;
  const unknown: SummarizedPolicy = { summary: undefined, problems: [], versionId, trustsCaller: false };
  if (found.document !== undefined) return { ...unknown, ...summarizeDocument(found, record, analyzer) };
  if (arn === undefined || rule.operation === 'delete') return unknown;
  const managed = analyzer.managed(arn);
  if (managed !== undefined) return { ...unknown, ...managed };
  const state =
    versionId === undefined
      ? remembered.inForce(arnKey(arn), record.eventTime ?? Number.POSITIVE_INFINITY)
      : remembered.version(arnKey(arn), versionId);
  return { ...unknown, summary: state?.summary, versionId: versionId ?? state?.versionId };
}

function summarizeDocument(
  { document, rule }: FoundPolicy,
  record: CloudTrailRecord,
  analyzer: PolicyAnalyzer,
): Partial<SummarizedPolicy> {
  const parsed = document === undefined ? undefined : parseDocument(document);
  if (document === undefined || parsed === undefined || 'nothing' in parsed) return {};
  if ('problem' in parsed) return { problems: [parsed.problem] };
  const { summary, problems } = analyzer.analyze(parsed.document, rule.kind, {
    account: accountOfRecord(record),
    path: document.path,
    mostActions: MOST_LISTED_ACTIONS,
  });
  return { summary, problems, trustsCaller: rule.kind === 'trust' && trustsCaller(parsed.document, record) };
}

function trustsCaller(document: JsonObject, record: CloudTrailRecord): boolean {
  return readDocument(document, '', 'trust').statements.some(
    (statement) => statement.allow && namesCaller(statement.principals, record.userIdentity),
  );
}
