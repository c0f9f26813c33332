import type { Networks } from '../tables/network-table.ts';
import { wasSeenAt } from './client-places.ts';
import type { Lineage } from './lineage.ts';
import { earlierSighting, earliestOfFamily, type SessionFacts, type Sighting } from './session-facts.ts';
import { type Ip, isSameIp, isSamePrefix, parseIp } from './source-address.ts';
import { type Comparison, isAnomalous, type Judgement, type SourceVerdict } from './source-verdicts.ts';

/** A use and the address it was made from, with what else is known of its session. */
interface Candidate {
  readonly use: Sighting;
  readonly ip: Ip;
  readonly facts: SessionFacts | undefined;
  readonly networks: Networks | undefined;
  readonly own: OwnAccounts;
}

/** Accounts whose VPC endpoints the credential may well be used behind. */
export interface OwnAccounts {
  /** The one whose identity it is. */
  readonly accountId: string | undefined;
  /** Whoever asked for it, up to where the chain begins. */
  readonly lineage: Lineage | undefined;
  /** Those that the operator names. */
  readonly endpointAccounts: ReadonlySet<string>;
}

/** V9 to V15: whether a use comes from where the baseline was. */
export function judgeAgainst(baseline: Sighting, candidate: Candidate): Judgement {
  const { use, facts } = candidate;
  if (use.isPrivate === baseline.isPrivate)
    return unlessOfSecondMachine(judgePair(baseline, candidate), candidate);
  // V11. The first address of the other kind stands for the same machine; a second one is compared with that first.
  const known = use.isPrivate ? facts?.earliestPrivate : facts?.earliestPublic;
  const firstOfKind = earlierSighting(known, use) ?? use;
  if (firstOfKind.address !== use.address)
    return unlessOfSecondMachine(judgePair(firstOfKind, candidate), candidate);
  const compared = compare(baseline, candidate)?.comparison;
  // A VPC endpoint of one's own hides the address of whoever stole the key, and is named all the same.
  const verdict = isForeignTo(baseline, candidate) ? 'different_account_vpce' : 'private_public_pair';
  return compared === undefined ? { verdict } : { verdict, compared };
}

/**
 * V12 excuses one machine of two families. Where anyone rents, a second address of the other family is compared with
 * the first of that family, as a second one of the same family would be.
 */
export function unlessOfSecondMachine(judgement: Judgement, candidate: Candidate): Judgement {
  const { use, ip, facts, networks } = candidate;
  if (judgement.verdict !== 'ip_family_change' || use.isPrivate || networks === undefined) return judgement;
  const first = earliestOfFamily(facts, use);
  const other = first.address === use.address ? undefined : parseIp(first.address);
  if (other === undefined || !isRented(networks, ip) || !isRented(networks, other)) return judgement;
  const ofFamily = judgePair(first, candidate);
  return isAnomalous(ofFamily) ? ofFamily : judgement;
}

function isRented(networks: Networks, ip: Ip): boolean {
  const asn = asnOf(networks, ip);
  return asn !== undefined && (networks.isAws(asn) || networks.isHosting(asn));
}

function judgePair(against: Sighting, candidate: Candidate): Judgement {
  const pair = compare(against, candidate);
  if (pair === undefined) return { verdict: 'first_use' };
  return { verdict: verdictOf(pair, against, candidate), compared: pair.comparison };
}

interface Pair {
  readonly comparison: Comparison;
  readonly isFamilyChange: boolean;
  /** Whether the two may be the addresses of one dual-stack machine, as far as their networks tell. */
  readonly mayBeDualStack: boolean;
  readonly isSameOwner: boolean;
}

function compare(against: Sighting, { use, ip, facts, networks }: Candidate): Pair | undefined {
  const other = against.address === use.address ? ip : parseIp(against.address);
  if (other === undefined) return undefined;
  const asn = networks && asnOf(networks, ip);
  const otherAsn = other === ip ? asn : networks && asnOf(networks, other);
  const asnEqual = asn === undefined || otherAsn === undefined ? undefined : asn === otherAsn;
  const ipEqual = isSameIp(ip, other);
  return {
    comparison: {
      ip: use.address,
      against: against.address,
      ipEqual,
      samePrefix: isSamePrefix(ip, other),
      asnEqual,
      clientEqual: ipEqual ? equality(use.client, against.client) : isClientOf(against, use.client, facts),
      vpceEqual: equality(use.vpcEndpointId, against.vpcEndpointId),
    },
    isFamilyChange: ip.family !== other.family,
    mayBeDualStack: mayBeDualStack(networks, asn, otherAsn),
    isSameOwner: isSameOwner(networks, asn, otherAsn),
  };
}

