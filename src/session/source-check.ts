import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import type { Networks } from '../tables/network-table.ts';
import type { AllowedNetworks } from './allowed-networks.ts';
import type { Claim } from './claim.ts';
import { isTemporary } from './credential-key.ts';
import { EXPIRY_TOLERANCE, isConsole, type Origin } from './session-origin.ts';
import { compareSightings, earlierSighting, type SessionRow, type Sighting } from './session-row.ts';
import {
  clientFamily,
  type Ip,
  isPrivateIp,
  isSameIp,
  isSamePrefix,
  isServiceAddress,
  parseIp,
} from './source-address.ts';
import type { Use } from './use.ts';

export type SourceVerdict =
  | 'service_on_behalf'
  | 'not_temporary'
  | 'used_before_issue'
  | 'expired_credential'
  | 'allowed_network'
  | 'workload_outside_aws'
  | 'console_session'
  | 'origin_unknown'
  | 'first_use'
  | 'same_source'
  | 'same_source_new_client'
  | 'private_endpoint'
  | 'different_account_vpce'
  | 'private_unverifiable'
  | 'private_public_pair'
  | 'ip_family_change'
  | 'same_network'
  | 'different_source'
  | 'different_source_and_client';

export type Severity = 'none' | 'low' | 'medium' | 'high';
export type Baseline = 'issuance' | 'first_use' | 'in_scope_of';

/** `undefined`: there is no data to compare, which is never the same as equal. */
export interface Comparison {
  readonly ip: string;
  readonly against: string;
  readonly ipEqual: boolean;
  readonly samePrefix: boolean | undefined;
  readonly asnEqual: boolean | undefined;
  readonly clientEqual: boolean | undefined;
  readonly vpceEqual: boolean | undefined;
}

export interface SourceCheck {
  readonly verdict: SourceVerdict;
  readonly anomalous: boolean;
  readonly severity: Severity;
  readonly reasons: readonly string[];
  readonly baseline: Baseline | undefined;
  readonly compared: Comparison | undefined;
  readonly firstSeen: number | undefined;
  readonly distinctIps: number | undefined;
}

export interface SourceKnowledge {
  readonly networks?: Networks | undefined;
  readonly allowedNetworks?: AllowedNetworks | undefined;
}

/** Every verdict that is an anomaly, and how much it says. All others are none, but two that say a little. */
const SEVERITY: Partial<Record<SourceVerdict, Severity>> = {
  used_before_issue: 'medium',
  expired_credential: 'medium',
  workload_outside_aws: 'high',
  different_account_vpce: 'high',
  different_source: 'medium',
  different_source_and_client: 'high',
  same_source_new_client: 'low',
  private_unverifiable: 'low',
};

const REASONS: Record<SourceVerdict, string> = {
  service_on_behalf: 'An AWS service made this call on behalf of the caller; the address is the service.',
  not_temporary: 'The call was not made with temporary credentials.',
  used_before_issue: 'The credential was used before it was issued.',
  expired_credential: 'The credential was used more than five minutes after it expired.',
  allowed_network: 'The address is in a network that the operator allows.',
  workload_outside_aws: 'The credential of a workload is used from a public address that is not of AWS.',
  console_session: 'The earliest known use of a console session.',
  origin_unknown: 'The earliest known use of a session whose issuance is not known.',
  first_use: 'The earliest known use of a credential that was issued to no address of its own.',
  same_source: 'The same address and client as the baseline.',
  same_source_new_client: 'The same address as the baseline, with another client.',
  private_endpoint: 'A private address behind the same VPC endpoint as the baseline.',
  different_account_vpce: 'A private address behind a VPC endpoint of another account.',
  private_unverifiable: 'Two private addresses, without a VPC endpoint that would tell whose network it is.',
  private_public_pair: 'The first address of the other kind, private or public: one machine often has both.',
  ip_family_change: 'The same client over IPv4 and IPv6.',
  same_network: 'Another address in the network of the baseline.',
  different_source: 'An address in another network than the baseline.',
  different_source_and_client: 'An address in another network than the baseline, and another client.',
};

const ANOMALIES: ReadonlySet<SourceVerdict> = new Set<SourceVerdict>([
  'used_before_issue',
  'expired_credential',
  'workload_outside_aws',
  'different_account_vpce',
  'different_source',
  'different_source_and_client',
]);

/** CloudTrail's eventTime is in whole seconds, and STS's clock is not the service's. */
const CLOCK_TOLERANCE = 2000;

