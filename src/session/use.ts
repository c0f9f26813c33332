import type { CloudTrailRecord, UserIdentity } from '../event/cloudtrail-record.ts';
import { type JsonObject, own, textAt } from '../event/json.ts';
import { clientFamily, isOfSdk } from './client-family.ts';
import { withPlace } from './client-places.ts';
import { isTemporary, isTemporaryKey } from './credential-key.ts';
import { isRegistryCall } from './registry-calls.ts';
import { principalOf } from './row-owner.ts';
import type { SessionFacts, Sighting } from './session-facts.ts';
import { addPublic, earlierSighting, MOST_ADDRESSES, MOST_PENDING } from './session-facts.ts';
import { hasText, sizeOf, withText } from './small-set.ts';
import { type Ip, isPrivateIp, parseIp } from './source-address.ts';
import { ownCopy, storedId } from './stored-text.ts';

/** One event's use of temporary credentials: what it adds to the session's row. */
export interface Use {
  readonly accessKeyId: string | undefined;
  /**
   * The session's key, or the access key id where the event does not say when the session was created, where CloudShell
   * says that it makes the call, and with a web identity.
   */
  readonly session: string;
  /** The console session whose credentials CloudShell says that it was given. */
  readonly shellOf: string | undefined;
  readonly time: number;
  /** The address, parsed; undefined where it is none, or surely not that of whoever holds the credential. */
  readonly ip: Ip | undefined;
  /** Why the address is not theirs, for the answer. */
  readonly notTheHolders: string | undefined;
  readonly sighting: Sighting | undefined;
  readonly isConsole: boolean;
  readonly isWorkload: boolean;
  /** How the issuance's answer will name this event; undefined where no issuance is awaited. */
  readonly pendingName: string | undefined;
  readonly principal: string;
}

/** Undefined where the event was made without temporary credentials, or cannot be told from others like it. */
export function useOf(record: CloudTrailRecord): Use | undefined {
  const identity = record.userIdentity;
  if (record.eventTime === undefined || !isTemporary(identity)) return undefined;
  // A masked key (`AKIA****************`) is many keys: it is never what tells one session from another.
  const accessKeyId = isTemporaryKey(identity.accessKeyId) ? identity.accessKeyId : undefined;
  const ofPrincipal = identity.sessionKey;
  const isConsole = record.sessionCredentialFromConsole;
  const isShell = isConsole && accessKeyId !== undefined && isCloudShell(record.userAgent);
  const isOwnKeys = isShell || (!isConsole && hasKeyOfItsOwn(identity));
  const session = isOwnKeys ? (accessKeyId ?? ofPrincipal) : (ofPrincipal ?? accessKeyId);
  if (session === undefined) return undefined;
  const notTheHolders = addressOfAnother(record);
  const isBearer = isBearerToken(record);
  // A service's call on someone's behalf has the service's name as its address, and says nothing of where they are.
  const isTheirs = identity.invokedBy === undefined && notTheHolders === undefined;
  const ip = isTheirs ? parseIp(record.sourceIpAddress) : undefined;
  return {
    accessKeyId,
    session,
    shellOf: isShell ? ofPrincipal : undefined,
    time: record.eventTime,
    ip,
    notTheHolders: isBearer ? BEARER : notTheHolders,
    sighting: ip && !isBearer ? sightingOf(record, ip, record.eventTime) : undefined,
    isConsole,
    isWorkload: identity.ec2RoleDelivery !== undefined || identity.inScopeOf !== undefined,
    pendingName: isConsole || identity.invokedBy !== undefined ? undefined : pendingName(record),
    principal: storedId(principalOf(identity.principalId, identity.arn, identity.accountId)),
  };
}

/**
 * With a web identity a program asks for its own key and uses it itself, and many begin in one second under one name:
 * jobs of a build (`GitHubActions`), and all users of an application (Cognito's enhanced flow calls every session
 * `CognitoIdentityCredentials`). CloudTrail User Guide, "userIdentity element", `webIdFederationData`.
 */
