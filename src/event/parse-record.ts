import { type Problem, problem, type Refusal } from '../errors.ts';
import type { CloudTrailRecord, RecordKind } from './cloudtrail-record.ts';
import { AGGREGATED, type FoundRecord, findRecord, findRecordInText } from './find-record.ts';
import { booleanOf, type JsonObject, objectAt } from './json.ts';
import { objectOf, textOf } from './record-fields.ts';
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
  const eventType = textOf(source['eventType'], 'eventType', problems);
  const eventCategory = textOf(source['eventCategory'], 'eventCategory', problems);
  return {
    eventTime: timeField(source, problems),
    eventSource: textOf(source['eventSource'], 'eventSource', problems),
    eventName: textOf(source['eventName'], 'eventName', problems),
    eventType,
    awsRegion: textOf(source['awsRegion'], 'awsRegion', problems),
    recipientAccountId: textOf(source['recipientAccountId'], 'recipientAccountId', problems),
    eventId: textOf(source['eventID'], 'eventID', problems) ?? textOf(source['eventId'], 'eventId', problems),
    requestId:
      textOf(source['requestID'], 'requestID', problems) ??
      textOf(source['requestId'], 'requestId', problems),
    sharedEventId: textOf(source['sharedEventID'], 'sharedEventID', problems),
    sourceIpAddress:
      textOf(source['sourceIPAddress'], 'sourceIPAddress', problems) ??
      textOf(source['sourceIpAddress'], 'sourceIpAddress', problems),
    userAgent: textOf(source['userAgent'], 'userAgent', problems),
    errorCode: textOf(source['errorCode'], 'errorCode', problems),
    vpcEndpointId: textOf(source['vpcEndpointId'], 'vpcEndpointId', problems),
    vpcEndpointAccountId: textOf(source['vpcEndpointAccountId'], 'vpcEndpointAccountId', problems),
    sessionCredentialFromConsole: booleanOf(source['sessionCredentialFromConsole']) === true,
    userIdentity: parseUserIdentity(objectOf(source['userIdentity'], 'userIdentity', problems), problems),
    requestParameters: objectOf(source['requestParameters'], 'requestParameters', problems),
    responseElements: objectOf(source['responseElements'], 'responseElements', problems),
    additionalEventData: objectOf(source['additionalEventData'], 'additionalEventData', problems),
    serviceEventDetails: objectOf(source['serviceEventDetails'], 'serviceEventDetails', problems),
    kind: kindOfType(eventType, eventCategory) ?? kindOfFields(source, eventCategory),
  };
}

/**
 * What kind of record its type says that it is. User Guide, "CloudTrail record contents" and "CloudTrail record
 * contents for aggregated events", eventType and eventCategory.
 */
export function kindOfType(
  eventType: string | undefined,
  eventCategory: string | undefined,
): RecordKind | undefined {
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
    case AGGREGATED:
      return 'aggregated';
    default:
      return undefined;
  }
}

/** Of any other type; what nothing else tells of is taken for a call. */
function kindOfFields(source: JsonObject, eventCategory: string | undefined): RecordKind {
  if (objectAt(source, 'insightDetails') !== undefined) return 'insight';
  if (eventCategory === 'NetworkActivity') return 'network_activity';
  return source['eventName'] === undefined ? 'digest' : 'api_call';
}

/** Logstash's cloudtrail codec moves eventTime to @timestamp; in every other shape @timestamp is the time of ingest. */
function timeField(source: JsonObject, problems: Problem[]): number | undefined {
  const eventTime = textOf(source['eventTime'], 'eventTime', problems);
  const text = eventTime ?? textOf(source['@timestamp'], '@timestamp', problems);
  if (text === undefined) return undefined;
  const time = parseTime(text);
  if (time === undefined)
    problems.push(problem('bad_time', eventTime === undefined ? '@timestamp' : 'eventTime'));
  return time;
}
