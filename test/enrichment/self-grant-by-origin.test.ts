import { describe, expect, test } from 'vitest';
import { testService } from '../service.ts';

const service = testService();

function event(fields: Record<string, unknown>) {
  return {
    eventVersion: '1.11',
    awsRegion: 'eu-west-1',
    eventType: 'AwsApiCall',
    recipientAccountId: '111122223333',
    sourceIPAddress: '203.0.113.7',
    ...fields,
  };
}

const assumed = event({
  eventID: '00000000-0000-4000-8000-000000000001',
  eventTime: '2026-03-01T10:00:00Z',
  eventSource: 'sts.amazonaws.com',
  eventName: 'AssumeRole',
  userIdentity: {
    type: 'IAMUser',
    userName: 'dev-intern',
    arn: 'arn:aws:iam::111122223333:user/people/dev-intern',
    accountId: '111122223333',
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  },
  requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/ProdAdmin', roleSessionName: 's' },
  responseElements: {
    credentials: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', expiration: 'Mar 1, 2026, 11:00:00 AM' },
    assumedRoleUser: {
      arn: 'arn:aws:sts::111122223333:assumed-role/ProdAdmin/s',
      assumedRoleId: 'AROAEXAMPLE:s',
    },
  },
});

function attached(userName: string, eventID: string) {
  return event({
    eventID,
    eventTime: '2026-03-01T10:05:00Z',
    eventSource: 'iam.amazonaws.com',
    eventName: 'AttachUserPolicy',
    userIdentity: {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::111122223333:assumed-role/ProdAdmin/s',
      principalId: 'AROAEXAMPLE:s',
      accountId: '111122223333',
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          arn: 'arn:aws:iam::111122223333:role/ProdAdmin',
          userName: 'ProdAdmin',
          accountId: '111122223333',
          principalId: 'AROAEXAMPLE',
        },
        attributes: { creationDate: '2026-03-01T10:00:00Z' },
      },
    },
    requestParameters: { userName, policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
  });
}

async function enrich(payload: object) {
  const response = await service.app.inject({ method: 'POST', url: '/enrich', payload });
  return response.json();
}

describe('a self-grant by way of a role', () => {
  test('is told where the user who gains stands behind the session', async () => {
    await enrich(assumed);
    const own = await enrich(attached('dev-intern', '00000000-0000-4000-8000-000000000002'));
    const other = await enrich(attached('somebody-else', '00000000-0000-4000-8000-000000000003'));
    expect([own.policy.self_grant, other.policy.self_grant]).toEqual([true, false]);
    expect(own.risk.score).toBeGreaterThanOrEqual(other.risk.score);
  });

  test('is told of a record that does not name the account it was for', async () => {
    await enrich(assumed);
    const { recipientAccountId: _, ...record } = attached(
      'dev-intern',
      '00000000-0000-4000-8000-000000000004',
    );
    expect((await enrich(record)).policy.self_grant).toBe(true);
  });
});
