import { describe, expect, test } from 'vitest';
import type { ThreatEntry } from '../../src/tables/ecs-threat.ts';
import { type TellingCallRow, tellingCalls } from '../../src/tables/telling-calls.ts';
import { ThreatVariants } from '../../src/tables/threat-variants.ts';
import { compose } from './few-techniques.ts';

const TELLING = {
  eventSource: 's3.amazonaws.com',
  events: ['Undecided'],
  tests: [{ parameter: 'x' }],
  reference: 'https://docs.aws.amazon.com/',
};
const ACCOUNT_MANIPULATION = { techniques: [{ technique: 'T1098', tactics: ['TA0003'] }] };

const variants = new ThreatVariants(compose);
const entry = compose.entry('curated', 'Shares, and shuts out.', [
  { technique: 'T1098.001', tactics: ['TA0003'], sources: ['curated'], support: 0 },
  { technique: 'T1531', tactics: ['TA0040'], sources: ['sigma'], support: 1 },
  { technique: 'T1537', tactics: ['TA0010'], sources: ['curated'], support: 0 },
  { technique: 'T1580', tactics: ['TA0007'], sources: ['curated'], support: 0 },
]);

describe('the techniques of a call whose policy', () => {
  test.each<[string, (entry: ThreatEntry) => ThreatEntry, readonly string[]]>([
    [
      'gives access back are without its removal',
      (one) => variants.givingAccessBack(one),
      ['T1098.001', 'T1537', 'T1580'],
    ],
    ['shuts everyone out are its removal alone', (one) => variants.removingAccess(one, false), ['T1531']],
    [
      'shuts everyone out and lets somebody in are its own and the removal',
      (one) => variants.removingAccess(one, true),
      ['T1098.001', 'T1537', 'T1580', 'T1531'],
    ],
    ['allows nothing are without those of a grant', (one) => variants.withoutGrant(one), ['T1531', 'T1580']],
    [
      'lets others only send are without the transfer',
      (one) => variants.withoutTransfer(one),
      ['T1098.001', 'T1531', 'T1580'],
    ],
  ])('%s', (_says, change, techniques) => {
    const changed = change(entry);
    expect(changed.techniques.map(({ technique }) => technique)).toEqual(techniques);
    expect(changed.ecs?.mitre.map((pair) => pair.technique_id)).toEqual(techniques);
    expect(change(entry)).toBe(changed);
  });

  test('leave nothing to tell where they were all of one kind', () => {
    const grant = compose.entry('curated', 'A share.', [
      { technique: 'T1537', tactics: ['TA0010'], sources: ['curated'], support: 0 },
    ]);
    expect(variants.withoutGrant(grant).ecs).toBeUndefined();
  });
});

describe('the parameters of a call', () => {
  test('take a technique away, and add one, with the reason of the call', () => {
    const call = toldCall({
      less: { techniques: ['T1531'] },
      more: ACCOUNT_MANIPULATION,
      reason: 'It does both.',
    });
    expect(variants.asTold(entry, call)).toMatchObject({
      reason: 'Shares, and shuts out.',
      techniques: [
        { technique: 'T1098.001' },
        { technique: 'T1537' },
        { technique: 'T1580' },
        { technique: 'T1098' },
      ],
    });
  });

  test('make no decision of a call that nobody decided by taking a technique away', () => {
    const call = toldCall({ less: { techniques: ['T1098'] }, reason: 'It takes.' });
    expect(variants.asTold(undefined, call)).toBeUndefined();
  });

  test('give the reason of the row where they add a technique to such a call, the same each time', () => {
    const call = toldCall({ more: ACCOUNT_MANIPULATION, reason: 'It adds.' });
    const told = variants.asTold(undefined, call);
    expect(told).toMatchObject({
      basis: 'curated',
      reason: 'It adds.',
      techniques: [{ technique: 'T1098', tactics: ['TA0003'], sources: ['curated'], support: 0 }],
    });
    expect(variants.asTold(undefined, call)).toBe(told);
  });

  test('are refused where they add a technique that is not an active one', () => {
    const more = { techniques: [{ technique: 'T1562', tactics: ['TA0003'] }] };
    expect(() => variants.requireActive({ ...TELLING, more, reason: 'Revoked.' })).toThrow('T1562');
  });
});

function toldCall(row: Pick<TellingCallRow, 'less' | 'more' | 'reason'>) {
  const [call] = tellingCalls([{ ...TELLING, ...row }]).find('s3.amazonaws.com', 'Undecided')?.calls ?? [];
  if (call === undefined) throw new Error('the row tells nothing');
  return call;
}
