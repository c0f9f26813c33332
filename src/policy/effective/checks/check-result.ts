import type { ActionSet } from '../../patterns/action-set.ts';
import type { LeftOut, PolicyFinding, PolicyRiskName } from '../../policy-findings.ts';

/** What one check says of what a policy allows. */
export interface CheckResult {
  readonly risk: PolicyRiskName;
  /** How many methods, actions, services or principals there are; the findings may list fewer. */
  readonly count: number;
  readonly findings: readonly PolicyFinding[];
  /** The actions that the findings rest on, for the services affected. */
  readonly touched?: ActionSet;
  /** What the findings do not tell because there is too much of it. */
  readonly leftOut?: LeftOut;
}
