import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { type JsonObject, textAt } from '../event/json.ts';
import type { CallOutcome, ErrorOutcomes } from '../tables/error-outcomes.ts';

/**
 * Whether the call did what it asked for. Sign-in events say so under their own name: the console's in responseElements
 * (CloudTrail User Guide, "AWS Management Console sign-in events"), `{"ConsoleLogin": "Failure"}`, those of Identity
 * Center and WorkSpaces in serviceEventDetails (WorkSpaces Administration Guide, "Understanding AWS sign-in events
 * for smart card users"), `{"CredentialVerification": "Failure"}`.
 *
 * @param source the event source as the partition aws writes it; `undefined` where the record or the tables name none
 */
export function outcomeOf(
  record: CloudTrailRecord,
  source: string | undefined,
  outcomes: ErrorOutcomes,
): CallOutcome {
  if (record.errorCode !== undefined) return outcomes.outcomeOf(record.errorCode);
  if (record.eventName === undefined) return 'success';
  if (source === LAMBDA && asksOnly(record.requestParameters)) return 'dry_run';
  if (source === AGENTCORE) return outcomeOfAnswer(record.responseElements);
  const details = resultFields(record);
  return textAt(details, record.eventName) === 'Failure' ? 'denied' : 'success';
}

const LAMBDA = 'lambda.amazonaws.com';
const AGENTCORE = 'bedrock-agentcore.amazonaws.com';

/**
 * Lambda answers a dry run as a success (Lambda API Reference, UpdateFunctionCode: DryRun; Invoke: InvocationType);
 * EC2 and KMS answer theirs with an error code.
 */
function asksOnly(parameters: JsonObject | undefined): boolean {
  return parameters?.['dryRun'] === true || textAt(parameters, 'invocationType') === 'DryRun';
}

/**
 * A gateway answers a caller whom it does not know as HTTP does, and the event bears no error code (Amazon Bedrock
 * AgentCore Developer Guide, "Understanding Amazon Bedrock AgentCore Gateway CloudTrail events"): `{"statusCode": 401}`.
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