function hasKeyOfItsOwn({ federatedProvider, principalId, invokedBy }: UserIdentity): boolean {
  // A service that acts for it signs with new keys of its own making.
  if (invokedBy !== undefined) return false;
  return federatedProvider !== undefined || principalId?.endsWith(':CognitoIdentityCredentials') === true;
}

const BEARER = 'An API key that was made of the session: it is for programs elsewhere.';

/**
 * Amazon Bedrock User Guide, "API keys": a short-term key is made in the console, or by a program, of a session's
 * credentials, and pasted where it is used. It has the session's identity and not its address. Each of Bedrock's two
 * endpoints says so in a place of its own ("Monitor bedrock-mantle API calls using CloudTrail").
 */
function isBearerToken(record: CloudTrailRecord): boolean {
  switch (record.eventSource) {
    case 'bedrock.amazonaws.com':
      return saysBearerToken(record.additionalEventData);
    case 'bedrock-mantle.amazonaws.com':
      return saysBearerToken(record.requestParameters);
    default:
      return false;
  }
}

function saysBearerToken(place: JsonObject | undefined): boolean {
  return place !== undefined && own(place, 'callWithBearerToken') === true;
}

/**
 * A presigned URL is made to be used by someone else (S3 User Guide, "Sharing objects with presigned URLs"; its data
 * events say `QueryString`, "Amazon S3 CloudTrail events"). Anyone can sign a call about buckets so too, and gains
 * nothing by it but to hide. And Lambda's runtime creates the log stream of a function
 * with the function's role before its code runs, from an address that is not the function's. And a signed
 * GetCallerIdentity is how a holder proves to another who they are, who then sends it: EKS does so for every node and
 * every user of kubectl (EKS User Guide, "Grant IAM users and roles access to Kubernetes APIs"), Vault's AWS method
 * too. And a registry's token is made to be handed to Docker and to package managers. And a presigned URL of Polly's is
 * made for whoever listens (AWS SDK for Java API reference, `AmazonPollyPresigners`), and one of Transcribe's for who
 * speaks into a browser (Transcribe Developer Guide, "Setting up a WebSocket stream"); neither record has a mark of it.
 */
function addressOfAnother(record: CloudTrailRecord): string | undefined {
  switch (record.eventSource) {
    case 's3.amazonaws.com':
      if (!OF_OBJECTS.test(record.eventName ?? '')) return undefined;
      if (textAt(record.additionalEventData, 'AuthenticationMethod') !== 'QueryString') return undefined;
      return 'A presigned URL: whoever was given it uses it, from anywhere.';
    case 'logs.amazonaws.com':
      if (!LOG_CREATIONS.has(record.eventName ?? '')) return undefined;
      if (record.userAgent?.startsWith('awslambda-worker/') !== true) return undefined;
      return "Lambda's runtime created the log, not the function.";
    case 'sts.amazonaws.com':
      if (record.eventName !== 'GetCallerIdentity' || !isPlainHttpClient(record.userAgent)) return undefined;
      return 'A signed request that proves who its holder is: whoever checks it sends it.';
    case 'ecr.amazonaws.com':
    case 'codeartifact.amazonaws.com':
      if (!isRegistryCall(record) || mayBeOfSdk(record.userAgent)) return undefined;
      return "A registry's token, which is made of the session: Docker and package managers are given it.";
    case 'polly.amazonaws.com':
      if (record.eventName !== 'SynthesizeSpeech' || mayBeOfSdk(record.userAgent)) return undefined;
      return 'A presigned URL of speech: whoever was given it listens, from anywhere.';
    case 'transcribe.amazonaws.com':
    case 'transcribestreaming.amazonaws.com':
      if (!TRANSCRIPTIONS.test(record.eventName ?? '') || mayBeOfSdk(record.userAgent)) return undefined;
      return 'A presigned URL of a transcription: whoever was given it speaks, from anywhere.';
    default:
      return undefined;
  }
}

