import type { JsonObject } from '../../src/event/json.ts';

const BUCKET = 'example-orders-export-111122223333';
const KEY = 'reports/2026/11/24/daily-orders-eu-west-1-part-00042.snappy.parquet';
const HOST = `${BUCKET}.s3.eu-west-1.amazonaws.com`;

/**
 * An event as long as CloudTrail writes it (1.8 kB): with the fields of a data event of S3 where it has none of its
 * own. What is measured with it is the cost of an event as they come, and not that of a shortened one.
 */
export function withUsualFields(event: JsonObject): JsonObject {
  return {
    eventVersion: '1.11',
    ...event,
    requestParameters: event['requestParameters'] ?? { bucketName: BUCKET, Host: HOST, key: KEY },
    additionalEventData: {
      SignatureVersion: 'SigV4',
      CipherSuite: 'TLS_AES_128_GCM_SHA256',
      bytesTransferredIn: 0,
      AuthenticationMethod: 'AuthHeader',
      'x-amz-id-2': 'ExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExample=',
      bytesTransferredOut: 72_279,
    },
    requestID: 'EXAMPLEREQUESTID',
    readOnly: true,
    resources: [
      { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${BUCKET}/${KEY}` },
      { accountId: '111122223333', type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${BUCKET}` },
    ],
    eventType: 'AwsApiCall',
    managementEvent: false,
    recipientAccountId: '111122223333',
    eventCategory: 'Data',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: HOST,
    },
  };
}
