/**
 * Every number of the risk score's formula. Their values, and the reason of each, are data/curated/risk-weights.json.
 */
const RISK_WEIGHT_IDS = [
  'base.none',
  'base.low',
  'base.medium',
  'base.high',
  'base.critical',
  'category.privilege_escalation',
  'category.credentials_exposure',
  'category.resource_exposure',
  'category.data_exfiltration',
  'category.ceiling',
  'policy.admin',
  'policy.privilege_escalation',
  'policy.credentials_exposure',
  'policy.resource_exposure',
  'policy.data_exfiltration',
  'policy.public',
  'policy.external_account',
  'policy.external_delivery',
  'policy.external_senders',
  'policy.external_trust',
  'policy.own_trust',
  'policy.self_trust',
  'policy.lifted_deny',
  'policy.harmless',
  'policy.further',
  'policy.self_grant',
  'policy.unsure',
  'policy.not_effective',
  'endpoint.refused_stranger',
  'outcome.denied',
  'outcome.error',
  'outcome.dry_run',
  'source.low',
  'source.medium',
  'source.high',
  'source.medium_floor',
  'source.high_floor',
] as const;
export type RiskWeightId = (typeof RISK_WEIGHT_IDS)[number];
export type RiskWeights = Readonly<Record<RiskWeightId, number>>;

/** One row of data/curated/risk-weights.json. */
export interface RiskWeightRow {
  readonly id: RiskWeightId;
  readonly value: number;
  readonly reason: string;
}

/** Throws an Error that names the first weight that is missing or given twice. */
export function readRiskWeights(rows: readonly RiskWeightRow[]): RiskWeights {
  const weights: Partial<Record<RiskWeightId, number>> = {};
  for (const { id, value } of rows) {
    if (weights[id] !== undefined) throw new Error(`risk-weights.json gives ${id} twice`);
    weights[id] = value;
  }
  const missing = RISK_WEIGHT_IDS.find((id) => weights[id] === undefined);
  if (missing !== undefined) throw new Error(`risk-weights.json lacks ${missing}`);
  return weights as RiskWeights;
}
