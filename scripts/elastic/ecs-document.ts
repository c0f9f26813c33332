import { isIP } from 'node:net';
import type { Enrichment } from '../../src/enrichment/enrichment.ts';
import { booleanAt, isObject, type JsonObject, objectAt, own, textAt } from '../../src/event/json.ts';
import { parseTime } from '../../src/event/time.ts';

/**
 * The document that the pipelines index for a record and its answer, by the table elastic/ecs-fields.json: the tests
 * and the engine lane make the same from a record as it was sent.
 */
export function ecsDocument(record: JsonObject, answer: Enrichment): JsonObject {
  const { threat, related, ...detrails } = answer;
  const time = parseTime(textAt(record, 'eventTime') ?? '');
  const address = textAt(record, 'sourceIPAddress');
  const identity = objectAt(record, 'userIdentity');
  const issuer = objectAt(objectAt(identity, 'sessionContext'), 'sessionIssuer');
  return compact({
    '@timestamp': time === undefined ? undefined : new Date(time).toISOString(),
    event: {
      action: textAt(record, 'eventName'),
      dataset: 'aws.cloudtrail',
      id: textAt(record, 'eventID'),
      kind: 'event',
      outcome: textAt(record, 'errorCode') === undefined ? 'success' : 'failure',
      provider: textAt(record, 'eventSource'),
    },
    cloud: {
      provider: 'aws',
      account: { id: textAt(record, 'recipientAccountId') },
      region: textAt(record, 'awsRegion'),
    },
    source: { address, ip: address !== undefined && isIP(address) !== 0 ? address : undefined },
    user: {
      id: textAt(identity, 'principalId'),
      name: textAt(identity, 'userName') ?? textAt(issuer, 'userName'),
    },
    user_agent: { original: textAt(record, 'userAgent') },
    aws: { cloudtrail: cloudTrail(record, identity) },
    threat,
    related,
    detrails,
  });
}

function cloudTrail(record: JsonObject, identity: JsonObject | undefined): JsonObject {
  const mfa = textAt(objectAt(record, 'additionalEventData'), 'MFAUsed');
  return {
    error_code: textAt(record, 'errorCode'),
    error_message: textAt(record, 'errorMessage'),
    event_category: textAt(record, 'eventCategory'),
    event_type: textAt(record, 'eventType'),
    read_only: booleanAt(record, 'readOnly'),
    recipient_account_id: textAt(record, 'recipientAccountId'),
    request_id: textAt(record, 'requestID'),
    shared_event_id: textAt(record, 'sharedEventID'),
    user_identity: {
      access_key_id: textAt(identity, 'accessKeyId'),
      arn: textAt(identity, 'arn'),
      invoked_by: textAt(identity, 'invokedBy'),
      type: textAt(identity, 'type'),
    },
    console_login: mfa && { additional_eventdata: { mfa_used: mfa === 'Yes' } },
    flattened: {
      request_parameters: objectAt(record, 'requestParameters'),
      response_elements: withoutToken(objectAt(record, 'responseElements')),
      additional_eventdata: objectAt(record, 'additionalEventData'),
    },
  };
}

function withoutToken(response: JsonObject | undefined): JsonObject | undefined {
  const credentials = objectAt(response, 'credentials');
  if (credentials === undefined) return response;
  const { sessionToken: _, ...rest } = credentials;
  return { ...response, credentials: rest };
}

/** Without the fields that have nothing to say, at any depth. */
function compact(object: JsonObject): JsonObject {
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(object)) {
    const value = own(object, name);
    if (value === undefined || value === '') continue;
    const inner = isObject(value) ? compact(value) : value;
    if (isObject(inner) && Object.keys(inner).length === 0) continue;
    kept[name] = inner;
  }
  return kept;
}