/** The fifteen rules of docs/session-origin.md, in order; the first that fits decides. */
export function checkSource(
  record: CloudTrailRecord,
  use: Use | undefined,
  origin: Origin,
  row: SessionRow | undefined,
  knowledge: SourceKnowledge,
): SourceCheck {
  // 1. The address of such a call is the service's name; the caller's own is nowhere in it.
  if (record.userIdentity.invokedBy !== undefined || isServiceAddress(record.sourceIpAddress)) {
    return plain('service_on_behalf');
  }
  // 2.
  if (!isTemporary(record.userIdentity)) return plain('not_temporary');
  const claim = issuedClaim(origin);
  const sighting = use?.sighting;
  const ip = parseIp(record.sourceIpAddress);
  const verdict =
    timeVerdict(record.eventTime, claim) ?? placeVerdict(ip, record, origin, row, claim, knowledge);
  const judged =
    verdict === undefined
      ? compareWithBaseline(record, sighting, ip, origin, row, claim, knowledge)
      : plain(verdict);
  const first = firstSighting(row, undefined);
  return {
    ...judged,
    baseline: judged.baseline ?? baselineOf(origin, claim, first),
    firstSeen: firstSeenOf(use, row),
    distinctIps: distinctIpsOf(sighting, row),
  };
}

function plain(verdict: SourceVerdict, detail?: string): SourceCheck {
  return {
    verdict,
    anomalous: ANOMALIES.has(verdict),
    severity: SEVERITY[verdict] ?? 'none',
    reasons: detail === undefined ? [REASONS[verdict]] : [REASONS[verdict], detail],
    baseline: undefined,
    compared: undefined,
    firstSeen: undefined,
    distinctIps: undefined,
  };
}

/** A sign-in hands out no key, so only STS's own record counts as the issuance of this credential. */
function issuedClaim(origin: Origin): Claim | undefined {
  return origin.join === 'access_key' || origin.join === 'role_session_time'
    ? origin.lineage?.steps[0]?.claim
    : undefined;
}

/** 3, 4. */
function timeVerdict(time: number | undefined, claim: Claim | undefined): SourceVerdict | undefined {
  if (time === undefined || claim === undefined) return undefined;
  if (time < claim.time - CLOCK_TOLERANCE) return 'used_before_issue';
  if (claim.expiresAt !== undefined && time > claim.expiresAt + EXPIRY_TOLERANCE) return 'expired_credential';
  return undefined;
}

/** 5, 6. */
function placeVerdict(
  ip: Ip | undefined,
  record: CloudTrailRecord,
  origin: Origin,
  row: SessionRow | undefined,
  claim: Claim | undefined,
  knowledge: SourceKnowledge,
): SourceVerdict | undefined {
  if (ip === undefined) return undefined;
  if (knowledge.allowedNetworks?.has(ip) === true) return 'allowed_network';
  if (!isWorkload(record, origin, row, claim) || isPrivateIp(ip) || knowledge.networks === undefined)
    return undefined;
  const asn = asnOf(knowledge.networks, ip);
  return asn !== undefined && knowledge.networks.isAws(asn) ? undefined : 'workload_outside_aws';
}

function isWorkload(
  record: CloudTrailRecord,
  origin: Origin,
  row: SessionRow | undefined,
  claim: Claim | undefined,
): boolean {
  const kind = claim?.kind ?? origin.credential?.kind;
  return (
    kind === 'ec2_instance' ||
    kind === 'ecs_task' ||
    kind === 'lambda_function' ||
    row?.isWorkload === true ||
    record.userIdentity.ec2RoleDelivery !== undefined
  );
}

function asnOf(networks: Networks, ip: Ip): number | undefined {
  return ip.family === 4 ? networks.asnOfV4(ip.d) : networks.asnOfV6(ip.a, ip.b);
}

/** 7 to 15. */
function compareWithBaseline(
  record: CloudTrailRecord,
  sighting: Sighting | undefined,
  ip: Ip | undefined,
  origin: Origin,
  row: SessionRow | undefined,
  claim: Claim | undefined,
  knowledge: SourceKnowledge,
): SourceCheck {
  const issued = claim === undefined ? undefined : issuanceSighting(claim);
  const first = firstSighting(row, sighting);
  const isEarliest = sighting === undefined || first === undefined || compareSightings(sighting, first) <= 0;
  if (claim === undefined && isEarliest) {
    return isConsole(record, row) ||
      origin.join === 'signin_session' ||
      origin.credential?.kind === 'console_session'
      ? plain('console_session')
      : plain('origin_unknown', origin.reason ?? origin.status);
  }
  if (claim !== undefined && issued === undefined && isEarliest) return plain('first_use');
  if (sighting === undefined || ip === undefined)
    return plain('first_use', 'The event carries no address to compare.');
  const baseline = issued ?? first;
  if (baseline === undefined) return plain('first_use');
  const judged = judge(sighting, ip, baseline, row, knowledge, record.userIdentity.accountId);
  return { ...judged, baseline: issued === undefined ? 'first_use' : 'issuance' };
}

/** The issuance's source as a sighting, where it is an address of the one who then used the key. */
function issuanceSighting(claim: Claim): Sighting | undefined {
  // Identity Center presents its users' SAML assertions itself, from an address of AWS.
  const isPresented = claim.kind === 'identity_center' && claim.requester.type === 'SAMLUser';
  if (isPresented || claim.requester.invokedBy !== undefined) return undefined;
  const { address, userAgent, vpcEndpointId, vpcEndpointAccountId } = claim.source;
  const ip = parseIp(address);
  if (ip === undefined || address === undefined) return undefined;
  return {
    time: claim.time,
    eventId: claim.eventId,
    address,
    isPrivate: isPrivateIp(ip),
    client: clientFamily(userAgent),
    vpcEndpointId,
    vpcEndpointAccountId,
  };
}

