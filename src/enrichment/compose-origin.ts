import type { Static } from '../json-schema.ts';
import type { Origin } from '../session/origin.ts';
import type { Comparison, SourceCheck } from '../session/source-verdicts.ts';
import type { Issued } from '../session/trace-session.ts';
import { composeLineage } from './compose-lineage.ts';
import { composeRequester, composeRoot } from './compose-requester.ts';
import { formatTime } from './format-time.ts';
import type { IssuedSchema, OriginOutput, SourceCheckSchema } from './origin-schema.ts';

type CredentialOutput = NonNullable<OriginOutput['credential']>;
export type SourceCheckOutput = Static<typeof SourceCheckSchema>;
type ComparisonOutput = NonNullable<SourceCheckOutput['compared']>;
export type IssuedOutput = Static<typeof IssuedSchema>;

/** @param lineage of the origin itself, where it was composed already */
export function composeOrigin(
  origin: Origin,
  lineage = origin.lineage && composeLineage(origin.lineage),
): OriginOutput {
  const output: OriginOutput = { status: origin.status };
  if (origin.join !== undefined) output.join = origin.join;
  if (origin.confidence !== undefined) output.confidence = origin.confidence;
  if (origin.reason !== undefined) output.reason = origin.reason;
  if (origin.credential !== undefined) output.credential = composeCredential(origin.credential);
  if (origin.sourceIdentity !== undefined) output.source_identity = origin.sourceIdentity;
  if (lineage === undefined) return withDescribed(output, origin);
  const { issuer, requester, source, root, chain, chain_depth, chain_complete, conflict } = lineage.output;
  const { late } = origin;
  // Written out: a second spread, of the lineage, would take at least twice the time.
  return {
    ...output,
    late,
    issuer,
    requester,
    source,
    root,
    chain,
    chain_depth,
    chain_complete,
    conflict,
  };
}

function withDescribed(output: OriginOutput, { described, status }: Origin): OriginOutput {
  if (described === undefined) return output;
  if (status !== 'not_applicable') output.requester = composeRequester(described);
  output.root = composeRoot(described, undefined);
  return output;
}

function composeCredential(credential: NonNullable<Origin['credential']>): CredentialOutput {
  const output: CredentialOutput = { kind: credential.kind, from_console: credential.fromConsole };
  if (credential.accessKeyId !== undefined) output.access_key_id = credential.accessKeyId;
  if (credential.issuedAt !== undefined) output.issued_at = formatTime(credential.issuedAt);
  if (credential.expiresAt !== undefined) output.expires_at = formatTime(credential.expiresAt);
  if (credential.expiresBasis !== undefined) output.expires_basis = credential.expiresBasis;
  if (credential.ageSeconds !== undefined) output.age_seconds = credential.ageSeconds;
  return output;
}

export function composeSourceCheck(check: SourceCheck): SourceCheckOutput {
  const output: SourceCheckOutput = {
    verdict: check.verdict,
    anomalous: check.anomalous,
    severity: check.severity,
    reasons: [...check.reasons],
  };
  if (check.baseline !== undefined) output.baseline = check.baseline;
  if (check.compared !== undefined) output.compared = composeComparison(check.compared);
  if (check.firstSeen !== undefined) output.first_seen = formatTime(check.firstSeen);
  if (check.distinctIps !== undefined) output.distinct_ips = check.distinctIps;
  return output;
}

function composeComparison(compared: Comparison): ComparisonOutput {
  return {
    ip: compared.ip,
    against: compared.against,
    ip_equal: compared.ipEqual,
    same_prefix: compared.samePrefix ?? null,
    asn_equal: compared.asnEqual ?? null,
    client_equal: compared.clientEqual ?? null,
    vpce_equal: compared.vpceEqual ?? null,
  };
}

export function composeIssued(issued: Issued): IssuedOutput {
  const { claim, subject } = issued.issuance;
  const output: IssuedOutput = {
    access_key_id: subject,
    pending_event_ids: [...issued.pendingEventIds],
    pending_count: issued.pendingCount,
  };
  if (claim.actsAs !== undefined) output.role_arn = claim.actsAs;
  if (claim.expiresAt !== undefined) output.expires_at = formatTime(claim.expiresAt);
  return output;
}