/** AWS announces IPv4 and IPv6 of one region by different autonomous systems. */
function mayBeDualStack(
  networks: Networks | undefined,
  asn: number | undefined,
  otherAsn: number | undefined,
): boolean {
  if (asn === undefined || otherAsn === undefined || asn === otherAsn) return true;
  return isAwsAddress(networks, asn) && isAwsAddress(networks, otherAsn);
}

/** The same autonomous system, where that says something: anyone rents an address of AWS's or of a hosting provider. */
function isSameOwner(
  networks: Networks | undefined,
  asn: number | undefined,
  otherAsn: number | undefined,
): boolean {
  if (networks === undefined || asn === undefined || asn !== otherAsn) return false;
  return !networks.isAws(asn) && !networks.isHosting(asn);
}

/** Whether V12 and V13 find one client at two public addresses to be in one network. */
export function areOneNetwork(networks: Networks, ip: Ip, other: Ip): boolean {
  const [asn, otherAsn] = [asnOf(networks, ip), asnOf(networks, other)];
  if (ip.family !== other.family) return mayBeDualStack(networks, asn, otherAsn);
  return isSamePrefix(ip, other) === true || isSameOwner(networks, asn, otherAsn);
}

function asnOf(networks: Networks, ip: Ip): number | undefined {
  return ip.family === 4 ? networks.asnOfV4(ip.d) : networks.asnOfV6(ip.a, ip.b);
}

/** An address without a row of AWS's is not AWS's. */
export function isAwsIp(networks: Networks, ip: Ip): boolean {
  return isAwsAddress(networks, asnOf(networks, ip));
}

export function isKnownIp(networks: Networks, ip: Ip): boolean {
  return asnOf(networks, ip) !== undefined;
}

function isAwsAddress(networks: Networks | undefined, asn: number | undefined): boolean {
  return asn !== undefined && networks?.isAws(asn) === true;
}

function equality(a: string | undefined, b: string | undefined): boolean | undefined {
  return a === undefined || b === undefined ? undefined : a === b;
}

/** One machine has several clients: elsewhere, each that was seen at the address compared with is one of them. */
function isClientOf(
  against: Sighting,
  client: string | undefined,
  facts: SessionFacts | undefined,
): boolean | undefined {
  const isEqual = equality(client, against.client);
  return isEqual === false && client !== undefined ? wasSeenAt(facts, against.address, client) : isEqual;
}

function verdictOf(pair: Pair, against: Sighting, candidate: Candidate): SourceVerdict {
  const { use } = candidate;
  const { ipEqual, samePrefix, clientEqual, vpceEqual } = pair.comparison;
  const isForeign = isForeignTo(against, candidate);
  // V9. Equal private addresses behind endpoints of two accounts are two machines.
  if (ipEqual && !isForeign) return clientEqual === false ? 'same_source_new_client' : 'same_source';
  // V10a. Endpoints have IPv6 addresses too, which are public.
  if (isForeign) return 'different_account_vpce';
  // V10b. A private address means something only within one network, which its VPC endpoint names.
  if (use.isPrivate && against.isPrivate) {
    if (vpceEqual === true) return 'private_endpoint';
    // Each service has an endpoint of its own: two of one's own accounts may be one network.
    if (vpceEqual === undefined || use.vpcEndpointAccountId !== undefined) return 'private_unverifiable';
    // Two VPCs may have the very same range: what V13 says of a prefix holds for public addresses alone.
    if (samePrefix === true) return 'private_unverifiable';
  }
  // V12. A dual-stack machine takes whichever family answers first.
  if (pair.isFamilyChange && clientEqual === true && pair.mayBeDualStack) return 'ip_family_change';
  // V13.
  if (samePrefix === true || pair.isSameOwner) return 'same_network';
  // V14, V15.
  return clientEqual === false ? 'different_source_and_client' : 'different_source';
}

function isForeignTo(against: Sighting, { use, own }: Candidate): boolean {
  const expected = against.vpcEndpointAccountId ?? own.accountId;
  if (expected === undefined || expected === use.vpcEndpointAccountId) return false;
  if (use.vpcEndpointId !== undefined && use.vpcEndpointId === against.vpcEndpointId) return false;
  return isForeignEndpoint(use, own);
}

/** Whether the endpoint that a use came through belongs to nobody who may be expected to use the credential. */
export function isForeignEndpoint(
  { vpcEndpointAccountId: account }: Pick<Sighting, 'vpcEndpointAccountId'>,
  own: OwnAccounts,
): boolean {
  if (account === undefined || account === own.accountId) return false;
  if (own.lineage?.steps.some((step) => step.claim.requester.accountId === account) === true) return false;
  return !own.endpointAccounts.has(account);
}
