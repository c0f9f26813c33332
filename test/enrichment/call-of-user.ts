/** The record of a call that an administrator of 111122223333 made; `changes` take the place of what it says. */
export function callOfUser(call: string, request: unknown, changes: object = {}, suffix = 'amazonaws.com') {
  const [host, eventName] = call.split(':');
  return {
    eventVersion: '1.11',
    eventTime: '2026-03-01T10:00:00Z',
    eventSource: `${host}.${suffix}`,
    eventName,
    eventType: 'AwsApiCall',
    awsRegion: 'eu-west-1',
    recipientAccountId: '111122223333',
    sourceIPAddress: '203.0.113.7',
    userIdentity: {
      type: 'IAMUser',
      userName: 'admin',
      accountId: '111122223333',
      arn: 'arn:aws:iam::111122223333:user/admin',
    },
    requestParameters: request,
    ...changes,
  };
}
