import { accountOfRecord } from '../event/account-of-record.ts';
import { isIdentityCenterRole, parseArn } from '../event/arn.ts';
import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { objectAt, textAt } from '../event/json.ts';
import { sessionKeyOf } from '../event/session-key.ts';
import type { Claim, Issuance, Requester } from './claim.ts';
import { plainClaim } from './claim-of-record.ts';
import {
  consoleSubject,
  isLongTermKey,
  loginSubject,
  signInSubject,
  signInTokenSubject,
} from './credential-key.ts';
import { parseIp, prefixOf } from './source-address.ts';
import { arnAt, storedId, storedName } from './stored-text.ts';

/** A long-term key or a console password: whoever made it can use it, so its maker is its origin. */
export function creation(record: CloudTrailRecord, time: number): Issuance | undefined {
  if (record.eventName === 'CreateAccessKey') {
    const accessKeyId = textAt(objectAt(record.responseElements, 'accessKey'), 'accessKeyId');
    if (!isLongTermKey(accessKeyId)) return undefined;
    return {
      subject: accessKeyId,
      claim: plainClaim(record, time, 'long_term_key', 'iam:CreateAccessKey'),
    };
  }
  const action = `iam:${record.eventName}`;
  if (!PASSWORD_CALLS.has(action)) return undefined;
  const subject = loginSubject(accountOfRecord(record), userNameOf(record, action));
  if (subject === undefined) return undefined;
  return { subject, claim: plainClaim(record, time, 'login_profile', action) };
}

/** IAM API reference, ChangePassword: only for the user who calls it, and not for the root user. */
export const CHANGED_BY_USER = 'iam:ChangePassword';

export const PASSWORD_CALLS = new Set(['iam:CreateLoginProfile', 'iam:UpdateLoginProfile', CHANGED_BY_USER]);

/** Whose password it is; IAM API reference: where CreateLoginProfile names nobody it is the caller's. */
function userNameOf(record: CloudTrailRecord, action: string): string | undefined {
  const { type, userName } = record.userIdentity;
  const own = type === 'IAMUser' ? userName : undefined;
  if (action === CHANGED_BY_USER) return own;
  return (
    textAt(objectAt(record.responseElements, 'loginProfile'), 'userName') ??
    textAt(record.requestParameters, 'userName') ??
    own
  );
}

/**
 * The calls of `signin` that begin a session, or hand one to the command line. All others are made within one, by
 * whoever holds it (CreateOAuth2TokenWithIAM among them, which is signed with the session's key).
 */
export const SIGN_INS = new Set([
  'ConsoleLogin',
  'SwitchRole',
  'AuthorizeOAuth2Access',
  'CreateOAuth2Token',
  'CreateOAuth2TokenWithTokenExchange',
]);

/**
 * The first half of `aws login`: consent in a browser, perhaps on another machine than the one that is given the key.
 */
export const AUTHORIZED_IN_BROWSER = 'signin:AuthorizeOAuth2Access';

/** The second half, also with a token exchange: how its actions begin. */
export const TOKEN_GIVEN = 'signin:CreateOAuth2Token';

/**
 * A sign-in hands out no key that a record shows; what ties it to its session is the session's ARN, or the second of
 * its creation.
 */
export function signIn(record: CloudTrailRecord, time: number): Issuance | undefined {
  if (record.eventName === 'GetSigninToken') return signInToken(record);
  if (!SIGN_INS.has(record.eventName ?? '')) return undefined;
  const outcome = textAt(record.responseElements, record.eventName ?? '');
  // A token that was refused is nobody's sign-in: `aws login` says so beside it.
  if (outcome === 'Failure' || textAt(record.additionalEventData, 'success') === 'false') return undefined;
  const plain = plainClaim(record, time, 'console_session', `signin:${record.eventName}`);
  const claim = record.eventName === 'SwitchRole' ? switchedFrom(record, plain) : plain;
  const session = signInSubject(
    record.userIdentity.signInSessionArn ?? arnAt(record.additionalEventData, 'signInSessionArn'),
  );
  if (session !== undefined) return { subject: session, claim };
  if (record.eventName !== 'ConsoleLogin' && record.eventName !== 'SwitchRole') return undefined;
  const key = sessionKeyOf(record.userIdentity.principalId, time);
  return key === undefined ? undefined : { subject: consoleSubject(key), claim };
}

/**
 * A broker asks for a console session to be made of its own, as often as it has users; Identity Center does so for each
 * of its users' visits. Only where it is asked for tells something: all that is asked for from one network is one
 * claim, so that no number of them crowds out one from elsewhere.
 */
function signInToken(record: CloudTrailRecord): Issuance | undefined {
  const { principalId, sessionCreationDate: time, arn } = record.userIdentity;
  const key = sessionKeyOf(principalId, time);
  if (key === undefined || time === undefined || isIdentityCenterRole(arn)) return undefined;
  if (textAt(record.responseElements, 'GetSigninToken') === 'Failure') return undefined;
  const plain = plainClaim(record, time, 'console_session', 'signin:GetSigninToken');
  const { address } = plain.source;
  const ip = parseIp(address);
  const claim: Claim = {
    ...plain,
    eventId: undefined,
    sharedEventId: undefined,
    region: undefined,
    requester: { ...plain.requester, accessKeyId: undefined },
    source: {
      address: ip === undefined ? address : prefixOf(ip),
      userAgent: undefined,
      vpcEndpointId: undefined,
      vpcEndpointAccountId: undefined,
    },
  };
  return { subject: signInTokenSubject(key), claim };
}

/** SwitchRole is recorded as the role that was switched to; who switched stands beside it. */
function switchedFrom(record: CloudTrailRecord, claim: Claim): Claim {
  const arn = arnAt(record.additionalEventData, 'SwitchFrom');
  if (arn === undefined) return claim;
  const parsed = parseArn(arn);
  const requester: Requester = {
    type: parsed?.service === 'sts' ? 'AssumedRole' : parsed?.resource === 'root' ? 'Root' : 'IAMUser',
    arn: storedName(arn),
    accountId: storedId(parsed?.account),
    principalId: undefined,
    accessKeyId: undefined,
    invokedBy: undefined,
    createdAt: undefined,
    signInSessionArn: undefined,
    scopeType: undefined,
    scopeArn: undefined,
  };
  return { ...claim, requester };
}
