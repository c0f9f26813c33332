import type { LogstashEvent } from './event.ts';

/** Events as the inputs of the pipelines make them of a CloudTrail record; Logstash 8 and later, ECS v8. */
type RecordObject = { readonly [field: string]: unknown };

const INGESTED = '2026-12-01T10:00:00.000Z';

/**
 * The cloudtrail codec (logstash-integration-aws): eventTime becomes @timestamp, and disableApiTermination an object,
 * so that it never clashes in a mapping.
 */
export function cloudtrailCodecEvent(record: RecordObject): LogstashEvent {
  const { eventTime, ...rest } = structuredClone(record) as LogstashEvent;
  const parameters = rest['requestParameters'] as LogstashEvent | undefined;
  if (parameters && 'disableApiTermination' in parameters)
    parameters['disableApiTermination'] = { value: parameters['disableApiTermination'] };
  const timestamp = new Date(String(eventTime)).toISOString();
  return {
    ...rest,
    '@timestamp': timestamp,
    '@version': '1',
    '@metadata': { s3: { key: 'AWSLogs/x.json.gz' } },
  };
}

/** Filebeat with the input aws-s3, or Elastic Agent, over the beats input. */
export function beatsEvent(record: RecordObject): LogstashEvent {
  const message = JSON.stringify(record);
  return {
    '@timestamp': INGESTED,
    '@version': '1',
    '@metadata': { beat: 'filebeat' },
    message,
    event: { dataset: 'aws.cloudtrail', module: 'aws', original: message },
    aws: { s3: { bucket: { name: 'b', arn: 'arn:aws:s3:::b' }, object: { key: 'AWSLogs/x.json.gz' } } },
    cloud: { provider: 'aws', region: 'us-east-1' },
    log: { offset: 0, file: { path: 'https://b.s3.us-east-1.amazonaws.com/AWSLogs/x.json.gz' } },
    agent: { type: 'filebeat', version: '9.0.0' },
    ecs: { version: '8.0.0' },
    input: { type: 'aws-s3' },
    tags: ['forwarded'],
    related: { ip: ['192.0.2.99'] },
  };
}

/** The json codec: the fields at the root, and with ECS the text that was read. */
export function jsonCodecEvent(record: RecordObject): LogstashEvent {
  return {
    ...structuredClone(record),
    '@timestamp': INGESTED,
    '@version': '1',
    event: { original: JSON.stringify(record) },
    host: { ip: '127.0.0.1' },
  };
}

/** An EventBridge event through the json codec. */
export function eventBridgeEvent(record: RecordObject): LogstashEvent {
  const envelope = {
    version: '0',
    id: '11111111-2222-3333-4444-555555555555',
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.iam',
    account: '111122223333',
    detail: structuredClone(record),
  };
  return jsonCodecEvent(envelope);
}

/** A stored event that the elasticsearch input has read, for the pipeline that enriches again. */
export function storedEvent(document: RecordObject): LogstashEvent {
  return {
    '@timestamp': INGESTED,
    '@version': '1',
    '@metadata': {
      source: structuredClone(document),
      doc: { _index: '.ds-logs-aws.cloudtrail-default-2026.12.01-000001', _id: 'AZr1' },
    },
  };
}