/**
 * Names of S3's data events (S3 User Guide, "Amazon S3 CloudTrail events", object-level actions): the category is not
 * in every record. A lock configuration is a bucket's.
 */
const OF_OBJECTS = /Object(?!LockConfiguration)|Upload|Part/;

/** Medical ones and those of calls too; the Service Authorization Reference has a name of its own for a socket. */
const TRANSCRIPTIONS = /^Start(Medical|CallAnalytics)?StreamTranscription(WebSocket)?$/;

/** Whoever sends no user agent may well be one. */
function mayBeOfSdk(userAgent: string | undefined): boolean {
  return userAgent === undefined || isOfSdk(userAgent);
}

/**
 * CloudShell User Guide, "Logging and monitoring": PutCredentials forwards the console's credentials to the shell,
 * which is a machine of AWS. Its clients name it as AWS's SDKs name where they run.
 */
function isCloudShell(userAgent: string | undefined): boolean {
  return userAgent?.includes('exec-env/CloudShell') === true;
}

/**
 * SDKs and the command line name themselves first; these only send what they were given. `curl` is not among them: it
 * signs by itself, and is what a person types.
 */
const PLAIN_HTTP_CLIENTS = new Set([
  'go-http-client',
  'python-requests',
  'python-urllib3',
  'python-urllib',
  'python-httpx',
  'okhttp',
  'apache-httpclient',
  'axios',
  'node-fetch',
  'undici',
  'java-http-client',
  'reqwest',
]);

function isPlainHttpClient(userAgent: string | undefined): boolean {
  const family = clientFamily(userAgent);
  return family !== undefined && PLAIN_HTTP_CLIENTS.has(family);
}

const LOG_CREATIONS = new Set(['CreateLogGroup', 'CreateLogStream']);

function sightingOf(record: CloudTrailRecord, ip: Ip, time: number): Sighting {
  return {
    time,
    eventId: storedId(record.eventId),
    address: record.sourceIpAddress ?? '',
    isPrivate: isPrivateIp(ip),
    client: clientFamily(record.userAgent),
    vpcEndpointId: storedId(record.vpcEndpointId),
    vpcEndpointAccountId: storedId(record.vpcEndpointAccountId),
  };
}

const LONGEST_NAME = 64;

/** An event without any id is still counted, once: its own content stands for its name. */
function pendingName(record: CloudTrailRecord): string {
  const name = record.eventId ?? record.requestId;
  if (name !== undefined && name.length <= LONGEST_NAME) return name;
  return ownCopy(`?${record.eventTime}${record.eventName}${record.sourceIpAddress}`.slice(0, LONGEST_NAME));
}

/** Every step is a minimum, a maximum, a union or an `or`: any order and any repetition ends in the same row. */
export function mergeUse(row: SessionFacts, use: Use): void {
  if (row.firstSeen === undefined || use.time < row.firstSeen) row.firstSeen = use.time;
  if (use.isConsole) row.isConsole = true;
  if (use.isWorkload) row.isWorkload = true;
  const sighting = use.sighting;
  if (sighting === undefined) return;
  row.clients = withPlace(row, sighting);
  if (sighting.isPrivate) row.earliestPrivate = earlierSighting(row.earliestPrivate, sighting);
  else addPublic(row, sighting);
  row.addresses = withText(row.addresses, sighting.address, MOST_ADDRESSES);
}

export function addPending(facts: SessionFacts, use: Use, mayName: boolean): void {
  if (use.pendingName === undefined) return;
  const entry = `${use.accessKeyId ?? ''} ${use.pendingName}`;
  if (hasText(facts.pending, entry)) return;
  if (!mayName || sizeOf(facts.pending) === MOST_PENDING) facts.pendingUnnamed++;
  if (mayName) facts.pending = withText(facts.pending, entry, MOST_PENDING);
}
