import { describe, expect, test } from 'vitest';
import {
  levelOfScore,
  type PolicyRisk,
  type RiskEvidence,
  scoreRisk,
} from '../../src/enrichment/score-risk.ts';
import type { CallOutcome } from '../../src/tables/error-outcomes.ts';
import type { RiskLevel } from '../../src/tables/risk-table.ts';
import { tables } from '../shipped-tables.ts';

const weights = tables.riskWeights;

const EVERYTHING: PolicyRisk = {
  kind: 'identity',
  analysed: true,
  unread: false,
  categories: [],
  unsure: [],
  together: false,
  admin: true,
  public: false,
  external: undefined,
  ownTrust: false,
  withdraws: false,
  liftsDeny: false,
  locksOut: false,
  effectiveNow: true,
  selfGrant: true,
};

const LIMITED: PolicyRisk = {
  ...EVERYTHING,
  admin: false,
  categories: ['credentials_exposure'],
  unsure: ['credentials_exposure'],
  selfGrant: false,
};

/** The same address with another client, which is what a pipeline does all day. */
const REMARKED: readonly {
  readonly name: string;
  readonly call?: RiskLevel;
  readonly policy?: PolicyRisk;
  readonly outcome?: CallOutcome;
  readonly level: RiskLevel;
}[] = [
  { name: 'a harmless call', call: 'none', level: 'none' },
  { name: 'an everyday call', call: 'low', level: 'low' },
  { name: 'a grave call', call: 'high', level: 'high' },
  { name: 'a policy that allows everything', policy: EVERYTHING, level: 'critical' },
  { name: 'one that is not in force', policy: { ...EVERYTHING, effectiveNow: false }, level: 'low' },
  { name: 'one that was denied', policy: EVERYTHING, outcome: 'denied', level: 'low' },
  { name: 'one that failed', policy: EVERYTHING, outcome: 'error', level: 'low' },
  { name: 'a policy at the upper edge of low', policy: LIMITED, level: 'low' },
];

function evidenceOf({ call = 'high', policy, outcome = 'success' }: (typeof REMARKED)[number]): RiskEvidence {
  const able = { level: call, categories: [], methods: [], services: [], reasons: [] };
  return { call: able, policy, outcome, source: 'none' };
}

describe('what a remark about the source adds to the score', () => {
  test.each(REMARKED)('$name stays $level', (one) => {
    const without = scoreRisk(evidenceOf(one), weights);
    const remarked = scoreRisk({ ...evidenceOf(one), source: 'low' }, weights);
    expect([without.level, remarked.level]).toEqual([one.level, one.level]);
    expect(levelOfScore(remarked.score)).toBe(one.level);
    expect(remarked.score - without.score).toBeLessThan(weights['policy.further']);
    expect(remarked.score).toBeGreaterThanOrEqual(without.score);
    expect(remarked.reasons).toContain('The credentials are used from a source of low concern.');
  });
});

test("another account's call that an endpoint's policy refused is low, as it is recorded nowhere else", () => {
  const refused = evidenceOf({ name: '', call: 'none', outcome: 'denied', level: 'low' });
  const { score, level, reasons } = scoreRisk({ ...refused, refusedStranger: true }, weights);
  expect([score, level]).toEqual([20, 'low']);
  expect(reasons.join(' ')).toContain("Another account's credentials");
  expect(scoreRisk(refused, weights).score).toBe(0);
});

test('what a call could have granted is no reason where its policy only shuts everyone out', () => {
  const call = { ...evidenceOf({ name: '', level: 'high' }).call, reasons: ['A published way.'] };
  const shut: PolicyRisk = { ...EVERYTHING, admin: false, categories: [], selfGrant: false, locksOut: true };
  const reasonsOf = (policy: PolicyRisk) =>
    scoreRisk({ call, policy, outcome: 'success', source: 'none' }, weights).reasons;
  expect(reasonsOf(shut)).toEqual(['The policy shuts out everyone whom it is about.']);
  expect(reasonsOf({ ...shut, external: 'strangers' })).toContain('A published way.');
  expect(reasonsOf({ ...shut, unread: true })).toContain('A published way.');
});

test('an account that a resource lets in by name beside everyone is told, and is no further one', () => {
  const open: PolicyRisk = {
    ...EVERYTHING,
    kind: 'resource',
    admin: false,
    selfGrant: false,
    categories: ['resource_exposure'],
    public: true,
  };
  const everyone = scoreRisk(evidenceOf({ name: '', policy: open, level: 'critical' }), weights);
  const named = { ...open, external: 'strangers' as const };
  const beside = scoreRisk(evidenceOf({ name: '', policy: named, level: 'critical' }), weights);
  expect(beside.score).toBe(everyone.score);
  expect(beside.reasons).toContain('The policy lets another account in.');
});
