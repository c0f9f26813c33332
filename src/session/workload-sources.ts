import type { Networks } from '../tables/network-table.ts';
import { type Claim, type CredentialKind, serviceAsking } from './claim.ts';
import { isOfLanguageWithoutRuntime } from './client-family.ts';
import { isAwsIp, isForeignEndpoint, isKnownIp } from './compare-sources.ts';
import type { Sighting } from './session-facts.ts';
import { type Ip, isLinkLocalV4, isPrivateIp, parseIp } from './source-address.ts';
import { credentialKindOf, ownAccounts, type Question } from './source-question.ts';
import type { Judgement } from './source-verdicts.ts';

export function workloadOutsideAws(question: Question): Judgement | undefined {
  return placeOfWorkload(question) === 'outside' ? { verdict: 'workload_outside_aws' } : undefined;
}

export const NO_NETWORK = 'The address is in no network that is known, so whether it is of AWS is not.';

export function isOfNoKnownNetwork(question: Question): boolean {
  return placeOfWorkload(question) === 'unknown';
}

function placeOfWorkload(question: Question): Place {
  const { record, use, knowledge } = question;
  const { networks } = knowledge;
  if (use?.ip === undefined || networks === undefined || !isWorkload(question)) return undefined;
  return placeOf(use.ip, record.vpcEndpointId, record.awsRegion, networks);
}

type Place = 'outside' | 'unknown' | undefined;

/** Where the key of a workload is used over the internet; undefined where that may well be its own place. */
export function placeOf(
  ip: Ip,
  vpcEndpointId: string | undefined,
  region: string | undefined,
  networks: Networks,
): Place {
  if (isPrivateIp(ip)) return undefined;
  // A VPC may have addresses of any range (VPC User Guide, "VPC CIDR blocks"): behind an endpoint they are within AWS.
  if (vpcEndpointId !== undefined || isAwsIp(networks, ip)) return undefined;
  // Of the ranges of AWS in China some are in no table of routes: an address without any row is no data there.
  const isInChina = region?.startsWith('cn-') === true;
  return isInChina && !isKnownIp(networks, ip) ? 'unknown' : 'outside';
}

/** GuardDuty's InstanceCredentialExfiltration.InsideAWS: the key is used from a network of another account. */
export function workloadBehindForeignEndpoint(question: Question): Judgement | undefined {
  const sighting = question.use?.sighting;
  if (sighting?.vpcEndpointAccountId === undefined) return undefined;
  const own = ownAccounts(question);
  if (own.accountId === undefined) return undefined;
  if (!isInOwnNetwork(question) || !isForeignEndpoint(sighting, own)) return undefined;
  return { verdict: 'different_account_vpce' };
}

/**
 * Instances and tasks call from the VPC they run in; a function without a VPC of its own calls from one of Lambda's.
 */
function isInOwnNetwork(question: Question): boolean {
  const { record } = question;
  return callsFromOwnNetwork(credentialKindOf(question)) || record.userIdentity.ec2RoleDelivery !== undefined;
}

export function callsFromOwnNetwork(kind: CredentialKind | undefined): boolean {
  return kind === 'ec2_instance' || kind === 'ecs_task';
}

/**
 * Services that run their customer's code with the role that they fetched, and on how many machines of AWS one session
 * is used. Not among them are those that hand the key to machines elsewhere: Systems Manager's hybrid nodes, IoT's
 * devices, storage gateways.
 */
const HOSTS_OF_CODE = new Map<string, 'one machine' | 'many machines'>([
  // App Runner Developer Guide, "How App Runner works with IAM": the instance role.
  ['tasks.apprunner.amazonaws.com', 'one machine'],
  // Amplify Hosting User Guide, "Adding an SSR Compute role to allow access to AWS resources": the code of a site.
  ['amplify.amazonaws.com', 'many machines'],
  // CodeBuild User Guide, "Allow CodeBuild to interact with other AWS services": the service role.
  ['codebuild.amazonaws.com', 'one machine'],
  // SageMaker AI Developer Guide, "How to use SageMaker AI execution roles".
  ['sagemaker.amazonaws.com', 'many machines'],
  // Glue User Guide, "Create an IAM role for AWS Glue".
  ['glue.amazonaws.com', 'many machines'],
  // EMR Serverless User Guide, "Job runtime roles for Amazon EMR Serverless".
  ['emr-serverless.amazonaws.com', 'many machines'],
  // Bedrock AgentCore Developer Guide, "IAM Permissions for AgentCore Runtime": the execution role.
  ['bedrock-agentcore.amazonaws.com', 'one machine'],
  // Managed Workflows for Apache Airflow User Guide, "Amazon MWAA execution role".
  ['airflow-env.amazonaws.com', 'many machines'],
  ['airflow.amazonaws.com', 'many machines'],
  // Managed Service for Apache Flink Developer Guide, "Identity and Access Management": the service execution role.
  ['kinesisanalytics.amazonaws.com', 'many machines'],
  // Braket Developer Guide, "Manage access to Amazon Braket": the execution role of a hybrid job.
  ['braket.amazonaws.com', 'many machines'],
  // WorkSpaces Applications Administration Guide, "Using an IAM Role to Grant Permissions to Applications and Scripts".
  ['appstream.amazonaws.com', 'one machine'],
]);

