import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { obtainedElsewhere } from './chain-sources.ts';
import { judgeAgainst, unlessOfSecondMachine } from './compare-sources.ts';
import { unlessByServersOfConsole } from './console-servers.ts';
import { isConsole } from './console-use.ts';
import { CLOCK_TOLERANCE, isTemporary } from './credential-key.ts';
import { EXPIRY_TOLERANCE, type Origin } from './origin.ts';
import { isRegistryCall } from './registry-calls.ts';
import type { SessionFacts } from './session-facts.ts';
import { hasText, sizeOf } from './small-set.ts';
import { isServiceAddress } from './source-address.ts';
import { ownAccounts, type Question, questionOf, type SourceKnowledge } from './source-question.ts';
import { type Baseline, checkOf, isAnomalous, type Judgement, type SourceCheck } from './source-verdicts.ts';
import type { Use } from './use.ts';
import {
  isOfNoKnownNetwork,
  NO_NETWORK,
  unlessInNetworkOfLambda,
  unlessOfManyMachines,
  unlessOutOfEndpoint,
  workloadBehindForeignEndpoint,
  workloadOutsideAws,
} from './workload-sources.ts';

/** The rules V1 to V15 of docs/session-origin.md, in order; the first that fits decides. */
export function checkSource(
  record: CloudTrailRecord,
  use: Use | undefined,
  origin: Origin,
  facts: SessionFacts | undefined,
  knowledge: SourceKnowledge,
): SourceCheck {
  if (isOnBehalf(record)) return ON_BEHALF; // V1
  if (!isTemporary(record.userIdentity)) return checkOfOwnKey(origin, knowledge); // V2
  const question = questionOf(record, use, origin, facts, knowledge);
  const judgement =
    usedBeforeIssue(question) ?? // V3
    expired(question) ?? // V4
    fromAllowedNetwork(question) ?? // V5
    workloadOutsideAws(question) ?? // V6a
    workloadBehindForeignEndpoint(question) ?? // V6b
    obtainedElsewhere(origin.lineage, knowledge) ?? // V6c
    earliestWithoutIssuance(question) ?? // V7
    earliestIssuedElsewhere(question) ?? // V8
    comparedWithBaseline(question); // V9 to V15
  return checkOf(judgement, baselineOf(question), firstSeenOf(question), distinctIpsOf(question));
}

const ON_BEHALF = checkOf({ verdict: 'service_on_behalf' }, undefined, undefined, undefined);
const NOT_TEMPORARY = checkOf({ verdict: 'not_temporary' }, undefined, undefined, undefined);

/** Whoever took a workload's key may have made a key that does not expire with it, or a password. */
function checkOfOwnKey({ lineage }: Origin, knowledge: SourceKnowledge): SourceCheck {
  const obtained = obtainedElsewhere(lineage, knowledge);
  return obtained === undefined ? NOT_TEMPORARY : checkOf(obtained, undefined, undefined, undefined);
}

/** Checks that are one and the same object for all events that get them. */
export const FIXED_CHECKS: readonly SourceCheck[] = [ON_BEHALF, NOT_TEMPORARY];

/** The address of such a call is the service's name; the caller's own is nowhere in the record. */
function isOnBehalf(record: CloudTrailRecord): boolean {
  return record.userIdentity.invokedBy !== undefined || isServiceAddress(record.sourceIpAddress);
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
 * Two things made with a key have a life of their own: a console session (IAM User Guide, "Enable custom identity
 * broker access to the AWS console", SessionDuration: up to 12 hours), and a token of a registry of packages or images
 * (CodeArtifact User Guide, "Tokens"; ECR User Guide, "Private registry authentication").
 */
function outlivesTheKey({ record, origin, facts }: Question): boolean {
  if (record.sessionCredentialFromConsole) return true;
  const key = record.userIdentity.accessKeyId;
  if (facts?.isConsole === true && key !== origin.lineage?.steps[0]?.subject) return true;
  return isRegistryCall(record);
}

function fromAllowedNetwork({ use, knowledge }: Question): Judgement | undefined {
  const isAllowed = use?.ip !== undefined && knowledge.allowedNetworks?.has(use.ip) === true;
  return isAllowed ? { verdict: 'allowed_network' } : undefined;
}

function earliestWithoutIssuance(question: Question): Judgement | undefined {
  const { record, origin, facts, claim, signedIn, isEarliest } = question;
  if (claim !== undefined || !isEarliest) return undefined;
  if (signedIn !== undefined) {
    const judgement = comparedWithBaseline(question);
    return isAnomalous(judgement) ? judgement : { ...judgement, verdict: 'console_session' };
  }
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
  const { use, facts, knowledge, issued, signedIn, first } = question;
  const baseline = issued ?? signedIn ?? first;
  const { sighting, ip } = use ?? {};
  if (sighting === undefined || ip === undefined || baseline === undefined) {
    return { verdict: 'first_use', detail: use?.notTheHolders ?? 'The event carries no address to compare.' };
  }
  const { networks } = knowledge;
  const candidate = { use: sighting, ip, facts, networks, own: ownAccounts(question) };
  const judgement = judgeAgainst(baseline, candidate);
  if (baseline === signedIn) return unlessOfSecondMachine(unlessOfOtherFamily(judgement), candidate);
  switch (judgement.verdict) {
    case 'different_source':
      return unlessOfManyMachines(unlessByServersOfConsole(judgement, question, baseline, ip), question, ip);
    case 'different_source_and_client':
      return unlessOfManyMachines(judgement, question, ip);
    case 'different_account_vpce':
      return unlessInNetworkOfLambda(judgement, question, ip);
    case 'private_public_pair':
      return unlessOutOfEndpoint(judgement, question, baseline, ip);
    default:
      return judgement;
  }
}

/** A browser signs in over one family, and the command line may call over the other: no client in common is needed. */
function unlessOfOtherFamily(judgement: Judgement): Judgement {
  const { compared } = judgement;
  const isOther = compared !== undefined && compared.samePrefix === undefined;
  if (!isOther || compared.asnEqual === false || !isAnomalous(judgement)) return judgement;
  return { verdict: 'ip_family_change', compared };
}

function baselineOf({ origin, issued, signedIn, first }: Question): Baseline | undefined {
  if (issued !== undefined) return 'issuance';
  if (signedIn !== undefined) return 'sign_in';
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
