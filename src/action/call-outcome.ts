import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { type JsonObject, textAt } from '../event/json.ts';
import type { CallOutcome, ErrorOutcomes } from '../tables/error-outcomes.ts';
import type { FailureTest, FieldTest } from '../tables/failed-events.ts';
import type { KnownCall } from '../tables/known-calls.ts';
import type { ParameterTest } from '../tables/parameter-test.ts';
import { holdsForSome, isNumberWithin, testHolds } from './parameter-value.ts';

/**
 * Whether the call did what it asked for. Sign-in events say so under their own name: the console's in responseElements
 * (CloudTrail User Guide, "AWS Management Console sign-in events"), `{"ConsoleLogin": "Failure"}`, those of Identity
 * Center and WorkSpaces in serviceEventDetails (WorkSpaces Administration Guide, "Understanding AWS sign-in events
 * for smart card users"), `{"CredentialVerification": "Failure"}`. Others are known by data/curated/failed-events.json.
 *
 * @param known which call it is, and by which parameters it only asks; `undefined` where the record names none
 */
export function outcomeOf(
  record: CloudTrailRecord,
  known: KnownCall | undefined,
  outcomes: ErrorOutcomes,
): CallOutcome {
  if (record.errorCode !== undefined) return outcomes.outcomeOf(record.errorCode);
  if (record.eventName === undefined) return 'success';
  if (known?.dryRun !== undefined && asksOnly(record.requestParameters, known.dryRun)) return 'dry_run';
  if (known?.failure !== undefined && hasFailed(record, known.failure)) return 'error';
  if (known?.event.source === AGENTCORE) return outcomeOfAnswer(record.responseElements);
  const details = resultFields(record);
  return textAt(details, record.eventName) === 'Failure' ? 'denied' : 'success';
}

const AGENTCORE = 'bedrock-agentcore.amazonaws.com';

function asksOnly(parameters: JsonObject | undefined, tests: readonly ParameterTest[]): boolean {
  return parameters !== undefined && tests.some((test) => testHolds(test, parameters));
}

function hasFailed(record: CloudTrailRecord, tests: readonly FailureTest[]): boolean {
  return tests.some((test) => test === 'by_name' || tellsOfFailure(test, record[test.field]));
}

function tellsOfFailure({ test, atLeast }: FieldTest, told: JsonObject | undefined): boolean {
  if (told === undefined) return false;
  if (atLeast === undefined) return testHolds(test, told);
  return holdsForSome(test.path, told, (value) => isNumberWithin(value, atLeast, Infinity));
}

/**
 * A gateway answers a caller whom it does not know as HTTP does, and the event bears no error code (Amazon Bedrock
 * AgentCore Developer Guide, "Understanding Amazon Bedrock AgentCore Gateway CloudTrail events"): `{"statusCode":
 * 401}`.
 */
function outcomeOfAnswer(answer: JsonObject | undefined): CallOutcome {
  const status = answer?.['statusCode'];
  if (typeof status !== 'number' || status < 400) return 'success';
  return status === 401 || status === 403 ? 'denied' : 'error';
}

function resultFields(record: CloudTrailRecord): JsonObject | undefined {
  if (record.serviceEventDetails !== undefined) return record.serviceEventDetails;
  return record.kind === 'console_sign_in' ? record.responseElements : undefined;
}
