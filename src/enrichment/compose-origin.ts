import type { Static } from '../json-schema.ts';
import type { Claim, Requester, Source } from '../session/claim.ts';
import type { FoundIssuance } from '../session/lineage.ts';
import type { Origin } from '../session/origin.ts';
import { parseIp, sourceKind } from '../session/source-address.ts';
import type { Comparison, SourceCheck } from '../session/source-verdicts.ts';
import type { Issued } from '../session/trace-session.ts';
import { formatTime } from './format-time.ts';
import type { IssuedSchema, OriginSchema, SourceCheckSchema } from './origin-schema.ts';

export type OriginOutput = Static<typeof OriginSchema>;
type CredentialOutput = NonNullable<OriginOutput['credential']>;
type IssuerOutput = NonNullable<OriginOutput['issuer']>;
type RequesterOutput = NonNullable<OriginOutput['requester']>;
type SourceOutput = NonNullable<OriginOutput['source']>;
type RootOutput = NonNullable<OriginOutput['root']>;
type ChainStepOutput = NonNullable<OriginOutput['chain']>[number];
export type SourceCheckOutput = Static<typeof SourceCheckSchema>;
type ComparisonOutput = NonNullable<SourceCheckOutput['compared']>;
export type IssuedOutput = Static<typeof IssuedSchema>;

export function composeOrigin(origin: Origin): OriginOutput {
  const output: OriginOutput = { status: origin.status };
  if (origin.join !== undefined) output.join = origin.join;
  if (origin.confidence !== undefined) output.confidence = origin.confidence;
  if (origin.reason !== undefined) output.reason = origin.reason;
  if (origin.credential !== undefined) output.credential = composeCredential(origin.credential);
  const steps = origin.lineage?.steps;
  const own = steps?.[0]?.claim;
  const top = steps?.[steps.length - 1]?.claim;
  if (own !== undefined) {
    output.issuer = composeIssuer(own);
    output.requester = composeRequester(own.requester);
    output.source = composeSource(own.source);
  } else if (origin.described !== undefined && origin.status !== 'not_applicable') {
    output.requester = composeRequester(origin.described);
  }
  if (origin.sourceIdentity !== undefined) output.source_identity = origin.sourceIdentity;
  if (top !== undefined) output.root = composeRoot(top.requester, top.source.address);
  else if (origin.described !== undefined) output.root = composeRoot(origin.described, undefined);
  if (steps !== undefined) composeChain(output, steps, origin);
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

function composeIssuer(claim: Claim): IssuerOutput {
  const output: IssuerOutput = { action: claim.action };
  if (claim.eventId !== undefined) output.event_id = claim.eventId;
  if (claim.sharedEventId !== undefined) output.shared_event_id = claim.sharedEventId;
  if (claim.accountId !== undefined) output.account_id = claim.accountId;
  if (claim.region !== undefined) output.region = claim.region;
  return output;
}

function composeRequester(requester: Partial<Requester>): RequesterOutput {
  const output: RequesterOutput = {};
  if (requester.type !== undefined) output.type = requester.type;
  if (requester.arn !== undefined) output.arn = requester.arn;
  if (requester.principalId !== undefined) output.principal_id = requester.principalId;
  if (requester.accountId !== undefined) output.account_id = requester.accountId;
  if (requester.accessKeyId !== undefined) output.access_key_id = requester.accessKeyId;
  if (requester.invokedBy !== undefined) output.invoked_by = requester.invokedBy;
  return output;
}

function composeSource(source: Source): SourceOutput {
  const output: SourceOutput = {};
  const kind = sourceKind(source.address, source.vpcEndpointId);
  if (source.address !== undefined) {
    output.address = source.address;
    if (isIpKind(kind, source.address)) output.ip = source.address;
  }
  if (kind !== undefined) output.kind = kind;
  if (source.userAgent !== undefined) output.user_agent = source.userAgent;
  if (source.vpcEndpointId !== undefined) output.vpc_endpoint_id = source.vpcEndpointId;
  return output;
}

/** `ip` is only ever what Elasticsearch's ip type takes; `address` is whatever CloudTrail wrote. */
function isIpKind(kind: string | undefined, address: string): boolean {
  return kind === 'public' || kind === 'private' || (kind === 'vpce' && parseIp(address) !== undefined);
}

function composeRoot(requester: Partial<Requester>, address: string | undefined): RootOutput {
  const output: RootOutput = {};
  if (requester.type !== undefined) output.type = requester.type;
  // A federated user and a service have no ARN.
  if (requester.arn !== undefined) output.arn = requester.arn;
  else if (requester.principalId !== undefined) output.principal_id = requester.principalId;
  else if (requester.invokedBy !== undefined) output.invoked_by = requester.invokedBy;
  if (requester.accountId !== undefined) output.account_id = requester.accountId;
  if (address !== undefined) output.address = address;
  if (requester.accessKeyId !== undefined) output.access_key_id = requester.accessKeyId;
  return output;
}

function composeChain(output: OriginOutput, steps: readonly FoundIssuance[], origin: Origin): void {
  const chain: ChainStepOutput[] = [];
  for (let i = steps.length - 1; i >= 0; i--) chain.push(composeStep((steps[i] as FoundIssuance).claim));
  output.chain = chain;
  output.chain_depth = chain.length;
  output.chain_complete = origin.lineage?.isComplete === true;
  output.conflict = origin.lineage?.conflict === true;
  output.late = origin.late;
}

function composeStep(claim: Claim): ChainStepOutput {
  const output: ChainStepOutput = { action: claim.action, issued_at: formatTime(claim.time) };
  if (claim.requester.arn !== undefined) output.arn = claim.requester.arn;
  if (claim.requester.accessKeyId !== undefined) output.access_key_id = claim.requester.accessKeyId;
  if (claim.source.address !== undefined) output.address = claim.source.address;
  if (claim.eventId !== undefined) output.event_id = claim.eventId;
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
