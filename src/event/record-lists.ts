/** Keys under which nothing but records is held: CloudTrail's files and Lambda's events; a Firehose request. */
export const RECORDS: readonly string[] = ['Records', 'records'];

/**
 * AWS CLI Command Reference, "cloudtrail lookup-events": each element holds its record as text. Other documents have
 * lists of that name too.
 */
export const LOOKED_UP = 'Events';

/** Of a subscription of CloudWatch Logs: each element holds its record as text. */
export const LOG_EVENTS = 'logEvents';

/** Every key under which an object may hold a list of records. */
export const RECORD_LISTS: readonly string[] = [...RECORDS, LOOKED_UP, LOG_EVENTS];
