import { expect, test } from 'vitest';
import { ask, newStore } from './trail.ts';

const ALICE = {
  type: 'IAMUser',
  principalId: 'AIDAEXAMPLEALICE00001',
  arn: 'arn:aws:iam::111122223333:user/alice',
  accountId: '111122223333',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  userName: 'alice',
};

function role(name: string, id: string, session: string, key: string, createdAt: string) {
  return {
    type: 'AssumedRole',
    principalId: `${id}:${session}`,
    arn: `arn:aws:sts::111122223333:assumed-role/${name}/${session}`,
    accountId: '111122223333',
    accessKeyId: key,
    sessionContext: { attributes: { creationDate: createdAt, mfaAuthenticated: 'false' } },
  };
}

function assume(
  identity: object,
  eventTime: string,
  eventID: string,
  name: string,
  id: string,
  session: string,
  key: string,
) {
  return {
    eventVersion: '1.11',
    userIdentity: identity,
    eventTime,
    eventID,
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    awsRegion: 'eu-west-1',
    recipientAccountId: '111122223333',
    sourceIPAddress: '203.0.113.10',
    userAgent: 'aws-cli/2.15.0',
    requestParameters: { roleArn: `arn:aws:iam::111122223333:role/${name}`, roleSessionName: session },
    responseElements: {
      credentials: {
        accessKeyId: key,
        expiration: 'Nov 24, 2026, 11:00:00 AM',
        sessionToken: 'not-to-be-kept',
      },
      assumedRoleUser: {
        assumedRoleId: `${id}:${session}`,
        arn: `arn:aws:sts::111122223333:assumed-role/${name}/${session}`,
      },
    },
  };
}

test('a credential at the end of two roles is answered with the user at their beginning', () => {
  const store = newStore();
  const deploy = role(
    'Deploy',
    'AROAEXAMPLEDEPLOY0001',
    'one',
    'ASIAEXAMPLEDEPLOY001',
    '2026-11-24T10:00:00Z',
  );
  const admin = role('Admin', 'AROAEXAMPLEADMIN00001', 'two', 'ASIAEXAMPLEADMIN0001', '2026-11-24T10:05:00Z');
  ask(
    store,
    assume(
      ALICE,
      '2026-11-24T10:00:00Z',
      'e-1',
      'Deploy',
      'AROAEXAMPLEDEPLOY0001',
      'one',
      'ASIAEXAMPLEDEPLOY001',
    ),
  );
  ask(
    store,
    assume(
      deploy,
      '2026-11-24T10:05:00Z',
      'e-2',
      'Admin',
      'AROAEXAMPLEADMIN00001',
      'two',
      'ASIAEXAMPLEADMIN0001',
    ),
  );
  const { origin, source_check } = ask(store, {
    userIdentity: admin,
    eventTime: '2026-11-24T10:06:00Z',
    eventID: 'e-3',
    eventSource: 'iam.amazonaws.com',
    eventName: 'ListUsers',
    sourceIPAddress: '203.0.113.10',
    userAgent: 'aws-cli/2.15.0',
  });
  expect(origin).toMatchObject({
    status: 'found',
    join: 'access_key',
    confidence: 'high',
    credential: {
      kind: 'assumed_role',
      issued_at: '2026-11-24T10:05:00Z',
      expires_at: '2026-11-24T11:00:00Z',
      age_seconds: 60,
    },
    root: {
      type: 'IAMUser',
      arn: ALICE.arn,
      account_id: '111122223333',
      address: '203.0.113.10',
      access_key_id: ALICE.accessKeyId,
    },
    chain: [
      { arn: ALICE.arn, access_key_id: ALICE.accessKeyId, action: 'sts:AssumeRole', event_id: 'e-1' },
      { arn: deploy.arn, access_key_id: 'ASIAEXAMPLEDEPLOY001', action: 'sts:AssumeRole', event_id: 'e-2' },
    ],
    chain_depth: 2,
    chain_complete: true,
    conflict: false,
  });
  expect(source_check).toMatchObject({ verdict: 'same_source', anomalous: false, baseline: 'issuance' });
});
