import type { Severity } from '../../../tables/policy-tables.ts';
import type { ActionSet } from '../../patterns/action-set.ts';
import { CONFIDENCES, type PolicyFinding, type PolicyRiskName } from '../../policy-findings.ts';
import type { EffectiveData } from '../effective-data.ts';
import type { Grants } from '../grants.ts';
import type { CheckResult } from './check-result.ts';

export interface IdentityContext {
  readonly grants: Grants;
  readonly data: EffectiveData;
  /** How many actions a finding lists at the most. */
  readonly mostActions: number;
}

export type IdentityCheck = (context: IdentityContext) => CheckResult;

interface RiskyActions {
  readonly risk: PolicyRiskName;
  readonly severity: Severity;
  readonly why: string;
}

/** One finding for each confidence with which the policy allows actions of `mask` without limits. */
export function findActions(context: IdentityContext, mask: ActionSet, about: RiskyActions): CheckResult {
  const { grants, data, mostActions } = context;
  if (!grants.all.meets(mask)) return { risk: about.risk, count: 0, findings: [] };
  const touched = grants.all.copy();
  touched.keepAll(mask);
  const findings: PolicyFinding[] = [];
  for (const confidence of CONFIDENCES) {
    const sure = grants.sure[confidence];
    if (sure === undefined || !sure.meets(mask)) continue;
    const found = touched.copy();
    found.keepAll(sure);
    findings.push({
      ...about,
      confidence,
      actions: found.indices(undefined, mostActions).map((index) => data.idOf(index)),
      statements: sourcesOf(grants, found),
    });
  }
  return { risk: about.risk, count: touched.count(), findings, touched };
}

/** The statements that allow any of these actions without limits. */
export function sourcesOf(grants: Grants, actions: ActionSet): number[] {
  return grants.sources.filter((source) => source.actions.meets(actions)).map((source) => source.statement);
}
