import { describe, expect, test } from 'vitest';
import { describeAction } from '../../src/enrichment/describe-action.ts';
import { tables } from '../shipped-tables.ts';

describe('the description of an action', () => {
  test('says what its techniques rest on, and why', () => {
    expect(describeAction('iam', 'createaccesskey', tables)).toMatchObject({
      iam: 'iam:CreateAccessKey',
      risk: { level: 'high' },
      mitre: [{ technique_id: 'T1098.001' }, { technique_id: 'T1098.001' }],
      threat_basis: 'sources',
      threat_reason: expect.stringMatching(/\.$/),
    });
  });

  test.each([
    ['cloudwatch', 'DeleteAlarms', 'monitoring.amazonaws.com:DeleteAlarms', 'T1685'],
    ['s3', 'ListAllMyBuckets', 's3.amazonaws.com:ListBuckets', 'T1580'],
    ['lambda', 'InvokeFunction', 'lambda.amazonaws.com:Invoke', 'T1648'],
  ])(
    'finds the calls of %s:%s, whose event has another name or source',
    (service, name, event, technique) => {
      const description = describeAction(service, name, tables);
      expect(description?.events).toContain(event);
      expect(description?.mitre?.[0]?.technique_id).toBe(technique);
    },
  );

  test('says of a call without adversary use why it has none', () => {
    const description = describeAction('kms', 'Decrypt', tables);
    expect(description?.threat).toBeUndefined();
    expect(description?.threat_reason).toContain('all day');
  });
});
