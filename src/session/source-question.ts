import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import type { Networks } from '../tables/network-table.ts';
import type { AllowedNetworks } from './allowed-networks.ts';
import type { Claim, CredentialKind } from './claim.ts';
import { clientFamily } from './client-family.ts';
import { isAwsIp, type OwnAccounts } from './compare-sources.ts';
import { isOfConsoleServers } from './console-use.ts';
import { CLOCK_TOLERANCE } from './credential-key.ts';
import { AUTHORIZED_IN_BROWSER, TOKEN_GIVEN } from './made-credentials.ts';
import type { Origin } from './origin.ts';
import { compareSightings, earlierSighting, type SessionFacts, type Sighting } from './session-facts.ts';
import { isPrivateIp, parseIp } from './source-address.ts';
import type { Use } from './use.ts';

export interface SourceKnowledge {
  readonly networks: Networks | undefined;
  /** Undefined where the operator names none. */
  readonly allowedNetworks: AllowedNetworks | undefined;
  /** Accounts whose VPC endpoints are the operator's own, such as one that holds them for all. */
  readonly endpointAccounts: ReadonlySet<string>;
}

/** Everything that the rules look at. */
export interface Question {
  readonly record: CloudTrailRecord;
  readonly use: Use | undefined;
  readonly origin: Origin;
  readonly facts: SessionFacts | undefined;
  readonly knowledge: SourceKnowledge;
  /** The issuance of the credential itself. */
  readonly claim: Claim | undefined;
  /** Where it was issued to, if that is an address of whoever then uses it. */
  readonly issued: Sighting | undefined;
  /** Where the session was signed in, if no key of it was issued and its first use was from elsewhere. */
  readonly signedIn: Sighting | undefined;
  /** The earliest use known, this one included. */
  readonly first: Sighting | undefined;
  readonly isEarliest: boolean;
}

export function questionOf(
  record: CloudTrailRecord,
  use: Use | undefined,
  origin: Origin,
  facts: SessionFacts | undefined,
  knowledge: SourceKnowledge,
): Question {
  // A sign-in hands out no key, so only STS's own record counts as the issuance of this credential.
  const isIssued = origin.join === 'access_key' || origin.join === 'role_session_time';
  const step = origin.lineage?.steps[0];
  const claim = isIssued ? step?.claim : undefined;
  const sighting = use?.sighting;
  const known = earlierSighting(facts?.earliestPublic, facts?.earliestPrivate);
  const isEarliest = sighting === undefined || known === undefined || compareSightings(sighting, known) <= 0;
  const first = isEarliest ? (sighting ?? known) : known;
  const signedIn = claim === undefined ? signInSighting(record, use, origin, knowledge.networks) : undefined;
  return {
    record,
    use,
    origin,
    facts,
    knowledge,
    claim,
    // The shell is another machine than the one that the console session was issued to.
    issued:
      claim && step?.isAnothers === false && !isShellOfAws(use, knowledge.networks)
        ? issuanceSighting(claim)
        : undefined,
    // A first use from the same address is as good, and tells of the client.
    signedIn: signedIn?.address === first?.address ? undefined : signedIn,
    first,
    isEarliest,
  };
}

/** Whether the call comes from CloudShell, by its own words and by its address. */
export function isShellOfAws(use: Use | undefined, networks: Networks | undefined): boolean {
  if (use?.shellOf === undefined || use.ip === undefined || networks === undefined) return false;
  return isAwsIp(networks, use.ip);
}

/** Undefined where the use cannot be compared with the sign-in. */
function signInSighting(
  record: CloudTrailRecord,
  use: Use | undefined,
  origin: Origin,
  networks: Networks | undefined,
): Sighting | undefined {
  const step = origin.lineage?.steps[0];
  const { sighting, ip } = use ?? {};
  if (step?.join !== 'signin_session' || sighting === undefined || ip === undefined) return undefined;
  // People sign in over the internet, and may then call through VPC endpoints or from a CloudShell.
  if (sighting.isPrivate || sighting.vpcEndpointId !== undefined || isShellOfAws(use, networks))
    return undefined;
  // The console's own servers call from addresses of AWS.
  const isOfServers =
    isOfConsoleServers(record, sighting.client) && (networks === undefined || isAwsIp(networks, ip));
  if (isOfServers || !isForUse(step.claim, record, sighting)) return undefined;
  const signedIn = issuanceSighting(step.claim);
  return signedIn?.isPrivate === false ? signedIn : undefined;
}

/**
 * A sign-in in the browser begins the session of that second, and `aws login` hands a key to the command line, which
 * may be on another machine (CLI User Guide, "Login for AWS local development", `--remote`).
 */
function isForUse({ action, time }: Claim, record: CloudTrailRecord, sighting: Sighting): boolean {
  if (action.startsWith(TOKEN_GIVEN))
    return sighting.time > time && sighting.client !== 'browser' && !record.sessionCredentialFromConsole;
  const created = record.userIdentity.sessionCreationDate;
  if (action === AUTHORIZED_IN_BROWSER || created === undefined) return false;
  return Math.abs(created - time) <= CLOCK_TOLERANCE;
}

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

export function credentialKindOf({ claim, origin }: Question): CredentialKind | undefined {
  return claim?.kind ?? origin.credential?.kind;
}

export function ownAccounts({ record, origin, knowledge }: Question): OwnAccounts {
  const { accountId } = record.userIdentity;
  return { accountId, lineage: origin.lineage, endpointAccounts: knowledge.endpointAccounts };
}
