import { JointSteps } from '../effective/escalation-steps.ts';
import type { RememberedPolicies } from '../memory/remembered-policies.ts';
import type { PolicyAnalyzer } from '../policy-analyzer.ts';
import type { EscalationSteps, PolicySummary } from '../policy-summary.ts';
import type { FoundPolicy } from './find-policy.ts';
import { arnOfKey, policyKey } from './policy-keys.ts';

/** What an event's policy is looked at beside: the policies that were seen, and those that AWS manages. */
export class KnownPolicies {
  readonly remembered: RememberedPolicies;
  readonly analyzer: PolicyAnalyzer;
  /** By the boundary and the policy: several principals may hold it, each at several times. */
  readonly #methods = new Map<EscalationSteps | undefined, Map<EscalationSteps, Methods>>();

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

  /**
   * What the policy of a call said before it; nothing where the call makes anew what the policy is of, whatever was
   * seen of its name.
   */
  before(found: FoundPolicy): PolicySummary | undefined {
    const key = policyKey(found);
    if (key === undefined || found.at === undefined || found.rule.creates) return undefined;
    return this.remembered.before(key, found.at, found.event)?.summary;
  }

  stepsOf(key: string, time: number): EscalationSteps | undefined {
    return this.summaryOf(key, time)?.steps;
  }

  /** The methods that one policy is enough for. */
  methodsOf(steps: EscalationSteps, boundary: EscalationSteps | undefined): Methods {
    let bounded = this.#methods.get(boundary);
    if (bounded === undefined) {
      bounded = new Map();
      this.#methods.set(boundary, bounded);
    }
    let methods = bounded.get(steps);
    if (methods === undefined) {
      const findings = new JointSteps([steps], boundary).findings(this.analyzer.effective);
      methods = findings.map(({ method }) => method);
      bounded.set(steps, methods);
    }
    return methods;
  }
}

type Methods = readonly (string | undefined)[];
