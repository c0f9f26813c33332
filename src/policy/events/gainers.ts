import type { CloudTrailRecord } from '../../event/cloudtrail-record.ts';
import type { PolicyFinding } from '../policy-findings.ts';
import type { PolicySummary } from '../policy-summary.ts';
import { accountOfRecord } from './account-of-record.ts';
import type { HeldTogether } from './event-policy.ts';
import type { FoundPolicy } from './find-policy.ts';
import {
  boundaryBefore,
  findHeldTogether,
  findHoldings,
  findTogetherBefore,
  type Gain,
  type Holder,
} from './held-together.ts';
import type { KnownPolicies } from './lifted-denials.ts';
import { arnKey, policyKey } from './policy-keys.ts';

/** A principal that may gain by a call, and the methods that were open to it before. */
export interface Gainer {
  readonly holder: Holder;
  readonly before: readonly PolicyFinding[];
}

/** Whose policies are to be looked at together after a call, as they are before it. */
export function findGainers(
  found: FoundPolicy,
  summary: PolicySummary | undefined,
  record: CloudTrailRecord,
  known: KnownPolicies,
): readonly Gainer[] {
  const time = record.eventTime;
  const gain = gainOf(found, record);
  if (found.rule.kind !== 'identity' || gain === undefined || time === undefined) return [];
  const account = accountOfRecord(record);
  return subjectsOf(found)
    .map((subject): Holder => ({ account, subject, time }))
    .filter((holder) => found.rule.operation !== 'bound' || widens(holder, gain, summary, known))
    .map((holder) => ({
      holder,
      before: findTogetherBefore(holder, gain, known.remembered, known.analyzer),
    }));
}

/** What the call opened to the first of them to whom it opened anything, once it is remembered. */
export function findGained(
  gainers: readonly Gainer[],
  { rule }: FoundPolicy,
  { remembered, analyzer }: KnownPolicies,
): HeldTogether | undefined {
  const byPolicy = rule.operation === 'put' || rule.operation === 'attach';
  for (const { holder, before } of gainers) {
    const after = findHoldings(holder, remembered, analyzer);
    const gained = findHeldTogether(holder.subject, after, before, byPolicy);
    if (gained !== undefined) return gained;
  }
  return undefined;
}

/** Whether a boundary is set that frees its principal: as one that is removed does. */
export function isFreed(
  { rule }: FoundPolicy,
  summary: PolicySummary | undefined,
  gained: HeldTogether | undefined,
): boolean {
  return rule.operation === 'bound' && (gained !== undefined || isLimitless(summary));
}

function isLimitless(summary: PolicySummary | undefined): boolean {
  return summary?.analysis.admin === true;
}

function gainOf(found: FoundPolicy, record: CloudTrailRecord): Gain | undefined {
  const event = record.eventId;
  switch (found.rule.operation) {
    case 'put':
    case 'attach':
      return found.rule.limits === true
        ? undefined
        : { by: 'holding', what: policyKey(found, record), event };
    case 'join':
      return { by: 'holding', what: found.group, event };
    case 'unbound':
      return { by: 'boundary', what: undefined, event };
    case 'bound':
      return { by: 'boundary', what: arnKey(found.arn ?? found.name ?? ''), event };
    default:
      return undefined;
  }
}

function subjectsOf({ subject }: FoundPolicy): readonly string[] {
  return subject === undefined ? [] : [subject];
}

/** A boundary may leave more than one that was seen before; of one whose content is not known nothing can be said. */
function widens(
  holder: Holder,
  gain: Gain,
  summary: PolicySummary | undefined,
  { remembered }: KnownPolicies,
): boolean {
  if (summary === undefined) return false;
  return isLimitless(summary) || boundaryBefore(holder, gain, remembered) !== undefined;
}