function firstSighting(row: SessionRow | undefined, own: Sighting | undefined): Sighting | undefined {
  const known = earlierSighting(row?.earliestPublic, row?.earliestPrivate);
  return earlierSighting(known, own);
}

function judge(
  use: Sighting,
  ip: Ip,
  baseline: Sighting,
  row: SessionRow | undefined,
  knowledge: SourceKnowledge,
  accountId: string | undefined,
): SourceCheck {
  let against = baseline;
  if (use.isPrivate !== baseline.isPrivate) {
    // 11. The first address of the other kind stands for the same machine; a second one is compared with that first.
    const known = use.isPrivate ? row?.earliestPrivate : row?.earliestPublic;
    const firstOfKind = earlierSighting(known, use) ?? use;
    if (firstOfKind.address === use.address) {
      return { ...plain('private_public_pair'), compared: compare(use, ip, baseline, knowledge).comparison };
    }
    against = firstOfKind;
  }
  const pair = compare(use, ip, against, knowledge);
  return { ...plain(verdictOf(pair, use, against, accountId)), compared: pair.comparison };
}

interface Pair {
  readonly comparison: Comparison;
  readonly isFamilyChange: boolean;
  /** The same autonomous system, where that says something: not AWS's, nor one that rents out machines. */
  readonly isSameOwner: boolean;
}

function compare(use: Sighting, ip: Ip, against: Sighting, knowledge: SourceKnowledge): Pair {
  const other = parseIp(against.address) as Ip;
  const { networks } = knowledge;
  const asn = networks && asnOf(networks, ip);
  const otherAsn = networks && asnOf(networks, other);
  const asnEqual = asn === undefined || otherAsn === undefined ? undefined : asn === otherAsn;
  return {
    comparison: {
      ip: use.address,
      against: against.address,
      ipEqual: isSameIp(ip, other),
      samePrefix: isSamePrefix(ip, other),
      asnEqual,
      clientEqual: equality(use.client, against.client),
      vpceEqual: equality(use.vpcEndpointId, against.vpcEndpointId),
    },
    isFamilyChange: ip.family !== other.family,
    isSameOwner:
      asnEqual === true && asn !== undefined && networks?.isAws(asn) === false && !networks.isHosting(asn),
  };
}

function equality(a: string | undefined, b: string | undefined): boolean | undefined {
  return a === undefined || b === undefined ? undefined : a === b;
}

/** 9, 10, 12 to 15. */
function verdictOf(
  pair: Pair,
  use: Sighting,
  against: Sighting,
  accountId: string | undefined,
): SourceVerdict {
  const { ipEqual, samePrefix, asnEqual, clientEqual, vpceEqual } = pair.comparison;
  const isForeign = use.isPrivate && isForeignEndpoint(use, against, accountId);
  // Equal private addresses behind endpoints of two accounts are two machines.
  if (ipEqual && !isForeign) return clientEqual === false ? 'same_source_new_client' : 'same_source';
  if (use.isPrivate && against.isPrivate) {
    if (isForeign) return 'different_account_vpce';
    if (vpceEqual === true) return 'private_endpoint';
    if (vpceEqual === undefined) return 'private_unverifiable';
  }
  if (pair.isFamilyChange && clientEqual === true && asnEqual !== false) return 'ip_family_change';
  if (samePrefix === true || pair.isSameOwner) return 'same_network';
  return clientEqual === false ? 'different_source_and_client' : 'different_source';
}

function isForeignEndpoint(use: Sighting, against: Sighting, accountId: string | undefined): boolean {
  const own = against.vpcEndpointAccountId ?? accountId;
  return use.vpcEndpointAccountId !== undefined && own !== undefined && use.vpcEndpointAccountId !== own;
}

function baselineOf(
  origin: Origin,
  claim: Claim | undefined,
  first: Sighting | undefined,
): Baseline | undefined {
  if (claim !== undefined && issuanceSighting(claim) !== undefined) return 'issuance';
  if (origin.join === 'in_scope_of') return 'in_scope_of';
  return first === undefined ? undefined : 'first_use';
}

function firstSeenOf(use: Use | undefined, row: SessionRow | undefined): number | undefined {
  if (use === undefined) return undefined;
  return Math.min(use.time, row?.firstSeen ?? use.time);
}

function distinctIpsOf(sighting: Sighting | undefined, row: SessionRow | undefined): number | undefined {
  const known = row?.addresses.length ?? 0;
  if (sighting === undefined) return known === 0 ? undefined : known;
  return known + (row?.addresses.includes(sighting.address) === true ? 0 : 1);
}
