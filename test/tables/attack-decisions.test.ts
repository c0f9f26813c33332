import { describe, expect, test } from 'vitest';
import {
  type AttackDecision,
  type AttackFact,
  readCurated,
  readFact,
  type Technique,
} from '../../scripts/facts.ts';
import { withoutApiVersion } from '../../src/tables/call-name.ts';
import type { ThreatRule } from '../../src/tables/threat-table.ts';
import { tables } from '../shipped-tables.ts';

const decisions = readCurated<AttackDecision[]>('attack-events');
const rules = readCurated<ThreatRule[]>('attack-rules');
const facts = readFact<AttackFact[]>('attack-events');
const techniques = new Map(readFact<Technique[]>('attack-techniques').map((row) => [row.id, row]));
const uses = [
  ...decisions.flatMap((row) =>
    row.techniques.map((use) => ({ ...use, of: `${row.eventSource}:${row.eventName}` })),
  ),
  ...rules.flatMap((rule) => rule.techniques.map((use) => ({ ...use, of: rule.id }))),
];

describe('the decisions on calls', () => {
  test('name active techniques of ATT&CK v19, and tactics that each technique serves', () => {
    const wrong = uses.filter(({ technique, tactics }) => {
      const known = techniques.get(technique);
      return known?.state !== 'active' || !tactics.every((tactic) => known.tactics.includes(tactic));
    });
    expect(wrong).toEqual([]);
  });

  test('say why, in a sentence of their own', () => {
    const mute = decisions.filter(
      ({ reason }) => !/^[A-Z].{14,}\.$/.test(reason) || reason.includes('First version'),
    );
    expect(mute).toEqual([]);
  });

  test('decide each call once, case aside, by the name that carries no version of the API', () => {
    const names = decisions.map((row) => `${row.eventSource}:${row.eventName}`.toLowerCase());
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(decisions.filter(({ eventName }) => withoutApiVersion(eventName) !== eventName)).toEqual([]);
  });

  test('name no technique beside its own sub-technique', () => {
    const doubled = decisions.filter(({ techniques: own }) =>
      own.some(({ technique }) => own.some((other) => other.technique.startsWith(`${technique}.`))),
    );
    expect(doubled).toEqual([]);
  });

  test('leave no call open that one of the six rule sets names', () => {
    const decided = new Set(decisions.map((row) => `${row.eventSource}:${row.eventName}`));
    const open = facts.filter(([source, name]) => !decided.has(`${source}:${withoutApiVersion(name)}`));
    expect(open).toEqual([]);
  });

  test('keep what they drop from the rules too', () => {
    const dropped = decisions.filter((row) => row.techniques.length === 0);
    expect(dropped.length).toBeGreaterThan(0);
    for (const { eventSource, eventName } of dropped) {
      expect(tables.threats.find(eventSource, eventName)?.ecs).toBeUndefined();
    }
  });
});

describe('the back-off rules', () => {
  test('are marked as such, and reach calls that nobody decided', () => {
    expect(tables.threats.find('ec2.amazonaws.com', 'DescribeFleetHistory')).toMatchObject({ basis: 'rule' });
    expect(tables.threats.find('guardduty.amazonaws.com', 'DisassociateSomething')).toMatchObject({
      basis: 'rule',
      techniques: [{ technique: 'T1685' }],
    });
    expect(tables.threats.find('ec2.amazonaws.com', 'CreateTags')?.ecs).toBeUndefined();
    expect(tables.threats.find('example.amazonaws.com', 'DeleteLog')).toBeUndefined();
  });

  test('have each an id of its own', () => {
    const ids = rules.map((rule) => rule.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
