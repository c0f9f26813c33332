import { isServiceLinkedRole } from '../event/arn.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { sessionKeyOf } from '../event/session-key.ts';
import { clientFamily } from './client-family.ts';
import { isConsole } from './console-use.ts';
import { CLOCK_TOLERANCE, type CredentialRef, hiddenSubject } from './credential-key.ts';
import { type Description, describedOrigin, ownIdentity } from './describe-origin.ts';
import { findSignIn, lineageOf } from './lineage.ts';
import type { Origin, UnknownReason } from './origin.ts';
import type { SessionFacts } from './session-facts.ts';
import type { SessionView } from './session-store.ts';
import { lostReason, unmetReason } from './unknown-reason.ts';

/** No issuance and no description: what the session's other events, or AWS's ways, still say. */
export function unseenOrigin(
  record: CloudTrailRecord,
  credential: CredentialRef,
  row: SessionFacts | undefined,
  view: SessionView,
): Origin {
  return describedOrigin(record, row, describeUnseen(record, credential, row, view));
}

function describeUnseen(
  record: CloudTrailRecord,
  credential: CredentialRef,
  row: SessionFacts | undefined,
  view: SessionView,
): Description {
  const described = ownIdentity(record);
  const isOfConsole = isConsole(record, row);
  // A service that acts for a caller signs with a key of its own making, of which no record is written.
  if (!isOfConsole && record.userIdentity.invokedBy !== undefined)
    return { status: 'self_described', confidence: 'medium', reason: 'delivered_by_service', described };
  const signIn = findSignIn(view, credential);
  const lineage = signIn && lineageOf(view, signIn);
  if (isOfConsole) {
    const status = record.sessionCredentialFromConsole ? 'self_described' : 'inferred';
    const isSure = described !== undefined || signIn !== undefined;
    return { status, confidence: isSure ? 'high' : 'medium', described, lineage };
  }
  // Only some events of a console session carry its flag: a sign-in of that second is its beginning all the same.
  if (signIn !== undefined)
    return { status: 'inferred', confidence: 'medium', kind: 'console_session', described, lineage };
  if (looksLikeConsole(record.userAgent))
    return { status: 'inferred', confidence: 'low', kind: 'console_session', described };
  return { status: 'unknown', reason: reasonByEvent(record, credential, view), described };
}

function reasonByEvent(
  record: CloudTrailRecord,
  credential: CredentialRef,
  view: SessionView,
): UnknownReason {
  const identity = record.userIdentity;
  const session = sessionKeyOf(credential.principalId, credential.createdAt);
  const isEvicted = [credential.accessKeyId, session].some(
    (key) => key !== undefined && view.wasEvicted(key),
  );
  const lost = lostReason(view, isEvicted);
  if (lost !== undefined) return lost;
  if (isHidden(identity.arn, credential.createdAt, view)) return 'response_hidden';
  // Only the service can take it on, and it tells no one.
  if (isServiceLinkedRole(identity.sessionIssuer?.arn)) return 'delivered_by_service';
  return unmetReason(view, credential.createdAt ?? record.eventTime);
}

function isHidden(arn: string | undefined, createdAt: number | undefined, view: SessionView): boolean {
  if (arn === undefined || createdAt === undefined) return false;
  for (let skew = -CLOCK_TOLERANCE; skew <= CLOCK_TOLERANCE; skew += 1000) {
    const subject = hiddenSubject(arn, createdAt + skew);
    if (subject !== undefined && view.claims(subject) !== undefined) return true;
  }
  return false;
}

function looksLikeConsole(userAgent: string | undefined): boolean {
  return (
    userAgent === 'console.amazonaws.com' ||
    userAgent === 'signin.amazonaws.com' ||
    clientFamily(userAgent) === 'browser'
  );
}
