import { describe, expect, it } from 'vitest';
import { type PolicyRisk, scoreRisk } from '../../src/enrichment/score-risk.ts';
import type { CallOutcome } from '../../src/tables/error-outcomes.ts';
import type { RiskLevel } from '../../src/tables/risk-table.ts';
import { tables } from '../shipped-tables.ts';
import { knownCall } from '../tables/known-call.ts';
import steps from './scenario-steps.cases.json' with { type: 'json' };

interface Step {
  readonly step: string;
  /** Service of the event source, and event name. */
  readonly call: string;
  readonly outcome?: CallOutcome;
  /** What the policy analysis would have found; what is left out is harmless. */
  readonly policy?: Partial<PolicyRisk>;
  readonly technique: string;
  readonly level: RiskLevel;
}

const HARMLESS: PolicyRisk = {
  kind: 'identity',
  analysed: true,
  categories: [],
  admin: false,
  public: false,
  externalAccounts: [],
  effectiveNow: true,
  selfGrant: false,
};

const cases = steps as readonly Step[];

function judge({ call, outcome = 'success', policy }: Step) {
  const [service, eventName = ''] = call.split(':');
  const { risk, threat } = knownCall(`${service}.amazonaws.com`, eventName);
  const evidence = { call: risk, outcome, ...(policy && { policy: { ...HARMLESS, ...policy } }) };
  return { threat, ...scoreRisk(evidence, tables.riskWeights) };
}

describe('the steps of the two demonstrations', () => {
  it.each(cases)('$step: $call has $technique and is $level', (step) => {
    const { threat, level } = judge(step);
    expect(threat?.techniques.map((use) => use.technique)).toContain(step.technique);
    expect(level).toBe(step.level);
  });

  it('stand in the order in which an analyst should read them', () => {
    const ofStep = (pattern: RegExp): number[] =>
      cases
        .filter(({ step }) => pattern.test(step) && !/negative/.test(step))
        .map((step) => judge(step).score);
    const gravest = Math.min(...ofStep(/^(A4|A5|A7|.*B8|.*B12)/));
    const others = Math.max(...ofStep(/^(A1,|A2|A3|A6|A12|B2|B4|B5|B9|B10|B11|B13)/));
    expect(gravest).toBeGreaterThan(others);
  });
});
