import type { CloudTrailRecord, UserIdentity } from '../event/cloudtrail-record.ts';
import type { Principal } from './policy-document.ts';

/** The caller as IAM knows it: `user/dev-intern`, or the role of its session, `role/deploy`. */
export function callerOf({ userIdentity }: CloudTrailRecord): string | undefined {
  const { type, userName, sessionIssuer } = userIdentity;
  if (type === 'IAMUser') return userName === undefined ? undefined : `user/${userName}`;
  if (sessionIssuer?.userName === undefined) return undefined;
  return sessionIssuer.type === 'User' || sessionIssuer.type === 'IAMUser'
    ? `user/${sessionIssuer.userName}`
    : `role/${sessionIssuer.userName}`;
}

/** Whether a trust policy names the caller itself, or the role that it acts by. */
export function namesCaller(principals: readonly Principal[], identity: UserIdentity): boolean {
  const arns = [identity.arn, identity.sessionIssuer?.arn].filter((arn) => arn !== undefined);
  return principals.some(({ type, name }) => type === 'AWS' && arns.includes(name));
}
