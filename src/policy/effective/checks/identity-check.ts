import type { ActionSet } from '../../patterns/action-set.ts';
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

/** The statements that allow any of these actions without limits. */
export function sourcesOf(grants: Grants, actions: ActionSet): number[] {
  return grants.sources.filter((source) => source.actions.meets(actions)).map((source) => source.statement);
}
