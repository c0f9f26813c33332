import { type AgreedClaim, agreedClaim, earliestClaim, latestClaim } from './agreed-claim.ts';
import { type Claim, mayBeHandedOn, type Requester } from './claim.ts';
import {
  CLOCK_TOLERANCE,
  type CredentialRef,
  consoleSubject,
  loginOf,
  type PasswordLogin,
  sessionKeysNear,
  signInSubject,
} from './credential-key.ts';
import { AUTHORIZED_IN_BROWSER, CHANGED_BY_USER, TOKEN_GIVEN } from './made-credentials.ts';
import type { SessionView } from './session-store.ts';
import { textsOf } from './small-set.ts';

export const ISSUANCE_JOINS = [
  'access_key',
  'role_session_time',
  'signin_session',
  'created_key',
  'created_login',
] as const;

export type IssuanceJoin = (typeof ISSUANCE_JOINS)[number];

/** The issuance behind a credential, and how it was found. */
export interface FoundIssuance {
  readonly subject: string;
  readonly join: IssuanceJoin;
  readonly claim: Claim;
  readonly conflict: boolean;
  /** Other issuances fit as well, or this one was for another key. */
  readonly isAmbiguous: boolean;
  /**
   * This one surely issued another key, which somebody else uses: so the address that asked for it says nothing of
   * this credential.
   */
  readonly isAnothers: boolean;
}

export function findIssuance(
  view: SessionView,
  credential: Omit<CredentialRef, 'login'>,
  login: PasswordLogin | undefined,
): FoundIssuance | undefined {
  const key = credential.accessKeyId;
  // J1. STS's record of the call holds the very key that later events carry.
  if (key?.startsWith('ASIA') === true) {
    const agreed = claimsOn(view, key);
    if (agreed !== undefined) return found(key, 'access_key', agreed);
  }
  if (key?.startsWith('AKIA') === true) {
    const agreed = claimsOn(view, key);
    return agreed && found(key, 'created_key', agreed);
  }
  // J2. Identity Center and the console hand on another key than the one issued, for the same role session.
  const bySession = findBySession(view, credential);
  if (bySession !== undefined) return bySession;
  // J3. `aws login` and the console name the sign-in session that the key was made from.
  const signIn = signInSubject(credential.signInSessionArn);
  if (signIn !== undefined) {
    const agreed = earliestClaim(view.claims(signIn) ?? [], AUTHORIZED_IN_BROWSER);
    if (agreed !== undefined) return found(signIn, 'signin_session', agreed);
  }
  // J7. A sign-in with a password: who set the password can sign in.
  return login && findPassword(view, login);
}

function findPassword(view: SessionView, { subject, time }: PasswordLogin): FoundIssuance | undefined {
  const claim = latestClaim(view.claims(subject) ?? [], time);
  // What users choose themselves, whoever set the password before no longer knows.
  if (claim === undefined || claim.action === CHANGED_BY_USER) return undefined;
  return found(subject, 'created_login', { claim, conflict: false });
}

function claimsOn(view: SessionView, subject: string): AgreedClaim | undefined {
  const claims = view.claims(subject);
  return claims === undefined ? undefined : agreedClaim(claims);
}

function found(subject: string, join: IssuanceJoin, { claim, conflict }: AgreedClaim): FoundIssuance {
  return { subject, join, claim, conflict, isAmbiguous: false, isAnothers: false };
}

function findBySession(
  view: SessionView,
  credential: Omit<CredentialRef, 'login'>,
): FoundIssuance | undefined {
  const { principalId, createdAt } = credential;
  // Only a role's or a federated user's principal holds the name of a session.
  if (principalId === undefined || createdAt === undefined || !principalId.includes(':')) return undefined;
  let best: FoundIssuance | undefined;
  let candidates = 0;
  let isConsole = false;
  for (const key of sessionKeysNear(principalId, createdAt)) {
    const row = view.session(key);
    if (row?.isConsole === true) isConsole = true;
    for (const subject of textsOf(row?.issued)) {
      const agreed = claimsOn(view, subject);
      if (agreed === undefined || Math.abs(agreed.claim.time - createdAt) > CLOCK_TOLERANCE) continue;
      candidates++;
      if (best === undefined || isNearer(agreed.claim, subject, best, createdAt)) {
        best = found(subject, 'role_session_time', agreed);
      }
    }
  }
  if (best === undefined) return undefined;
  // A service that acts for the session, and the console, always sign with another key than the one issued.
  const isAnothers =
    credential.invokedBy === undefined &&
    credential.accessKeyId?.startsWith('ASIA') === true &&
    !isConsole &&
    !mayBeHandedOn(best.claim);
  return candidates === 1 && !isAnothers ? best : { ...best, isAmbiguous: true, isAnothers };
}

