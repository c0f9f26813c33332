import { describe, expect, test } from 'vitest';
import { tellingCalls } from '../../src/tables/telling-calls.ts';
import { ThreatTable } from '../../src/tables/threat-table.ts';

const TELLING = {
  eventSource: 's3.amazonaws.com',
  events: ['Undecided'],
  tests: [{ parameter: 'x' }],
  reference: 'https://docs.aws.amazon.com/',
};

const table = new ThreatTable({
  tactics: [
    ['TA0003', 'Persistence'],
    ['TA0004', 'Privilege Escalation'],
    ['TA0007', 'Discovery'],
  ],
  techniques: [
    ['T1098', 'Account Manipulation', ['TA0003', 'TA0004'], 'https://attack.mitre.org/techniques/T1098/'],
    [
      'T1098.001',
      'Additional Cloud Credentials',
      ['TA0003'],
      'https://attack.mitre.org/techniques/T1098/001/',
    ],
    ['T1580', 'Cloud Infrastructure Discovery', ['TA0007'], 'https://attack.mitre.org/techniques/T1580/'],
  ],
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
  test('gives ECS threat fields whose arrays run in parallel, with the parent of each sub-technique', () => {
    expect(table.find('iam.amazonaws.com', 'CreateAccessKey')?.threat).toEqual({
      framework: 'MITRE ATT&CK',
      tactic: {
        id: ['TA0003', 'TA0004'],
        name: ['Persistence', 'Privilege Escalation'],
        reference: ['https://attack.mitre.org/tactics/TA0003/', 'https://attack.mitre.org/tactics/TA0004/'],
      },
      technique: {
        id: ['T1098'],
        name: ['Account Manipulation'],
        reference: ['https://attack.mitre.org/techniques/T1098/'],
        subtechnique: {
          id: ['T1098.001'],
          name: ['Additional Cloud Credentials'],
          reference: ['https://attack.mitre.org/techniques/T1098/001/'],
        },
      },
    });
  });

  test('pairs each tactic with its technique, and says which rule sets support it', () => {
    expect(table.find('iam.amazonaws.com', 'CreateAccessKey')?.mitre).toEqual([
      { tactic_id: 'TA0003', technique_id: 'T1098.001', sources: ['panther', 'sigma'], support: 2 },
      { tactic_id: 'TA0004', technique_id: 'T1098.001', sources: ['panther', 'sigma'], support: 2 },
    ]);
  });

  test('names a curated technique as such, with no support', () => {
    expect(table.find('lambda.amazonaws.com', 'CreateFunction')?.mitre?.[0]).toMatchObject({
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
    expect(entry?.mitre).toEqual([
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
    expect(entry?.threat).toBeUndefined();
    expect(entry?.mitre).toBeUndefined();
  });

  test('makes no decision of a call that nobody decided by taking a technique away', () => {
    const [call] =
      tellingCalls([{ ...TELLING, less: { techniques: ['T1098'] }, reason: 'It takes.' }]).find(
        's3.amazonaws.com',
        'Undecided',
      )?.calls ?? [];
    expect(call && table.asTold(undefined, call)).toBeUndefined();
  });

  test('gives the reason of the row where a parameter adds one to such a call, the same each time', () => {
    const more = { techniques: [{ technique: 'T1098', tactics: ['TA0003'] }] };
    const [call] =
      tellingCalls([{ ...TELLING, more, reason: 'It adds.' }]).find('s3.amazonaws.com', 'Undecided')?.calls ??
      [];
    const told = call && table.asTold(undefined, call);
    expect(told).toMatchObject({
      basis: 'curated',
      reason: 'It adds.',
      techniques: [{ technique: 'T1098', tactics: ['TA0003'], sources: ['curated'], support: 0 }],
    });
    expect(call && table.asTold(undefined, call)).toBe(told);
  });

  test('knows nothing of hostile names', () => {
    for (const name of ['__proto__', 'constructor', '']) {
      expect(table.find('ec2.amazonaws.com', name)).toBeUndefined();
      expect(table.find(name, 'DescribeInstances')).toBeUndefined();
    }
  });

  test('refuses a technique that is not an active one', () => {
    const rows = { tactics: [], techniques: [], events: [], rules: [] };
    const events = [['iam.amazonaws.com', 'X', 'curated', [['T1562', ['TA0005'], []]], 'Revoked.']] as const;
    expect(() => new ThreatTable({ ...rows, events })).toThrow('T1562');
  });
});