/** The service that a role was issued to for itself. */
function serviceOf(claim: Claim | undefined): string | undefined {
  return claim?.kind === 'service_role' ? serviceAsking(claim) : undefined;
}

function isWorkload(question: Question): boolean {
  const { record, facts, claim } = question;
  const kind = credentialKindOf(question);
  return (
    (kind !== undefined && OWN_MACHINES.has(kind)) ||
    facts?.isWorkload === true ||
    record.userIdentity.ec2RoleDelivery !== undefined ||
    isHostOfCode(claim)
  );
}

/** Whether the credential was issued to a machine, a task or a function, or to a service that runs code on some. */
export function isIssuedToWorkload(claim: Claim): boolean {
  return OWN_MACHINES.has(claim.kind) || isHostOfCode(claim);
}

const OWN_MACHINES: ReadonlySet<CredentialKind> = new Set<CredentialKind>([
  'ec2_instance',
  'ecs_task',
  'lambda_function',
]);

function isHostOfCode(claim: Claim | undefined): boolean {
  return HOSTS_OF_CODE.has(serviceOf(claim) ?? '');
}

/**
 * A pod or a job that calls through VPC endpoints has no other way out as a rule: another client at a public address
 * that is not AWS's is not its other side. People on a network with both are left out.
 */
export function unlessOutOfEndpoint(
  judgement: Judgement,
  question: Question,
  baseline: Sighting,
  ip: Ip,
): Judgement {
  const { networks } = question.knowledge;
  const isEndpoint = baseline.vpcEndpointId !== undefined && baseline.isPrivate;
  if (networks === undefined || !isEndpoint || judgement.compared?.clientEqual !== false) return judgement;
  if (!MACHINES.has(credentialKindOf(question))) return judgement;
  if (isAwsIp(networks, ip)) return judgement;
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

function isByFunction(question: Question): boolean {
  return (
    credentialKindOf(question) === 'lambda_function' &&
    question.record.userAgent?.includes(FUNCTION_CLIENT) === true
  );
}

/** A function without a VPC of its own calls from one of Lambda's, whose endpoint is of an account of AWS. */
export function unlessInNetworkOfLambda(judgement: Judgement, question: Question, ip: Ip): Judgement {
  // A function in a VPC of the customer's has a private address of that VPC.
  if (!isByFunction(question) || !isLinkLocalV4(ip)) return judgement;
  return {
    ...judgement,
    verdict: 'same_network',
    detail: "A function without a VPC calls from one of Lambda's, through an endpoint of AWS's.",
  };
}

/**
 * Lambda Developer Guide, "Defined runtime environment variables" and "Extensions API": neither code without a runtime
 * of its language nor an extension is told where it runs, so that its SDK cannot say it. There the client alone has to
 * do; an SDK of a runtime's language that does not say where it runs is in other hands.
 */
function isByCodeWithoutRuntime(question: Question): boolean {
  return (
    credentialKindOf(question) === 'lambda_function' && isOfLanguageWithoutRuntime(question.record.userAgent)
  );
}

const SEVERAL_SUBNETS =
  'The environments of a function, and the workers of one job, may be in several subnets.';

/**
 * The environments of a function have one session, and without a VPC each has an address of AWS's own: two that have
 * nothing in common are its everyday. The user agent of its runtime's SDK tells them from a key in other hands at AWS;
 * a function may use two SDKs, so which one it is does not matter. The workers of one job have many addresses too, and
 * of them only the client can be compared.
 */
export function unlessOfManyMachines(judgement: Judgement, question: Question, ip: Ip): Judgement {
  const { claim, knowledge } = question;
  const { networks } = knowledge;
  const { compared } = judgement;
  const isSameClient = compared?.clientEqual === true;
  const isByJob = isSameClient && HOSTS_OF_CODE.get(serviceOf(claim) ?? '') === 'many machines';
  const isOne = isByJob || isByFunction(question) || (isSameClient && isByCodeWithoutRuntime(question));
  const against = isOne && compared ? parseIp(compared.against) : undefined;
  if (against === undefined) return judgement;
  if (isPrivateIp(ip) && isPrivateIp(against))
    return { ...judgement, verdict: 'private_unverifiable', detail: SEVERAL_SUBNETS };
  if (networks === undefined || !isAwsIp(networks, ip) || !isAwsIp(networks, against)) return judgement;
  return {
    ...judgement,
    verdict: 'same_network',
    detail: isByJob
      ? 'The workers of one job call from many addresses of AWS.'
      : 'The environments of a function without a VPC call from many addresses of AWS.',
  };
}