function isNearer(claim: Claim, subject: string, best: FoundIssuance, createdAt: number): boolean {
  const difference = Math.abs(claim.time - createdAt) - Math.abs(best.claim.time - createdAt);
  return difference < 0 || (difference === 0 && subject < best.subject);
}

/**
 * The sign-in of a console session whose events name no sign-in session: it happened in the second the session was
 * created.
 */
export function findSignIn(
  view: SessionView,
  credential: Pick<CredentialRef, 'principalId' | 'createdAt'>,
): FoundIssuance | undefined {
  const { principalId, createdAt } = credential;
  if (principalId === undefined || createdAt === undefined) return undefined;
  for (const key of sessionKeysNear(principalId, createdAt)) {
    const subject = consoleSubject(key);
    const agreed = claimsOn(view, subject);
    if (agreed !== undefined) return found(subject, 'signin_session', agreed);
  }
  return undefined;
}

/** Role chaining is not bounded by AWS; what is told of it is. */
export const MOST_STEPS = 8;

/** The issuances from a credential up to the first identity, the credential's own first. */
export interface Lineage {
  readonly steps: readonly FoundIssuance[];
  /** False where the topmost requester used temporary credentials whose own issuance is not known. */
  readonly isComplete: boolean;
  readonly conflict: boolean;
}

export function lineageOf(view: SessionView, own: FoundIssuance): Lineage {
  const steps = [own];
  let conflict = own.conflict;
  let top = own;
  while (steps.length < MOST_STEPS) {
    const parent = parentOf(view, top);
    if (parent === undefined || steps.some((step) => isSameStep(step, parent))) break;
    conflict ||= parent.conflict;
    steps.push(parent);
    top = parent;
  }
  const isCut = steps.length === MOST_STEPS && parentOf(view, top) !== undefined;
  return { steps, isComplete: !isCut && isRoot(top.claim.requester), conflict };
}

function parentOf(view: SessionView, step: FoundIssuance): FoundIssuance | undefined {
  return findConsent(view, step) ?? findParent(view, step.claim);
}

/** Two are of one sign-in: the consent, and the key that was given for it. */
function isSameStep(a: FoundIssuance, b: FoundIssuance): boolean {
  return a.subject === b.subject && (a.claim === b.claim || b.claim.action !== AUTHORIZED_IN_BROWSER);
}

/**
 * Who was given the key of an `aws login`, and whose browser consented to it, may be two machines, and two people: a
 * link to consent is what is phished with (CLI User Guide, "Login for AWS local development", `--remote`).
 */
function findConsent(view: SessionView, { subject, claim }: FoundIssuance): FoundIssuance | undefined {
  if (!claim.action.startsWith(TOKEN_GIVEN)) return undefined;
  const consent = view.claims(subject)?.find(({ action }) => action === AUTHORIZED_IN_BROWSER);
  return consent && found(subject, 'signin_session', { claim: consent, conflict: false });
}

function findParent(view: SessionView, claim: Claim): FoundIssuance | undefined {
  const requester = claim.requester;
  // A service and a federated identity have no credentials of AWS's behind them.
  const hasCredential = requester.accessKeyId !== undefined || requester.createdAt !== undefined;
  if (!hasCredential && claim.kind !== 'console_session') return undefined;
  if (claim.kind === 'console_session') {
    const isUser = requester.type === 'IAMUser';
    const login = isUser ? loginOf(requester.accountId, userNameInArn(requester.arn), claim.time) : undefined;
    // A sign-in names the session that it begins, and did not come from it.
    return findIssuance(view, { ...requester, signInSessionArn: undefined }, login);
  }
  const issuance = findIssuance(view, requester, undefined);
  if (issuance !== undefined || requester.accessKeyId?.startsWith('ASIA') !== true) return issuance;
  return findSignIn(view, requester);
}

/** `arn:aws:iam::111122223333:user/path/name` */
function userNameInArn(arn: string | undefined): string | undefined {
  return arn?.slice(arn.lastIndexOf('/') + 1);
}

/**
 * A role or a federated user was someone else before, unless AWS says whom it was handed to; an account alone names
 * nobody.
 */
function isRoot(requester: Requester): boolean {
  if (requester.scopeArn !== undefined) return true;
  switch (requester.type) {
    case undefined:
    case 'AssumedRole':
    case 'Role':
    case 'FederatedUser':
    case 'AWSAccount':
    case 'Unknown':
      return false;
    default:
      return true;
  }
}
