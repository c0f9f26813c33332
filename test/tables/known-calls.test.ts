import { describe, expect, it } from 'vitest';
import { loadTables } from '../../src/tables/load-tables.ts';
import { TABLES_DIRECTORY, tables } from '../shipped-tables.ts';

const { calls, eventRules, threats, policies } = tables;

describe('KnownCalls', () => {
  it.each([
    ['iam.amazonaws.com', 'PutRolePolicy'],
    ['s3.amazonaws.com', 'GetObject'],
    ['signin.amazonaws.com', 'ConsoleLogin'],
    ['iam.amazonaws.com', 'NoSuchCall'],
    ['s3.amazonaws.com.cn', 'PutBucketPolicy'],
    ['no.such.host', 'GetObject'],
  ])('says of %s %s what each of its tables says, also the second time', (eventSource, eventName) => {
    for (let time = 0; time < 2; time++) {
      expect(calls.find(eventSource, eventName)).toEqual({
        event: eventRules.find(eventSource, eventName),
        threat: threats.find(eventSource, eventName),
        policy: policies.events.find(eventSource, eventName),
      });
    }
  });

  it('remembers no name that means nothing, and never more pairs than its bound', () => {
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
