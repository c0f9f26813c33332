import { JointSteps } from '../effective/escalation-steps.ts';
import { CONFIDENCES, type PolicyFinding } from '../policy-findings.ts';
import type { EscalationSteps } from '../policy-summary.ts';
import type { HeldTogether } from './event-policy.ts';
import type { KnownPolicies } from './known-policies.ts';
import { arnOfKey, boundaryKey, holderKey } from './policy-keys.ts';

export interface Holder {
  readonly account: string | undefined;
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** What a principal can do with all its policies, and with each of them alone. */
export interface Holdings {
  readonly policies: number;
  readonly together: readonly PolicyFinding[];
  /** Methods that one policy is enough for. */
  readonly alone: () => ReadonlySet<string | undefined>;
}

/** What an event gives to a principal. */
export interface Gain {
  /**
   * holding: it gets a policy or a group; content: a managed policy that it has says something else; boundary: another
   * one bounds it, or none; bounding: the policy that bounds it says something else.
   */
  readonly by: 'holding' | 'content' | 'boundary' | 'bounding';
  /** The key of a policy, or a group; `undefined` where a boundary is removed. */
  readonly what: string | undefined;
  /** The eventID. */
  readonly event: string | undefined;
}

/** The escalation methods of a principal at a time, as far as its policies, groups and boundary were seen. */
export function findHoldings(holder: Holder, known: KnownPolicies): Holdings {
  const data = known.analyzer.effective;
  const policies = stepsOfHolder(holder, known);
  const boundary = boundaryOf(holder, known);
  return {
    policies: policies.length,
    together: new JointSteps(policies, boundary).findings(data),
    alone: () => new Set(policies.flatMap((steps) => known.methodsOf(steps, boundary))),
  };
}

/** Of so many later times of a principal it is asked what was open to it then, the last ones. */
const MOST_LATER = 8;

/**
 * The times after that one at which something of a principal is known to have changed: its policies, its groups, what
 * they say, its boundary. There are some where an event arrives later than others that it came before: CloudTrail's
 * files are in no order (AWS CloudTrail User Guide, "Understanding CloudTrail events").
 */
export function laterTimes(
  { account, subject, time }: Holder,
  { what }: Gain,
  { remembered }: KnownPolicies,
): number[] {
  const own = holderKey(account, subject);
  // What the event brings is not held yet, and may have changed since.
  const held = [...remembered.heldSince(own, time), ...(what === undefined ? [] : [what])];
  const groups = held.filter(isGroup).map((group) => holderKey(account, group));
  const policies = [
    ...held.filter((what) => !isGroup(what)),
    ...groups.flatMap((group) => remembered.heldSince(group, time)),
  ];
  const keys = new Set([own, boundaryKey(account, subject), ...groups, ...policies]);
  const times = new Set([...keys].flatMap((key) => remembered.timesAfter(key, time)));
  return [...times].sort((one, other) => one - other).slice(-MOST_LATER);
}

function isGroup(what: string): boolean {
  return what.startsWith('group/');
}

/** The methods that were open to a principal before an event. */
export function findTogetherBefore(
  holder: Holder,
  gain: Gain,
  known: KnownPolicies,
): readonly PolicyFinding[] {
  // Where the boundary was never seen, nothing is known to have been in force behind it.
  if ((gain.by === 'boundary' || gain.by === 'bounding') && boundaryBefore(holder, gain, known) === undefined)
    return [];
  const policies = stepsOfHolder(holder, known, gain);
  return new JointSteps(policies, boundaryOf(holder, known, gain)).findings(known.analyzer.effective);
}

/**
 * The methods that a call opened to a principal with its other policies (Cloudsplaining looks at one policy at a time:
 * its issue 188), or made surer. Those that it had already are no news: whatever is attached to it later would tell
 * them again.
 */
export function findHeldTogether(
  subject: string,
  after: Holdings,
  before: readonly PolicyFinding[],
  byPolicy: boolean,
): HeldTogether | undefined {
  const gained = after.together.filter((finding) => !isKnown(finding, before));
  if (gained.length === 0) return undefined;
  const alone = byPolicy ? after.alone() : undefined;
  const findings = gained.filter(({ method }) => alone?.has(method) !== true);
  return findings.length === 0 ? undefined : { name: subject, policies: after.policies, findings };
}

function isKnown({ method, confidence }: PolicyFinding, before: readonly PolicyFinding[]): boolean {
  const known = before.find((finding) => finding.method === method);
  return known !== undefined && CONFIDENCES.indexOf(known.confidence) <= CONFIDENCES.indexOf(confidence);
}

/** The policies of a principal and of its groups, as far as they were seen; with `gain` as they were before it. */
function stepsOfHolder(
  { account, subject, time }: Holder,
  known: KnownPolicies,
  gain?: Gain,
): EscalationSteps[] {
  const { remembered } = known;
  const got = gain?.by === 'holding' ? gain.what : undefined;
  const own = remembered.heldBefore(holderKey(account, subject), time, got);
  const groups = own.filter(isGroup);
  const keys = new Set(own.filter((what) => !isGroup(what)));
  for (const group of groups) {
    for (const key of remembered.heldBefore(holderKey(account, group), time, got)) keys.add(key);
  }
  return [...keys]
    .map((key) =>
      key === gain?.what && (gain.by === 'content' || gain.by === 'bounding' || arnOfKey(key) === undefined)
        ? remembered.before(key, time, gain.event)?.summary?.steps
        : known.stepsOf(key, time),
    )
    .filter((steps) => steps !== undefined);
}

/**
 * What the boundary of a principal left before a change of it; `undefined` where there was none, or its content, and so
 * what it held back, was not seen.
 */
export function boundaryBefore(
  { account, subject, time }: Holder,
  { by, what, event }: Gain,
  known: KnownPolicies,
): EscalationSteps | undefined {
  if (by === 'bounding' && what !== undefined)
    return known.remembered.before(what, time, event)?.summary?.steps;
  const key = known.remembered.boundaryBefore(boundaryKey(account, subject), time, what);
  return key === undefined ? undefined : known.stepsOf(key, time);
}

/** Whether it is known that there was none to make way. */
export function wasUnbounded(
  { account, subject, time }: Holder,
  { what }: Gain,
  { remembered }: KnownPolicies,
): boolean {
  return remembered.wasUnbounded(boundaryKey(account, subject), time, what);
}

function boundaryOf(holder: Holder, known: KnownPolicies, gain?: Gain): EscalationSteps | undefined {
  if (gain?.by === 'boundary' || gain?.by === 'bounding') return boundaryBefore(holder, gain, known);
  const key = boundaryAt(holder, known);
  return key === undefined ? undefined : known.stepsOf(key, holder.time);
}

/** The key of the policy that bounds a principal. */
export function boundaryAt(
  { account, subject, time }: Holder,
  { remembered }: KnownPolicies,
): string | undefined {
  return remembered.boundaryAt(boundaryKey(account, subject), time);
}
