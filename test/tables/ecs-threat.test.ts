import { describe, expect, test } from 'vitest';
import { parentTechnique } from '../../src/tables/ecs-threat.ts';
import { compose } from './few-techniques.ts';

describe('what ATT&CK says of a call', () => {
  const { ecs } = compose.entry('sources', 'A key.', [
    { technique: 'T1098.001', tactics: ['TA0003', 'TA0004'], sources: ['panther', 'sigma'], support: 2 },
  ]);

  test('is told in ECS threat fields whose arrays run in parallel, with the parent of each sub-technique', () => {
    expect(ecs?.threat).toEqual({
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
    expect(ecs?.mitre).toEqual([
      { tactic_id: 'TA0003', technique_id: 'T1098.001', sources: ['panther', 'sigma'], support: 2 },
      { tactic_id: 'TA0004', technique_id: 'T1098.001', sources: ['panther', 'sigma'], support: 2 },
    ]);
  });

  test('is told in none of these fields where the call has no adversary use', () => {
    expect(compose.entry('curated', 'Asked by every console page.', [])).toEqual({
      basis: 'curated',
      reason: 'Asked by every console page.',
      techniques: [],
      ecs: undefined,
    });
  });

  test.each([
    ['technique', { technique: 'T1562', tactics: ['TA0003'] }, 'T1562'],
    ['tactic', { technique: 'T1098', tactics: ['TA0099'] }, 'TA0099'],
  ])('refuses a %s that is not an active one', (_kind, use, id) => {
    expect(() => compose.entry('curated', 'Revoked.', [{ ...use, sources: [], support: 0 }])).toThrow(
      `${id} is not an active id`,
    );
  });
});

test('a technique without a parent is its own', () => {
  expect(parentTechnique('T1098.001')).toBe('T1098');
  expect(parentTechnique('T1098')).toBe('T1098');
});
