import { ActionSet } from '../../patterns/action-set.ts';
import type { Confidence } from '../../policy-findings.ts';
import type { Admission } from '../admissions.ts';
import type { EffectiveData } from '../effective-data.ts';
import type { CheckResult } from './check-result.ts';

export interface PrincipalContext {
  readonly kind: 'trust' | 'resource';
  readonly admissions: readonly Admission[];
  readonly data: EffectiveData;
  /** The account the policy lies in; where it is unknown, every account that is named counts as another one. */
  readonly account: string | undefined;
  readonly mostActions: number;
}

export type PrincipalCheck = (context: PrincipalContext) => CheckResult;

/**
 * Confidence of what an Allow opens, after the Deny statements. A Deny of a part leaves the rest as open as a weak
 * condition leaves it, so that both together are no less sure than one.
 */
export function hedge(confidence: Confidence, { hedged }: Admission): Confidence {
  if (hedged === 'no') return confidence;
  if (hedged === 'strongly') return 'low';
  return confidence === 'high' ? 'medium' : confidence;
}

/** The actions as a finding lists them: `*` alone for all there are. */
export function listActions(actions: ActionSet, { data, mostActions }: PrincipalContext): string[] {
  if (actions.includesAll(data.all)) return ['*'];
  return actions.indices(undefined, mostActions).map((index) => data.idOf(index));
}

/** All that they let their principals do. */
export function admittedActions(admissions: readonly Admission[], data: EffectiveData): ActionSet {
  const union = ActionSet.empty(data.table.all.length);
  for (const { actions } of admissions) union.addAll(actions);
  return union;
}
