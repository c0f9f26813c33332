import type { CloudTrailRecord } from '../../event/cloudtrail-record.ts';

/** The account that the policy lies in. */
export function accountOfRecord(record: CloudTrailRecord): string | undefined {
  return record.recipientAccountId ?? record.userIdentity.accountId;
}
