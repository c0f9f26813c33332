import { ROLES } from './cast.ts';
import { assumeRole } from './iam-calls.ts';
import { type Actor, MACHINES_OF_AWS, MAIN, MEMBER, onBehalf, service, session } from './identities.ts';
import type { Trail } from './trail.ts';

const LOG_BUCKET = { [MAIN]: 'example-trail-main', [MEMBER]: 'example-trail-member' } as Record<
  string,
  string
>;

/** CloudTrail checks the bucket that it writes to, and encrypts what it writes, a few times an hour. */
export function trailDelivery(trail: Trail, accountId = MAIN): void {
  trail.noise();
  const bucket = LOG_BUCKET[accountId] as string;
  const cloudTrail = service('cloudtrail.amazonaws.com', accountId);
  trail.call(cloudTrail, 's3:GetBucketAcl', {
    after: 11,
    request: { bucketName: bucket, acl: '', Host: `${bucket}.s3.us-east-1.amazonaws.com` },
    additional: {
      SignatureVersion: 'SigV4',
      CipherSuite: 'TLS_AES_128_GCM_SHA256',
      bytesTransferredIn: 0,
      AuthenticationMethod: 'AuthHeader',
      bytesTransferredOut: 568,
    },
    resources: [{ accountId, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}` }],
  });
  const key = `arn:aws:kms:us-east-1:${accountId}:key/0a1b2c3d-1111-4222-8333-444455556666`;
  trail.call(cloudTrail, 'kms:GenerateDataKey', {
    after: 1,
    request: {
      keyId: key,
      keySpec: 'AES_256',
      encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::${bucket}` },
    },
    resources: [{ accountId, type: 'AWS::KMS::Key', ARN: key }],
  });
}

/** EC2 renews the credentials of an instance's role; the instance then reads its parameters. */
export function instanceAtWork(trail: Trail, accessKeyId: string, instanceId = 'i-0a1b2c3d4e5f60718'): Actor {
  trail.noise();
  const creationDate = trail.now(4);
  const role = ROLES.webServer;
  assumeRole(
    trail,
    service('ec2.amazonaws.com', role.accountId),
    { role, sessionName: instanceId, accessKeyId },
    { after: 4, region: 'eu-west-1' },
  );
  const detail = { name: instanceId, accessKeyId, creationDate, ec2RoleDelivery: '2.0' } as const;
  const instance = session(role, detail, MACHINES_OF_AWS);
  trail.call(instance, 'ssm:UpdateInstanceInformation', {
    after: 9,
    region: 'eu-west-1',
    readOnly: false,
    request: {
      instanceId,
      agentVersion: '3.3.3050.0',
      agentStatus: 'Active',
      platformType: 'Linux',
      platformName: 'Amazon Linux',
    },
  });
  return instance;
}

/** AWS Config looks at what changed, with a role of its own. */
export function configLooks(trail: Trail, policyArn: string): void {
  trail.noise();
  const detail = {
    name: 'AWSConfig-Describe',
    accessKeyId: 'ASIAEXAMPLECONFIGDSC',
    creationDate: trail.now(),
  };
  const recorder = session(ROLES.configRecorder, detail, MACHINES_OF_AWS);
  const config = onBehalf(recorder, 'config.amazonaws.com');
  trail.call(config, 'iam:GetPolicy', { after: 40, request: { policyArn } });
  trail.call(config, 'iam:ListPolicyVersions', { after: 1, request: { policyArn } });
}
