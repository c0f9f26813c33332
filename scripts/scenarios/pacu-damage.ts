import { BY_BOT, GRAVE } from './highlights.ts';
import { type Actor, MEMBER, onBehalf } from './identities.ts';
import type { Trail } from './trail.ts';

const region = 'eu-west-1';

/**
 * B11 to B13: Pacu's modules rds__explore_snapshots, detection__disruption, guardduty__whitelist_ip,
 * s3__download_bucket.
 */
export function copyDatabase(trail: Trail, member: Actor): void {
  trail.step('B11', 'Copies a database, and changes its password', BY_BOT, ['database-copied-and-opened']);
  const source = 'shop-orders';
  const copy = `${source}-copy`;
  trail.call(member, 'rds:CreateDBSnapshot', {
    region,
    after: 80,
    request: { dBInstanceIdentifier: source, dBSnapshotIdentifier: copy },
  });
  trail.call(member, 'rds:RestoreDBInstanceFromDBSnapshot', {
    region,
    after: 240,
    request: { dBInstanceIdentifier: copy, dBSnapshotIdentifier: copy, publiclyAccessible: true },
    expect: { 'threat.technique.id': { any_of: ['T1537', 'T1578', 'T1530'] } },
  });
  trail.noise();
  trail.call(onBehalf(member, 'rds.amazonaws.com'), 'kms:CreateGrant', {
    region,
    after: 2,
    request: { operations: ['Decrypt', 'GenerateDataKey'] },
    readOnly: false,
  });
  trail.step('B11', 'Copies a database, and changes its password', BY_BOT);
  trail.call(member, 'rds:ModifyDBInstance', {
    region,
    after: 300,
    request: {
      dBInstanceIdentifier: copy,
      masterUserPassword: 'HIDDEN_DUE_TO_SECURITY_REASONS',
      applyImmediately: true,
    },
  });
  trail.step('B11', 'Shares the snapshot with a stranger', {}, ['snapshot-shared']);
  trail.call(member, 'rds:ModifyDBSnapshotAttribute', {
    region,
    after: 40,
    request: { dBSnapshotIdentifier: copy, attributeName: 'restore', valuesToAdd: ['999988887777'] },
    expect: { ...BY_BOT, 'threat.technique.id': 'T1537', 'risk.categories': 'resource_exposure' },
  });
}

export function disruptDetection(trail: Trail, member: Actor): void {
  const detectorId = '12abc34d567e8fa901bc2d34eexample';
  const blinding = { ...GRAVE, ...BY_BOT, 'threat.technique.id': 'T1685' };
  trail.step('B12', 'Blinds the account', blinding, ['logging-disabled']);
  trail.call(member, 'cloudtrail:StopLogging', {
    after: 110,
    request: { name: `arn:aws:cloudtrail:us-east-1:${MEMBER}:trail/example-trail-member` },
  });
  trail.call(member, 'guardduty:DeleteDetector', { region, after: 4, request: { detectorId } });
  trail.call(member, 'ec2:DeleteFlowLogs', {
    region,
    after: 4,
    request: { DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: 'fl-0a1b2c3d4e5f60718' } } },
  });
  trail.call(member, 'config:DeleteConfigurationRecorder', {
    region,
    after: 4,
    request: { configurationRecorderName: 'default' },
  });
  trail.step('B12', 'Tells GuardDuty to trust its address', { ...BY_BOT, 'threat.technique.id': 'T1685' }, [
    'detection-told-to-trust',
  ]);
  trail.call(member, 'guardduty:CreateIPSet', {
    region: 'us-east-1',
    after: 14,
    request: {
      detectorId,
      name: 'office',
      format: 'TXT',
      location: 's3://example-bucket/office.txt',
      activate: true,
    },
    response: { ipSetId: '0cb0141ab9fbde177613ab9436212e90' },
  });
}

export function takeData(trail: Trail, member: Actor): void {
  const bucketName = 'example-shop-exports';
  trail.step('B13', 'Downloads the exports', {
    ...BY_BOT,
    'threat.technique.id': 'T1530',
    'action.access_level': 'Read',
  });
  for (const key of ['orders-2026-09.csv', 'orders-2026-10.csv', 'orders-2026-11.csv']) {
    trail.call(member, 's3:GetObject', {
      region,
      after: 3,
      isDataEvent: true,
      request: { bucketName, key, Host: `${bucketName}.s3.${region}.amazonaws.com` },
      additional: {
        SignatureVersion: 'SigV4',
        AuthenticationMethod: 'AuthHeader',
        bytesTransferredIn: 0,
        bytesTransferredOut: 1_048_576,
      },
      resources: [
        { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucketName}/${key}` },
        { accountId: MEMBER, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucketName}` },
      ],
      host: `${bucketName}.s3.${region}.amazonaws.com`,
    });
  }
  trail.step(
    'B13',
    'Opens the bucket to everyone, for the rest',
    { ...GRAVE, ...BY_BOT, 'policy.kind': 'resource', 'policy.public': true },
    ['resource-opened-to-everyone'],
  );
  trail.call(member, 's3:PutBucketPolicy', {
    region,
    after: 60,
    request: {
      bucketName,
      Host: `${bucketName}.s3.${region}.amazonaws.com`,
      policy: '',
      bucketPolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 's3:GetObject',
            Resource: `arn:aws:s3:::${bucketName}/*`,
          },
        ],
      },
    },
    host: `${bucketName}.s3.${region}.amazonaws.com`,
  });
}
