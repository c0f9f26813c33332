import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { textAt } from '../event/json.ts';
import type { CallOutcome, ErrorOutcomes } from '../tables/error-outcomes.ts';

/**
 * Whether the call did what it asked for. Sign-in events say so in responseElements, under the event's own name
 * (User Guide, "AWS Management Console sign-in events"): `{"ConsoleLogin": "Failure"}`.
 */
export function outcomeOf(record: CloudTrailRecord, outcomes: ErrorOutcomes): CallOutcome {
  if (record.errorCode !== undefined) return outcomes.outcomeOf(record.errorCode);
  if (record.kind !== 'console_sign_in' || record.eventName === undefined) return 'success';
  return textAt(record.responseElements, record.eventName) === 'Failure' ? 'denied' : 'success';
}
