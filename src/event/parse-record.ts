import { type Problem, problem, type Refusal } from '../errors.ts';
import type { CloudTrailRecord, RecordKind } from './cloudtrail-record.ts';
import { type FoundRecord, findRecord, findRecordInText } from './find-record.ts';
import { booleanAt, type JsonObject, objectAt } from './json.ts';
import { objectField, textField } from './record-fields.ts';
import { parseTime } from './time.ts';
import { parseUserIdentity } from './user-identity.ts';

export type ParsedRecord =
  | { readonly ok: true; readonly record: CloudTrailRecord; readonly problems: Problem[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** The record in the text of a request body. A refusal is a value: what was sent is never thrown or repeated. */
export function parseRecordText(text: string): ParsedRecord {
  return parseFound(findRecordInText(text));
}

/** The record in a value that was parsed already, such as one element of a batch. */
export function parseRecord(value: unknown): ParsedRecord {
  return parseFound(findRecord(value));
}

function parseFound(found: FoundRecord): ParsedRecord {
  if (!found.ok) return found;
  const problems: Problem[] = [];
  return { ok: true, record: readFields(found.source, problems), problems };
}

function readFields(source: JsonObject, problems: Problem[]): CloudTrailRecord {
  const eventType = textField(source, 'eventType', problems);
  const eventCategory = textField(source, 'eventCategory', problems);
  return {
    eventVersion: textField(source, 'eventVersion', problems),
    eventTime: timeField(source, problems),
    eventSource: textField(source, 'eventSource', problems),
    eventName: textField(source, 'eventName', problems),
    eventType,
    eventCategory,
    awsRegion: textField(source, 'awsRegion', problems),
    recipientAccountId: textField(source, 'recipientAccountId', problems),
    eventId: textField(source, 'eventID', problems) ?? textField(source, 'eventId', problems),
    requestId: textField(source, 'requestID', problems) ?? textField(source, 'requestId', problems),
    sharedEventId: textField(source, 'sharedEventID', problems),
    sourceIpAddress:
      textField(source, 'sourceIPAddress', problems) ?? textField(source, 'sourceIpAddress', problems),
    userAgent: textField(source, 'userAgent', problems),
    errorCode: textField(source, 'errorCode', problems),
    errorMessage: textField(source, 'errorMessage', problems),
    readOnly: booleanAt(source, 'readOnly'),
    vpcEndpointId: textField(source, 'vpcEndpointId', problems),
    vpcEndpointAccountId: textField(source, 'vpcEndpointAccountId', problems),
    sessionCredentialFromConsole: booleanAt(source, 'sessionCredentialFromConsole') === true,
    userIdentity: parseUserIdentity(objectField(source, 'userIdentity', problems), problems),
    requestParameters: objectField(source, 'requestParameters', problems),
    responseElements: objectField(source, 'responseElements', problems),
    additionalEventData: objectField(source, 'additionalEventData', problems),
    serviceEventDetails: objectField(source, 'serviceEventDetails', problems),
    kind: kindOf(source, eventType, eventCategory),
  };
}

/** User Guide, "CloudTrail record contents", eventType and eventCategory. Anything else is taken for a call. */
function kindOf(
  source: JsonObject,
  eventType: string | undefined,
  eventCategory: string | undefined,
): RecordKind {
  switch (eventType) {
    case 'AwsApiCall':
      return eventCategory === 'NetworkActivity' ? 'network_activity' : 'api_call';
    case 'AwsConsoleSignIn':
      return 'console_sign_in';
    case 'AwsServiceEvent':
      return 'service_event';
    case 'AwsVpceEvent':
      return 'network_activity';
    case 'AwsCloudTrailInsight':
      return 'insight';
  }
  if (objectAt(source, 'insightDetails') !== undefined) return 'insight';
  if (eventCategory === 'NetworkActivity') return 'network_activity';
  return source['eventName'] === undefined ? 'digest' : 'api_call';
}

/** Logstash's cloudtrail codec moves eventTime to @timestamp; in every other shape @timestamp is the time of ingest. */
function timeField(source: JsonObject, problems: Problem[]): number | undefined {
  const text = textField(source, 'eventTime', problems) ?? textField(source, '@timestamp', problems);
  if (text === undefined) return undefined;
  const time = parseTime(text);
  if (time === undefined) problems.push(problem('bad_time', 'eventTime'));
  return time;
}
