import { type JsonObject, objectAt, textAt } from './json.ts';

/**
 * A record rebuilt from the document that Elastic's AWS integration and Filebeat's aws module make of it, for the
 * case that `event.original` was dropped. What the document does not hold (tlsDetails, most of
 * additionalEventData) stays absent. Field names: Elastic, "AWS CloudTrail" integration, exported fields.
 */
export function recordOfElasticDocument(document: JsonObject): JsonObject | undefined {
  const trail = objectAt(objectAt(document, 'aws'), 'cloudtrail');
  const event = objectAt(document, 'event');
  const eventName = textAt(event, 'action');
  const eventSource = textAt(event, 'provider');
  if (trail === undefined || eventName === undefined || eventSource === undefined) return undefined;
  const flattened = objectAt(trail, 'flattened');
  return {
    eventTime: document['@timestamp'],
    eventSource,
    eventName,
    eventType: trail['event_type'],
    eventCategory: trail['event_category'],
    eventID: textAt(event, 'id'),
    requestID: trail['request_id'],
    sharedEventID: trail['shared_event_id'],
    awsRegion: textAt(objectAt(document, 'cloud'), 'region'),
    recipientAccountId: trail['recipient_account_id'],
    sourceIPAddress: sourceAddress(document),
    userAgent: textAt(objectAt(document, 'user_agent'), 'original'),
    errorCode: trail['error_code'],
    vpcEndpointId: trail['vpc_endpoint_id'],
    sessionCredentialFromConsole: trail['session_credential_from_console'],
    userIdentity: identity(document, trail),
    requestParameters: flattened?.['request_parameters'] ?? jsonText(trail, 'request_parameters'),
    responseElements: flattened?.['response_elements'] ?? jsonText(trail, 'response_elements'),
    additionalEventData: flattened?.['additional_eventdata'] ?? jsonText(trail, 'additional_eventdata'),
    serviceEventDetails: flattened?.['service_event_details'] ?? jsonText(trail, 'service_event_details'),
  };
}

/** Its text form is JSON in some versions and Java's map text (`{a=b}`) in others; the latter cannot be read back. */
function jsonText(trail: JsonObject, key: string): string | undefined {
  const text = textAt(trail, key);
  return text?.startsWith('{"') ? text : undefined;
}

function sourceAddress(document: JsonObject): string | undefined {
  const source = objectAt(document, 'source');
  return textAt(source, 'address') ?? textAt(source, 'ip');
}

function identity(document: JsonObject, trail: JsonObject): JsonObject {
  const identityOf = objectAt(trail, 'user_identity');
  const context = objectAt(identityOf, 'session_context');
  const issuer = objectAt(context, 'session_issuer');
  const user = objectAt(document, 'user');
  const account = textAt(objectAt(objectAt(document, 'cloud'), 'account'), 'id');
  return {
    type: textAt(identityOf, 'type'),
    arn: textAt(identityOf, 'arn'),
    accessKeyId: textAt(identityOf, 'access_key_id'),
    invokedBy: textAt(identityOf, 'invoked_by'),
    principalId: textAt(user, 'id'),
    userName: textAt(user, 'name'),
    accountId: account,
    sessionContext: {
      attributes: { creationDate: textAt(context, 'creation_date') },
      sessionIssuer: {
        type: textAt(issuer, 'type'),
        arn: textAt(issuer, 'arn'),
        principalId: textAt(issuer, 'principal_id'),
        accountId: textAt(issuer, 'account_id'),
        userName: textAt(user, 'name'),
      },
    },
  };
}
