import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import type { Networks } from '../tables/network-table.ts';
import type { AllowedNetworks } from './allowed-networks.ts';
import type { Claim, CredentialKind } from './claim.ts';
import { isAwsIp, isForeignEndpoint, isKnownIp, judgeAgainst, type OwnAccounts } from './compare-sources.ts';
import { CLOCK_TOLERANCE, isTemporary } from './credential-key.ts';
import { isConsole } from './describe-origin.ts';
import { EXPIRY_TOLERANCE, type Origin } from './origin.ts';
import { compareSightings, earlierSighting, type SessionFacts, type Sighting } from './session-facts.ts';
import { hasText, sizeOf } from './small-set.ts';
import {
  clientFamily,
  type Ip,
  isLinkLocalV4,
  isPrivateIp,
  isServiceAddress,
  parseIp,
} from './source-address.ts';
import { type Baseline, checkOf, type Judgement, type SourceCheck } from './source-verdicts.ts';
import type { Use } from './use.ts';

export interface SourceKnowledge {
  readonly networks?: Networks | undefined;
  readonly allowedNetworks?: AllowedNetworks | undefined;
  /** Accounts whose VPC endpoints are the operator's own, such as one that holds them for all. */
  readonly endpointAccounts?: ReadonlySet<string> | undefined;
}

/** Everything that the rules look at. */
interface Question {
  readonly record: CloudTrailRecord;
  readonly use: Use | undefined;
  readonly origin: Origin;
  readonly facts: SessionFacts | undefined;
  readonly knowledge: SourceKnowledge;
  /** The issuance of the credential itself. */
  readonly claim: Claim | undefined;
  /** Where it was issued to, if that is an address of whoever then uses it. */
  readonly issued: Sighting | undefined;
  /** The earliest use known, this one included. */
  readonly first: Sighting | undefined;
  readonly isEarliest: boolean;
}

/** The fifteen rules of docs/session-origin.md, in order; the first that fits decides. */
export function checkSource(
  record: CloudTrailRecord,
  use: Use | undefined,
  origin: Origin,
  facts: SessionFacts | undefined,
  knowledge: SourceKnowledge,
): SourceCheck {
  if (isOnBehalf(record)) return ON_BEHALF; // 1
  if (!isTemporary(record.userIdentity)) return NOT_TEMPORARY; // 2
  const question = questionOf(record, use, origin, facts, knowledge);
  const judgement =
    usedBeforeIssue(question) ?? // 3
    expired(question) ?? // 4
    fromAllowedNetwork(question) ?? // 5
    workloadOutsideAws(question) ?? // 6
    workloadBehindForeignEndpoint(question) ?? // 6
    earliestWithoutIssuance(question) ?? // 7
    earliestIssuedElsewhere(question) ?? // 8
    comparedWithBaseline(question); // 9 to 15
  return checkOf(judgement, baselineOf(question), firstSeenOf(question), distinctIpsOf(question));
}

const ON_BEHALF = checkOf({ verdict: 'service_on_behalf' }, undefined, undefined, undefined);
const NOT_TEMPORARY = checkOf({ verdict: 'not_temporary' }, undefined, undefined, undefined);

/** Checks that are one and the same object for all events that get them. */
export const FIXED_CHECKS: readonly SourceCheck[] = [ON_BEHALF, NOT_TEMPORARY];

/** The address of such a call is the service's name; the caller's own is nowhere in the record. */
function isOnBehalf(record: CloudTrailRecord): boolean {
  return record.userIdentity.invokedBy !== undefined || isServiceAddress(record.sourceIpAddress);
}

function questionOf(
  record: CloudTrailRecord,
  use: Use | undefined,
  origin: Origin,
  facts: SessionFacts | undefined,
  knowledge: SourceKnowledge,
): Question {
  // A sign-in hands out no key, so only STS's own record counts as the issuance of this credential.
  const isIssued = origin.join === 'access_key' || origin.join === 'role_session_time';
  const claim = isIssued ? origin.lineage?.steps[0]?.claim : undefined;
  const sighting = use?.sighting;
  const known = earlierSighting(facts?.earliestPublic, facts?.earliestPrivate);
  const isEarliest = sighting === undefined || known === undefined || compareSightings(sighting, known) <= 0;
  return {
    record,
    use,
    origin,
    facts,
    knowledge,
    claim,
    // The shell is another machine than the one that the console session was issued to.
    issued: claim && !isShellOfAws(use, knowledge.networks) ? issuanceSighting(claim) : undefined,
    first: isEarliest ? (sighting ?? known) : known,
    isEarliest,
  };
}

