import { accountOfRecord } from '../../event/account-of-record.ts';
import type { CloudTrailRecord } from '../../event/cloudtrail-record.ts';

/** What a record tells of a call, whatever policy it is about. */
export interface CallFacts {
  /** The one that the call was for. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number | undefined;
  /** The eventID. */
  readonly event: string | undefined;
  /** As IAM knows it: `user/dev-intern`, or the role of its session, `role/deploy`. */
  readonly caller: string | undefined;
}

export function factsOfCall(record: CloudTrailRecord): CallFacts {
  return {
    account: accountOfRecord(record),
    region: record.awsRegion,
    at: record.eventTime,
    event: record.eventId,
    caller: callerOf(record),
  };
}

function callerOf({ userIdentity }: CloudTrailRecord): string | undefined {
  const { type, userName, sessionIssuer } = userIdentity;
  if (type === 'IAMUser') return userName === undefined ? undefined : `user/${userName}`;
  if (sessionIssuer?.userName === undefined) return undefined;
  return `${sessionIssuer.type === 'Role' ? 'role' : 'user'}/${sessionIssuer.userName}`;
}
