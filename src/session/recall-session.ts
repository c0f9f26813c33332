import { type CredentialRef, partsOfSessionKey, sessionKeysNear } from './credential-key.ts';
import { type FoundIssuance, findIssuance } from './lineage.ts';
import type { Origin } from './origin.ts';
import type { SessionFacts } from './session-facts.ts';
import { originOfIssuance } from './session-origin.ts';
import type { SessionStore, SessionView } from './session-store.ts';

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
  login: undefined,
};

function recall(view: SessionView, accessKeyId: string): SessionRecall | undefined {
  const session = view.sessionOfKey(accessKeyId);
  // Identity Center and the console hand on keys that were not issued themselves, for a session that was.
  const credential: CredentialRef = { ...NOBODY, accessKeyId, ...partsOfSessionKey(session) };
  const own = findIssuance(view, credential);
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
  if (session !== undefined) return view.session(session);
  const parts = partsOfSessionKey(own?.claim.session);
  for (const key of parts === undefined ? [] : sessionKeysNear(parts.principalId, parts.createdAt)) {
    const facts = view.session(key);
    if (facts?.firstSeen !== undefined) return facts;
  }
  return view.session(accessKeyId);
}

function originWithoutIssuance(
  view: SessionView,
  credential: CredentialRef,
  accessKeyId: string,
  uses: SessionFacts | undefined,
  isEvicted: boolean,
): Origin {
  const isConsole = uses?.isConsole === true;
  const isWarmingUp = credential.createdAt !== undefined && credential.createdAt < view.earliestLearned;
  return {
    status: isConsole ? 'inferred' : 'unknown',
    join: undefined,
    confidence: isConsole ? 'medium' : undefined,
    reason: isConsole ? undefined : isEvicted ? 'evicted' : isWarmingUp ? 'warming_up' : 'not_seen',
    credential: {
      kind: isConsole ? 'console_session' : 'temporary',
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
}
