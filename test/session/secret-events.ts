import type { JsonObject } from '../../src/event/json.ts';
import { SESSION_CALLS } from './session-calls.ts';

export const CANARY = 'CANARY-7f3a';

const SECRETS = {
  sessionToken: CANARY,
  secretAccessKey: CANARY,
  password: CANARY,
  userData: CANARY,
  SecretString: CANARY,
  secretString: CANARY,
  authorization: CANARY,
  token: CANARY,
  sAMLAssertion: CANARY,
  webIdentityToken: CANARY,
};

function keyOf(i: number): string {
  return `ASIAEXAMPLE0000000${String(i).padStart(2, '0')}`;
}

function credentialsOfSet(i: number): JsonObject {
  return { credentials: { accessKeyId: keyOf(i), ...SECRETS }, ...SECRETS };
}

/** Every record that the session room reads closely, with a marked secret in each place beside what it reads. */
export const SECRET_EVENTS: readonly JsonObject[] = SESSION_CALLS.map(([eventSource, eventName], i) => ({
  eventTime: `2026-11-24T10:00:${String(i).padStart(2, '0')}Z`,
  eventID: `event-${i}`,
  eventSource,
  eventName,
  sourceIPAddress: '203.0.113.10',
  userAgent: 'aws-cli/2.15.0',
  recipientAccountId: '111122223333',
  errorMessage: CANARY,
  userIdentity: {
    type: 'IAMUser',
    principalId: 'AIDAEXAMPLEALICE',
    arn: 'arn:aws:iam::111122223333:user/alice',
    accountId: '111122223333',
    accessKeyId: i % 2 === 0 ? 'AKIAIOSFODNN7EXAMPLE' : keyOf(i - 1),
    userName: 'alice',
    sessionContext: { attributes: { creationDate: '2026-11-24T10:00:00Z' }, ...SECRETS },
    ...SECRETS,
  },
  requestParameters: {
    roleArn: 'arn:aws:iam::111122223333:role/Deploy',
    roleSessionName: 'alice',
    userName: 'alice',
    ...SECRETS,
  },
  responseElements: {
    credentials: { accessKeyId: keyOf(i), ...SECRETS },
    accessKey: { accessKeyId: 'AKIAEXAMPLE000000009', ...SECRETS },
    loginProfile: { userName: 'alice', ...SECRETS },
    assumedRoleUser: {
      assumedRoleId: 'AROAEXAMPLEDEPLOY:alice',
      arn: 'arn:aws:sts::111122223333:assumed-role/Deploy/alice',
      ...SECRETS,
    },
    [eventName]: 'Success',
    ...(eventName === 'CreateSession' && { credentialSet: [credentialsOfSet(i)] }),
    ...SECRETS,
  },
  additionalEventData: {
    SwitchFrom: 'arn:aws:iam::111122223333:user/alice',
    signInSessionArn: `arn:aws:signin:eu-west-1:111122223333:session/${i}`,
    ...SECRETS,
  },
  ...SECRETS,
}));
