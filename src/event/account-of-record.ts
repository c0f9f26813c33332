import type { CloudTrailRecord } from './cloudtrail-record.ts';

/** The account that a call was for, and that what it made lies in: records without the recipient name the caller's. */
export function accountOfRecord(record: CloudTrailRecord): string | undefined {
  return record.recipientAccountId ?? record.userIdentity.accountId;
}
