import type { RememberedPolicies } from '../memory/remembered-policies.ts';
import type { PolicyAnalyzer } from '../policy-analyzer.ts';
import type { EscalationSteps, PolicySummary } from '../policy-summary.ts';
import { arnOfKey } from './policy-keys.ts';

/** What an event's policy is looked at beside: the policies that were seen, and those that AWS manages. */
export class KnownPolicies {
  readonly remembered: RememberedPolicies;
  readonly analyzer: PolicyAnalyzer;

  constructor(remembered: RememberedPolicies, analyzer: PolicyAnalyzer) {
    this.remembered = remembered;
    this.analyzer = analyzer;
  }

  /**
   * What a policy says at a time, by its key; `undefined` where its content was not seen.
   * @param time milliseconds since the epoch
   */
  summaryOf(key: string, time: number): PolicySummary | undefined {
    const arn = arnOfKey(key);
    const managed = arn === undefined ? undefined : this.analyzer.managed(arn);
    return managed?.summary ?? this.remembered.inForce(key, time)?.summary;
  }

  stepsOf(key: string, time: number): EscalationSteps | undefined {
    return this.summaryOf(key, time)?.steps;
  }
}
