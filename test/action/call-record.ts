import type { CloudTrailRecord } from '../../src/event/cloudtrail-record.ts';
import { parseRecord } from '../../src/event/parse-record.ts';

/** A record of one API call, with what the test is about and nothing else. */
export function callRecord(fields: Readonly<Record<string, unknown>>): CloudTrailRecord {
  const parsed = parseRecord({ eventVersion: '1.11', eventType: 'AwsApiCall', ...fields });
  if (!parsed.ok) throw new Error(`the fixture is no CloudTrail record: ${parsed.refusal.code}`);
  return parsed.record;
}
