import { type CredentialRef, partsOfSessionKey, sessionKeysNear } from './credential-key.ts';
import { EC2, INSTANCE_SESSION, instanceIdOf } from './describe-origin.ts';
import { type FoundIssuance, findIssuance, findSignIn, lineageOf } from './lineage.ts';
import type { Origin, UnknownReason } from './origin.ts';
import type { SessionFacts } from './session-facts.ts';
import { originOfIssuance } from './session-origin.ts';
import type { SessionStore, SessionView } from './session-store.ts';
import { lostReason, unmetReason } from './unknown-reason.ts';

/** What is known of a credential without an event that uses it. */
export interface SessionRecall {
  readonly accessKeyId: string;
  readonly origin: Origin;
  /** The session it was used in. */
  readonly uses: SessionFacts | undefined;
}

/** Undefined where nothing at all is known of the key. */
export function recallSession(
  store: SessionStore,
  accessKeyId: string,
  now: number,
): SessionRecall | undefined | Promise<SessionRecall | undefined> {
  const exchange = { now, learnedTime: undefined, issuance: undefined, use: undefined };
  return store.exchange(
    exchange,
    (view) => recall(view, accessKeyId),
    (recalled) => recalled,
  );
}

const NOBODY: CredentialRef = {
  type: undefined,
  accessKeyId: undefined,
  principalId: undefined,
  createdAt: undefined,
  signInSessionArn: undefined,
  invokedBy: undefined,
  login: undefined,
};

function recall(view: SessionView, accessKeyId: string): SessionRecall | undefined {
  const session = view.sessionOfKey(accessKeyId);
  // Identity Center and the console hand on keys that were not issued themselves, for a session that was.
  const credential: CredentialRef = { ...NOBODY, accessKeyId, ...partsOfSessionKey(session) };
  const own = findIssuance(view, credential, credential.login);
  const uses = usesOf(view, accessKeyId, session, own);
  if (own !== undefined) {
    const origin = originOfIssuance(own, view, accessKeyId, uses?.isConsole === true, undefined);
    return { accessKeyId, origin, uses };
  }
  const isEvicted = view.wasEvicted(accessKeyId) || (session !== undefined && view.wasEvicted(session));
  if (uses === undefined && !isEvicted) return undefined;
  return { accessKeyId, origin: originWithoutIssuance(view, credential, accessKeyId, uses, isEvicted), uses };
}

function usesOf(
  view: SessionView,
  accessKeyId: string,
  session: string | undefined,
  own: FoundIssuance | undefined,
): SessionFacts | undefined {
  let used = session;
  for (const { session: issued } of view.claims(accessKeyId) ?? []) {
    if (issued === undefined || (used !== undefined && used <= issued)) continue;
    if (view.session(issued)?.firstSeen !== undefined) used = issued;
  }
  if (used !== undefined) return view.session(used);
  const parts = partsOfSessionKey(own?.claim.session);
  for (const key of parts === undefined ? [] : sessionKeysNear(parts.principalId, parts.createdAt)) {
    const facts = view.session(key);
    // By another clock it may be this session; what another key was issued for is another one.
    if (facts?.firstSeen !== undefined && facts.issued === undefined) return facts;
  }
  return view.session(accessKeyId);
}

/** What the session's uses say. Of what only events say themselves, such as `inScopeOf`, nothing is kept to tell. */
function originWithoutIssuance(
  view: SessionView,
  credential: CredentialRef,
  accessKeyId: string,
  uses: SessionFacts | undefined,
  isEvicted: boolean,
): Origin {
  const isConsole = uses?.isConsole === true;
  const origin: Origin = {
    status: 'unknown',
    join: undefined,
    confidence: undefined,
    reason: undefined,
    credential: {
      kind: 'temporary',
      accessKeyId,
      issuedAt: credential.createdAt,
      expiresAt: undefined,
      expiresBasis: undefined,
      ageSeconds: undefined,
      fromConsole: isConsole,
    },
    lineage: undefined,
    described: undefined,
    sourceIdentity: undefined,
    late: false,
  };
  if (instanceIdOf(credential.principalId) !== undefined) return ofInstance(origin);
  const signIn = findSignIn(view, credential);
  if (isConsole || signIn !== undefined) return ofConsole(origin, view, signIn);
  return { ...origin, reason: unknownReason(view, credential, uses, isEvicted) };
}

function ofInstance(origin: Origin): Origin {
  const { kind, join, reason } = INSTANCE_SESSION;
  return {
    ...origin,
    status: 'inferred',
    join,
    confidence: 'medium',
    reason,
    credential: origin.credential && { ...origin.credential, kind },
    described: EC2,
  };
}

function ofConsole(origin: Origin, view: SessionView, signIn: FoundIssuance | undefined): Origin {
  const isTold = origin.credential?.fromConsole === true;
  return {
    ...origin,
    status: 'inferred',
    confidence: isTold && signIn !== undefined ? 'high' : 'medium',
    credential: origin.credential && { ...origin.credential, kind: 'console_session' },
    lineage: signIn && lineageOf(view, signIn),
  };
}

function unknownReason(
  view: SessionView,
  { createdAt }: CredentialRef,
  uses: SessionFacts | undefined,
  isEvicted: boolean,
): UnknownReason {
  const lost = lostReason(view, isEvicted);
  if (lost !== undefined) return lost;
  return uses?.isWorkload === true ? 'delivered_by_service' : unmetReason(view, createdAt);
}