/** Whether the call comes from CloudShell, by its own words and by its address. */
export function isShellOfAws(use: Use | undefined, networks: Networks | undefined): boolean {
  if (use?.shellOf === undefined || use.ip === undefined || networks === undefined) return false;
  return isAwsIp(networks, use.ip);
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

function usedBeforeIssue({ record, claim }: Question): Judgement | undefined {
  const time = record.eventTime;
  if (time === undefined || claim === undefined || time >= claim.time - CLOCK_TOLERANCE) return undefined;
  return { verdict: 'used_before_issue' };
}

function expired(question: Question): Judgement | undefined {
  const time = question.record.eventTime;
  const expiresAt = question.claim?.expiresAt;
  if (time === undefined || expiresAt === undefined || time <= expiresAt + EXPIRY_TOLERANCE) return undefined;
  return outlivesTheKey(question) ? undefined : { verdict: 'expired_credential' };
}

/**
 * Two things made with a key have a life of their own: a console session (IAM User Guide, "Enable custom identity broker
 * access to the AWS console", SessionDuration: up to 12 hours), and a token of a registry of packages or images
 * (CodeArtifact User Guide, "Tokens"; ECR User Guide, "Private registry authentication").
 */
function outlivesTheKey({ record, origin, facts }: Question): boolean {
  if (record.sessionCredentialFromConsole) return true;
  const key = record.userIdentity.accessKeyId;
  if (facts?.isConsole === true && key !== origin.lineage?.steps[0]?.subject) return true;
  return REGISTRY_CALLS.has(`${record.eventSource}:${record.eventName}`);
}

/** The calls that package managers and Docker make with a token. */
const REGISTRY_CALLS = new Set([
  'codeartifact.amazonaws.com:ReadFromRepository',
  'codeartifact.amazonaws.com:PublishPackageVersion',
  'codeartifact.amazonaws.com:PutPackageMetadata',
  'ecr.amazonaws.com:BatchGetImage',
  'ecr.amazonaws.com:GetDownloadUrlForLayer',
  'ecr.amazonaws.com:BatchCheckLayerAvailability',
  'ecr.amazonaws.com:PutImage',
  'ecr.amazonaws.com:InitiateLayerUpload',
  'ecr.amazonaws.com:UploadLayerPart',
  'ecr.amazonaws.com:CompleteLayerUpload',
]);

function fromAllowedNetwork({ use, knowledge }: Question): Judgement | undefined {
  const isAllowed = use?.ip !== undefined && knowledge.allowedNetworks?.has(use.ip) === true;
  return isAllowed ? { verdict: 'allowed_network' } : undefined;
}

/** Without a table of networks nothing is said. */
function workloadOutsideAws(question: Question): Judgement | undefined {
  const ip = question.use?.ip;
  const { networks } = question.knowledge;
  if (ip === undefined || networks === undefined || isPrivateIp(ip) || !isWorkload(question))
    return undefined;
  // A VPC may have addresses of any range (VPC User Guide, "VPC CIDR blocks"): behind an endpoint they are within AWS.
  if (question.record.vpcEndpointId !== undefined || isAwsIp(networks, ip)) return undefined;
  // Some ranges of AWS are announced by others, or to no one: an address without any row is no data.
  return isKnownIp(networks, ip) ? { verdict: 'workload_outside_aws' } : undefined;
}

const NO_NETWORK = 'The address is in no network that is known, so whether it is of AWS is not.';

function isOfNoKnownNetwork(question: Question): boolean {
  const ip = question.use?.ip;
  const { networks } = question.knowledge;
  if (ip === undefined || networks === undefined || isPrivateIp(ip) || !isWorkload(question)) return false;
  return question.record.vpcEndpointId === undefined && !isKnownIp(networks, ip);
}

/** GuardDuty's InstanceCredentialExfiltration.InsideAWS: the key is used from a network of another account. */
function workloadBehindForeignEndpoint(question: Question): Judgement | undefined {
  const sighting = question.use?.sighting;
  if (sighting?.vpcEndpointAccountId === undefined) return undefined;
  const own = ownAccounts(question);
  if (own.accountId === undefined) return undefined;
  if (!isInOwnNetwork(question) || !isForeignEndpoint(sighting, own)) return undefined;
  return { verdict: 'different_account_vpce' };
}

/** Instances and tasks call from the VPC they run in; a function without a VPC of its own calls from one of Lambda's. */
function isInOwnNetwork({ record, origin, claim }: Question): boolean {
  const kind = claim?.kind ?? origin.credential?.kind;
  return kind === 'ec2_instance' || kind === 'ecs_task' || record.userIdentity.ec2RoleDelivery !== undefined;
}

/**
 * Services that run their customer's code with the role that they fetched, on machines of AWS. Not among them are those
 * that hand the key to machines elsewhere: Systems Manager's hybrid nodes, IoT's devices, storage gateways.
 */
const HOSTS_OF_CODE = new Set([
  'tasks.apprunner.amazonaws.com',
  'codebuild.amazonaws.com',
  'sagemaker.amazonaws.com',
  'glue.amazonaws.com',
  'emr-serverless.amazonaws.com',
  'bedrock-agentcore.amazonaws.com',
]);

/** Those of them whose one job runs on many machines, with one session. */
const HOSTS_OF_JOBS = new Set([
  'sagemaker.amazonaws.com',
  'glue.amazonaws.com',
  'emr-serverless.amazonaws.com',
]);

/** The service that a role was issued to for itself, by its name in every partition. */
function serviceOf(claim: Claim | undefined): string | undefined {
  if (claim?.kind !== 'service_role') return undefined;
  const service = claim.requester.invokedBy ?? claim.source.address;
  return service?.endsWith('.cn') === true ? service.slice(0, -'.cn'.length) : service;
}

function isWorkload({ record, origin, facts, claim }: Question): boolean {
  const kind = claim?.kind ?? origin.credential?.kind;
  return (
    kind === 'ec2_instance' ||
    kind === 'ecs_task' ||
    kind === 'lambda_function' ||
    facts?.isWorkload === true ||
    record.userIdentity.ec2RoleDelivery !== undefined ||
    (kind === 'service_role' && HOSTS_OF_CODE.has(serviceOf(claim) ?? ''))
  );
}

function earliestWithoutIssuance({
  record,
  origin,
  facts,
  claim,
  isEarliest,
}: Question): Judgement | undefined {
  if (claim !== undefined || !isEarliest) return undefined;
  const isSignedIn =
    isConsole(record, facts) ||
    origin.join === 'signin_session' ||
    origin.credential?.kind === 'console_session';
  return isSignedIn
    ? { verdict: 'console_session' }
    : { verdict: 'origin_unknown', detail: origin.reason ?? origin.status };
}

/** A service, AWS Internal or Identity Center obtained it: the first use is the first address there is. */
function earliestIssuedElsewhere(question: Question): Judgement | undefined {
  const { use, claim, issued, isEarliest } = question;
  if (claim === undefined || issued !== undefined || !isEarliest) return undefined;
  const detail = use?.notTheHolders ?? (isOfNoKnownNetwork(question) ? NO_NETWORK : undefined);
  return detail === undefined ? { verdict: 'first_use' } : { verdict: 'first_use', detail };
}

function comparedWithBaseline(question: Question): Judgement {
  const { use, facts, knowledge, issued, first } = question;
  const baseline = issued ?? first;
  const { sighting, ip } = use ?? {};
  if (sighting === undefined || ip === undefined || baseline === undefined) {
    return { verdict: 'first_use', detail: use?.notTheHolders ?? 'The event carries no address to compare.' };
  }
  const { networks } = knowledge;
  const judgement = judgeAgainst(baseline, {
    use: sighting,
    ip,
    facts,
    networks,
    own: ownAccounts(question),
  });
  switch (judgement.verdict) {
    case 'different_source':
      return unlessOfManyMachines(judgement, question, ip);
    case 'different_account_vpce':
      return unlessInNetworkOfLambda(judgement, question, ip);
    case 'private_public_pair':
      return unlessOutOfEndpoint(judgement, question, baseline, ip);
    default:
      return judgement;
  }
}

/**
 * A pod or a job that calls through VPC endpoints has no other way out as a rule: another client at a public address that
 * is not AWS's is not its other side. People on a network with both are left out.
 */
function unlessOutOfEndpoint(
  judgement: Judgement,
  { origin, claim, knowledge }: Question,
  baseline: Sighting,
  ip: Ip,
): Judgement {
  const { networks } = knowledge;
  const isEndpoint = baseline.vpcEndpointId !== undefined && baseline.isPrivate;
  if (networks === undefined || !isEndpoint || judgement.compared?.clientEqual !== false) return judgement;
  if (!MACHINES.has(claim?.kind ?? origin.credential?.kind)) return judgement;
  if (isAwsIp(networks, ip) || !isKnownIp(networks, ip)) return judgement;
  return {
    ...judgement,
    verdict: 'different_source',
    detail: 'The baseline is behind a VPC endpoint, and another client calls from outside AWS.',
  };
}

/** What a program holds, and no person. */
const MACHINES: ReadonlySet<CredentialKind | undefined> = new Set<CredentialKind>([
  'web_identity',
  'pod_identity',
  'service_role',
  'ec2_instance',
  'ecs_task',
  'lambda_function',
]);

const FUNCTION_CLIENT = 'exec-env/AWS_Lambda_';

function isByFunction({ record, origin, claim }: Question): boolean {
  const kind = claim?.kind ?? origin.credential?.kind;
  return kind === 'lambda_function' && record.userAgent?.includes(FUNCTION_CLIENT) === true;
}

/** A function without a VPC of its own calls from one of Lambda's, whose endpoint is of an account of AWS. */
function unlessInNetworkOfLambda(judgement: Judgement, question: Question, ip: Ip): Judgement {
  // A function in a VPC of the customer's has a private address of that VPC.
  if (!isByFunction(question) || !isLinkLocalV4(ip)) return judgement;
  return {
    ...judgement,
    verdict: 'same_network',
    detail: "A function without a VPC calls from one of Lambda's, through an endpoint of AWS's.",
  };
}

/**
 * The environments of a function have one session, and without a VPC each has an address of AWS's own: two that have
 * nothing in common are its everyday. The user agent of its runtime's SDK tells them from a key in other hands at AWS.
 * So have the workers of one job, of which only the client can be compared.
 */
function unlessOfManyMachines(judgement: Judgement, question: Question, ip: Ip): Judgement {
  const { claim, knowledge } = question;
  const { networks } = knowledge;
  const { compared } = judgement;
  const isByJob = compared?.clientEqual === true && HOSTS_OF_JOBS.has(serviceOf(claim) ?? '');
  if (!isByJob && !isByFunction(question)) return judgement;
  const against = compared && parseIp(compared.against);
  if (networks === undefined || against === undefined) return judgement;
  if (!isAwsIp(networks, ip) || !isAwsIp(networks, against)) return judgement;
  return {
    ...judgement,
    verdict: 'same_network',
    detail: isByJob
      ? 'The workers of one job call from many addresses of AWS.'
      : 'The environments of a function without a VPC call from many addresses of AWS.',
  };
}

function ownAccounts({ record, origin, knowledge }: Question): OwnAccounts {
  const { accountId } = record.userIdentity;
  return { accountId, lineage: origin.lineage, endpointAccounts: knowledge.endpointAccounts };
}

function baselineOf({ origin, issued, first }: Question): Baseline | undefined {
  if (issued !== undefined) return 'issuance';
  if (origin.join === 'in_scope_of') return 'in_scope_of';
  return first === undefined ? undefined : 'first_use';
}

function firstSeenOf({ use, facts }: Question): number | undefined {
  if (use === undefined) return facts?.firstSeen;
  return Math.min(use.time, facts?.firstSeen ?? use.time);
}

function distinctIpsOf({ use, facts }: Question): number | undefined {
  const known = sizeOf(facts?.addresses);
  const address = use?.sighting?.address;
  const count = address === undefined || hasText(facts?.addresses, address) ? known : known + 1;
  return count === 0 ? undefined : count;
}
