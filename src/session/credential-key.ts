import type { CloudTrailRecord, UserIdentity } from '../event/cloudtrail-record.ts';
import { textAt } from '../event/json.ts';
import { LONGEST_PRINCIPAL } from '../event/session-key.ts';
import { Generations } from '../generations.ts';

/**
 * IAM User Guide, "IAM identifiers": ASIA begins the id of a temporary key, AKIA that of a long-term one.
 * STS API reference, Credentials: an access key id has 16 to 128 letters and digits.
 */
const TEMPORARY = /^ASIA[A-Z0-9]{12,124}$/;
const LONG_TERM = /^AKIA[A-Z0-9]{12,124}$/;

export function isTemporaryKey(text: string | undefined): text is string {
  return text !== undefined && text.length <= 128 && TEMPORARY.test(text);
}

export function isLongTermKey(text: string | undefined): text is string {
  return text !== undefined && text.length <= 128 && LONG_TERM.test(text);
}

/** The principal and the second of creation that a session key was made from. */
export function partsOfSessionKey(
  key: string | undefined,
): { readonly principalId: string; readonly createdAt: number } | undefined {
  const at = key?.lastIndexOf('@') ?? -1;
  const seconds = Number(key?.slice(at + 1));
  if (key === undefined || at === -1 || Number.isNaN(seconds)) return undefined;
  return { principalId: key.slice(0, at), createdAt: seconds * 1000 };
}

/**
 * The session keys of a principal within two seconds, the nearest first: CloudTrail writes creationDate in whole
 * seconds, of another machine's clock than the issuance's eventTime.
 */
export function sessionKeysNear(principalId: string, createdAt: number): readonly string[] {
  if (principalId.length > LONGEST_PRINCIPAL) return [];
  const second = Math.floor(createdAt / 1000);
  const known = keysNear.get(principalId);
  if (known?.second === second) return known.keys;
  const keys = SECONDS_NEAR.map((difference) => `${principalId}@${second + difference}`);
  keysNear.set(principalId, { second, keys });
  return keys;
}

const SECONDS_NEAR = [0, -1, 1, -2, 2];

/** Of principals that were met of late: a text that is put together anew is hashed anew for each look-up. */
const keysNear = new Generations<string, { readonly second: number; readonly keys: readonly string[] }>(1024);

/** A credential as a record refers to it: what is needed to find its issuance. */
export interface CredentialRef {
  readonly type: string | undefined;
  readonly accessKeyId: string | undefined;
  readonly principalId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number | undefined;
  readonly signInSessionArn: string | undefined;
  /** The service that acts for the credential's holder. */
  readonly invokedBy: string | undefined;
  /** The password that this is a sign-in with. */
  readonly login: PasswordLogin | undefined;
}

export interface PasswordLogin {
  /** The subject of its login profile. */
  readonly subject: string;
  /** When the sign-in was, milliseconds since the epoch. */
  readonly time: number;
}

export function credentialOf(record: CloudTrailRecord): CredentialRef {
  const identity = record.userIdentity;
  const isLogin = record.eventName === 'ConsoleLogin';
  return {
    type: identity.type,
    accessKeyId: identity.accessKeyId,
    principalId: identity.principalId,
    createdAt: identity.sessionCreationDate,
    // A sign-in names the session that it begins, and did not come from it.
    signInSessionArn: isLogin ? undefined : identity.signInSessionArn,
    invokedBy: identity.invokedBy,
    // Who guesses a password was given none.
    login:
      isLogin && !isRefused(record)
        ? loginOf(identity.accountId, identity.userName, record.eventTime)
        : undefined,
  };
}

function isRefused({ errorCode, responseElements }: CloudTrailRecord): boolean {
  return errorCode !== undefined || textAt(responseElements, 'ConsoleLogin') === 'Failure';
}

export function loginOf(
  accountId: string | undefined,
  userName: string | undefined,
  time: number | undefined,
): PasswordLogin | undefined {
  const subject = loginSubject(accountId, userName);
  return subject === undefined || time === undefined ? undefined : { subject, time };
}

/**
 * Whether the event was made with temporary credentials. Samples and privacy filters mask the key, so the identity
 * counts too: an assumed role or a federated user never has another kind of credential.
 */
export function isTemporary(identity: UserIdentity): boolean {
  if (identity.type === 'AssumedRole' || identity.type === 'FederatedUser') return true;
  const key = identity.accessKeyId;
  if (key?.startsWith('ASIA') === true) return true;
  if (identity.sessionCreationDate !== undefined && key?.startsWith('AKIA') !== true) return true;
  // The owner's record of a role session of another account holds its principal id and nothing else.
  return identity.type === 'AWSAccount' && isRoleSession(identity.principalId);
}

/** IAM User Guide, "IAM identifiers": AROA begins the id of a role; behind a colon stands the session's name. */
function isRoleSession(principalId: string | undefined): boolean {
  return principalId?.startsWith('AROA') === true && principalId.includes(':');
}

/** Milliseconds: CloudTrail's eventTime is in whole seconds, and STS's clock is not the service's. */
export const CLOCK_TOLERANCE = 2000;

/** What a claim is about, where it is not an access key. The prefix keeps these apart from access key ids. */
export function loginSubject(
  accountId: string | undefined,
  userName: string | undefined,
): string | undefined {
  if (
    accountId === undefined ||
    userName === undefined ||
    accountId.length + userName.length > LONGEST_PRINCIPAL
  ) {
    return undefined;
  }
  return `${LOGIN}${accountId}:${userName}`;
}

const LOGIN = 'login:';

/** Whether the claims on it follow one another, and do not speak of one and the same credential. */
export function isLoginSubject(subject: string): boolean {
  return subject.startsWith(LOGIN);
}

/**
 * Whether what is issued under this subject does not expire: who made it is remembered for as long as there is room.
 */
export function isMadeSubject(subject: string): boolean {
  return subject.startsWith(LOGIN) || isLongTermKey(subject);
}

/** Longer than any ARN of a session. */
const LONGEST_ARN = 512;

export function signInSubject(arn: string | undefined): string | undefined {
  return arn === undefined || arn.length > LONGEST_ARN ? undefined : `signin:${arn}`;
}

/**
 * What was issued for a role session by a call whose response is withheld.
 * @param time of the call, milliseconds since the epoch
 */
export function hiddenSubject(sessionArn: string, time: number): string | undefined {
  return sessionArn.length > LONGEST_ARN ? undefined : `hidden:${sessionArn}@${Math.floor(time / 1000)}`;
}

/** @param sessionKey of the session that asked for a console session to be made of it */
export function signInTokenSubject(sessionKey: string): string {
  return `signintoken:${sessionKey}`;
}

export function consoleSubject(sessionKey: string): string {
  return `console:${sessionKey}`;
}
