import { type Problem, problem } from '../errors.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { unlessBrokered } from './brokered-console.ts';
import type { Issuance } from './claim.ts';
import { type CredentialRef, credentialOf, partsOfSessionKey, sessionKeysNear } from './credential-key.ts';
import { issuanceOf } from './issuance.ts';
import type { Origin } from './origin.ts';
import { MOST_PENDING, type SessionFacts } from './session-facts.ts';
import { resolveOrigin } from './session-origin.ts';
import type { SessionStore, SessionView } from './session-store.ts';
import { textsOf } from './small-set.ts';
import { checkSource } from './source-check.ts';
import { isShellOfAws, type SourceKnowledge } from './source-question.ts';
import type { SourceCheck } from './source-verdicts.ts';
import { type Use, useOf } from './use.ts';

export interface SessionContext extends SourceKnowledge {
  /** The service's clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** Whether the caller may add to what is remembered. */
  readonly learn: boolean;
}

/** What an issuance handed out, and which uses of it were answered before it was known. */
export interface Issued {
  readonly issuance: Issuance;
  readonly pendingEventIds: readonly string[];
  readonly pendingCount: number;
}

export interface SessionTrace {
  readonly origin: Origin | undefined;
  readonly sourceCheck: SourceCheck | undefined;
  readonly issued: Issued | undefined;
  readonly problems: readonly Problem[];
}

/** Where the event's credentials came from, whether they are still there, and what credentials it hands out itself. */
export function traceSession(
  record: CloudTrailRecord,
  store: SessionStore,
  context: SessionContext,
): SessionTrace | Promise<SessionTrace> {
  return tellSession(record, store, context, (trace) => trace);
}

/** What `tell` makes of the same, once it stands: spares a promise where there is one for each event. */
export function tellSession<Told>(
  record: CloudTrailRecord,
  store: SessionStore,
  context: SessionContext,
  tell: (trace: SessionTrace) => Told,
): Told | Promise<Told> {
  const { kind } = record;
  if (kind === 'insight' || kind === 'aggregated' || kind === 'digest') return tell(NOTHING);
  const credential = credentialOf(record);
  const issuance = issuanceOf(record);
  const use = useOf(record);
  const now = context.now();
  const exchange = { now, learnedTime: learnedTime(record, now, context.learn), issuance, use };
  return store.exchange(exchange, (view) => answer(record, credential, issuance, use, view, context), tell);
}

/** For a backfill: learns what a record hands out and nothing else. Says whether there was something. */
export function learnSession(
  record: CloudTrailRecord,
  store: SessionStore,
  now: number,
): boolean | Promise<boolean> {
  const issuance = issuanceOf(record);
  const time = learnedTime(record, now, true);
  if (issuance === undefined || time === undefined) return false;
  return store.exchange({ now, learnedTime: time, issuance, use: undefined }, isLearned, isLearned);
}

const isLearned = () => true;

const NOTHING: SessionTrace = { origin: undefined, sourceCheck: undefined, issued: undefined, problems: [] };
const NO_PROBLEMS: readonly Problem[] = [];

/** An event from the future would be the earliest of nothing and outlive everything: it is answered, not remembered. */
const MOST_AHEAD = 15 * 60_000;

function learnedTime(record: CloudTrailRecord, now: number, learn: boolean): number | undefined {
  const time = record.eventTime;
  return learn && time !== undefined && time <= now + MOST_AHEAD ? time : undefined;
}

function answer(
  record: CloudTrailRecord,
  credential: CredentialRef,
  issuance: Issuance | undefined,
  use: Use | undefined,
  view: SessionView,
  context: SessionContext,
): SessionTrace {
  const row = use === undefined ? undefined : factsOf(use, view, context);
  const origin = resolveOrigin(record, credential, row, view);
  const check = checkSource(record, use, origin, row, context);
  return {
    origin,
    sourceCheck: check.anomalous ? unlessBrokered(check, record, use, view) : check,
    issued: issuance === undefined ? undefined : issuedOf(issuance, view),
    problems: view.isComplete ? NO_PROBLEMS : [problem('store_unavailable', '')],
  };
}

/** What calls itself CloudShell, and is no machine of AWS, is measured by the console session that it tells of. */
function factsOf(use: Use, view: SessionView, { networks }: SessionContext): SessionFacts | undefined {
  const row = view.session(use.session);
  if (use.shellOf === undefined || isShellOfAws(use, networks)) return row;
  return view.session(use.shellOf) ?? row;
}

const NO_NAMES: readonly string[] = [];

function issuedOf(issuance: Issuance, view: SessionView): Issued | undefined {
  if (issuance.claim.expiresAt === undefined) return undefined;
  const entries: string[] = [];
  let unnamed = 0;
  for (const key of sessionsOf(issuance)) {
    const row = view.session(key);
    if (row === undefined) continue;
    if (row.pending !== undefined) entries.push(...textsOf(row.pending));
    unnamed += row.pendingUnnamed;
  }
  if (entries.length === 0) return { issuance, pendingEventIds: NO_NAMES, pendingCount: unnamed };
  return issuedBefore(issuance, entries, unnamed, view);
}

/** @param entries what the sessions of the issuance hold of uses that were answered before it was known */
function issuedBefore(
  issuance: Issuance,
  entries: readonly string[],
  unnamed: number,
  view: SessionView,
): Issued {
  const names = new Set<string>();
  for (const entry of entries) {
    const [accessKeyId = '', name = ''] = splitOnce(entry);
    // Another key of the same second is another issuance's, unless it was never issued itself.
    if (accessKeyId === issuance.subject || view.claims(accessKeyId) === undefined) names.add(name);
  }
  const pendingEventIds = [...names]
    .filter((name) => !name.startsWith('?'))
    .sort()
    .slice(0, MOST_PENDING);
  return { issuance, pendingEventIds, pendingCount: names.size + unnamed };
}

function splitOnce(entry: string): [string, string] {
  const space = entry.indexOf(' ');
  return [entry.slice(0, space), entry.slice(space + 1)];
}

/** The rows that may hold uses of what was issued: the key's own, and the session's, by any of two clocks. */
function sessionsOf({ subject, claim }: Issuance): readonly string[] {
  const parts = partsOfSessionKey(claim.session);
  if (parts === undefined) return [subject];
  return [subject, ...sessionKeysNear(parts.principalId, parts.createdAt)];
}
