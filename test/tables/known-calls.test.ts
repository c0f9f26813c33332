import { describe, expect, test } from 'vitest';
import { loadTables } from '../../src/tables/load-tables.ts';
import { TABLES_DIRECTORY, tables } from '../shipped-tables.ts';

const { calls } = tables;

/** What three tables say of a call, in short: its actions, its techniques, and what it does to a policy. */
function told(eventSource: string, eventName: string) {
  const { event, threat, policy } = calls.find(eventSource, eventName);
  return {
    actions: event.rule?.actions.map(({ id }) => id),
    notAnApiCall: event.notAnApiCall !== undefined,
    techniques: threat?.techniques.map(({ technique }) => technique),
    policy: policy?.operation,
  };
}

describe('what is known of a call', () => {
  test.each([
    [
      'iam.amazonaws.com',
      'PutRolePolicy',
      { actions: ['iam:PutRolePolicy'], techniques: ['T1098.003'], policy: 'put' },
    ],
    ['s3.amazonaws.com', 'GetObject', { actions: ['s3:GetObject'], techniques: ['T1530'] }],
    ['signin.amazonaws.com', 'ConsoleLogin', { notAnApiCall: true, techniques: ['T1078.004'] }],
    ['iam.amazonaws.com', 'NoSuchCall', { actions: undefined, techniques: undefined, policy: undefined }],
    ['no.such.host', 'GetObject', { notAnApiCall: true, actions: undefined, techniques: undefined }],
  ])('%s %s: what each of the tables says, also the second time', (eventSource, eventName, expected) => {
    for (let time = 0; time < 2; time++) expect(told(eventSource, eventName)).toMatchObject(expected);
  });

  test.each([
    ['cloudtrail.amazonaws.com.cn', 'StopLogging', 'cloudtrail.amazonaws.com', 'StopLogging'],
    ['kms.amazonaws.com.cn', 'ScheduleKeyDeletion', 'kms.amazonaws.com', 'ScheduleKeyDeletion'],
    ['s3.amazonaws.com.cn', 'PutBucketPolicy', 's3.amazonaws.com', 'PutBucketPolicy'],
    ['iam.amazonaws.eu', 'CreatePolicyVersion', 'iam.amazonaws.com', 'CreatePolicyVersion'],
    ['signin.amazonaws.com.cn', 'ConsoleLogin', 'signin.amazonaws.com', 'ConsoleLogin'],
    ['CloudTrail.amazonaws.com', 'StopLogging', 'cloudtrail.amazonaws.com', 'StopLogging'],
    ['cloudtrail.us-east-1.amazonaws.com', 'StopLogging', 'cloudtrail.amazonaws.com', 'StopLogging'],
    ['cloudtrail.amazonaws.com', 'stoplogging', 'cloudtrail.amazonaws.com', 'StopLogging'],
    ['iam.amazonaws.com', 'putuserpolicy', 'iam.amazonaws.com', 'PutUserPolicy'],
    ['ec2.amazonaws.com.cn', 'DescribeFleetHistory', 'ec2.amazonaws.com', 'DescribeFleetHistory'],
  ])('%s %s is %s %s', (eventSource, eventName, itsSource, itsName) => {
    expect(told(eventSource, eventName)).toEqual(told(itsSource, itsName));
    expect(told(eventSource, eventName).techniques).toBeDefined();
  });

  test.each([
    ['UpdateFunctionCode20150331v10', 'UpdateFunctionCode'],
    ['CreateFunction20150331', 'CreateFunction'],
    ['CreateFunction20150331v2', 'CreateFunction'],
    ['AddPermission20150331v2', 'AddPermission'],
    ['AddLayerVersionPermission20181031', 'AddLayerVersionPermission'],
  ])('a version of the API makes no other call: %s is %s', (eventName, operation) => {
    expect(told('lambda.amazonaws.com', eventName)).toEqual(told('lambda.amazonaws.com', operation));
  });

  test('nothing of hostile names', () => {
    for (const name of ['__proto__', 'constructor', '', '20150331', 'Describe'.repeat(100_000)]) {
      expect(told('ec2.amazonaws.com', name)).toMatchObject({ actions: undefined, techniques: undefined });
      expect(told(name, 'DescribeInstances')).toMatchObject({ actions: undefined, techniques: undefined });
    }
  });

  test('names that mean nothing are not remembered, and never more pairs than the bound', () => {
    const fresh = loadTables(TABLES_DIRECTORY).calls;
    for (let i = 0; i < 1000; i++) fresh.find('iam.amazonaws.com', `NoSuchCall${i}`);
    expect(fresh.remembered).toBe(0);
    for (let i = 0; i < 90_000; i++) fresh.find('lambda.amazonaws.com', `Invoke${10_000_000 + i}`);
    expect(fresh.remembered).toBeLessThanOrEqual(40_000);
    expect(fresh.find('lambda.amazonaws.com', 'Invoke20150331').event.rule?.actions[0]?.id).toBe(
      'lambda:InvokeFunction',
    );
  });
});
