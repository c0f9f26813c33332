import { describe, expect, test } from 'vitest';
import { ThreatTable } from '../../src/tables/threat-table.ts';
import { compose } from './few-techniques.ts';

const table = new ThreatTable(compose, {
  events: [
    [
      'iam.amazonaws.com',
      'CreateAccessKey',
      'sources',
      [['T1098.001', ['TA0003', 'TA0004'], ['panther', 'sigma']]],
      'A key.',
    ],
    ['ec2.amazonaws.com', 'DescribeRegions', 'curated', [], 'Asked by every console page.'],
    ['lambda.amazonaws.com', 'CreateFunction', 'curated', [['T1098', ['TA0003'], []]], 'Code.'],
  ],
  rules: [
    {
      id: 'inventory',
      eventSources: ['ec2.amazonaws.com'],
      verbs: ['Describe', 'Get'],
      techniques: [{ technique: 'T1580', tactics: ['TA0007'] }],
      reason: 'Lists what there is.',
    },
    {
      id: 'stores',
      eventSources: ['s3.amazonaws.com'],
      verbs: ['Delete'],
      endings: ['Bucket'],
      techniques: [{ technique: 'T1098', tactics: ['TA0003'] }],
      reason: 'Destroys what there is.',
    },
  ],
});

describe('the threat table', () => {
  test('counts the rule sets that name a technique for the call', () => {
    expect(table.find('iam.amazonaws.com', 'CreateAccessKey')?.ecs?.mitre[0]).toMatchObject({
      sources: ['panther', 'sigma'],
      support: 2,
    });
  });

  test('names a curated technique as such, with no support', () => {
    expect(table.find('lambda.amazonaws.com', 'CreateFunction')?.ecs?.mitre[0]).toMatchObject({
      sources: ['curated'],
      support: 0,
    });
  });

  test('finds the row of a call in any case', () => {
    const row = table.find('lambda.amazonaws.com', 'CreateFunction');
    expect(row).toBeDefined();
    expect(table.find('lambda.amazonaws.com', 'createfunction')).toBe(row);
  });

  test('backs off to the rule of the service and verb, and marks it as one', () => {
    const entry = table.find('ec2.amazonaws.com', 'DescribeFlowers');
    expect(entry?.basis).toBe('rule');
    expect(entry?.ecs?.mitre).toEqual([
      { tactic_id: 'TA0007', technique_id: 'T1580', sources: ['rule'], support: 0 },
    ]);
    expect(table.find('ec2.amazonaws.com', 'Getaway')).toBeUndefined();
  });

  test('takes what a name ends with for what is acted on, and not a part or setting of it', () => {
    expect(table.find('s3.amazonaws.com', 'DeleteTableBucket')?.techniques[0]?.technique).toBe('T1098');
    expect(table.find('s3.amazonaws.com', 'DeleteBucketTagging')).toBeUndefined();
  });

  test('keeps a call that was decided to have no adversary use from the rules', () => {
    const entry = table.find('ec2.amazonaws.com', 'DescribeRegions');
    expect(entry?.basis).toBe('curated');
    expect(entry?.ecs).toBeUndefined();
  });

  test('knows nothing of hostile names', () => {
    for (const name of ['__proto__', 'constructor', '']) {
      expect(table.find('ec2.amazonaws.com', name)).toBeUndefined();
      expect(table.find(name, 'DescribeInstances')).toBeUndefined();
    }
  });

  test('refuses a technique that is not an active one', () => {
    const events = [['iam.amazonaws.com', 'X', 'curated', [['T1562', ['TA0005'], []]], 'Revoked.']] as const;
    expect(() => new ThreatTable(compose, { events, rules: [] })).toThrow('T1562');
  });
});
