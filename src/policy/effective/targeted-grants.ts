import type { PolicyStatement } from '../document/policy-document.ts';
import type { ActionSet } from '../patterns/action-set.ts';
import { matchesEverything, wildcardTest } from '../patterns/wildcard.ts';
import type { Confidence } from '../policy-findings.ts';
import { lower } from './by-confidence.ts';
import type { EffectiveData } from './effective-data.ts';

/** Where an action is authorised on several resources at once, how sure it is that all of them are allowed. */
export type OnTargets = ReadonlyMap<number, Confidence | undefined>;

/** Gathers, statement by statement, which of the resources that an action needs together a policy takes in. */
export class TargetedGrants {
  readonly #data: EffectiveData;
  /** By the list of resources, of which one is enough. */
  readonly #reached = new Map<readonly string[], Confidence>();

  constructor(data: EffectiveData) {
    this.#data = data;
  }

  allow(statement: PolicyStatement, named: ActionSet, confidence: Confidence): void {
    for (const { index, targets } of this.#data.targeted) {
      if (!named.has(index)) continue;
      for (const samples of targets) {
        if (isSurer(confidence, this.#reached.get(samples)) && takesIn(statement, samples))
          this.#reached.set(samples, confidence);
      }
    }
  }

  /** `undefined` for an action of which a resource is missing. */
  confidences(): OnTargets {
    return new Map(this.#data.targeted.map(({ index, targets }) => [index, this.#least(targets)]));
  }

  #least(targets: readonly (readonly string[])[]): Confidence | undefined {
    let least: Confidence = 'high';
    for (const samples of targets) {
      const reached = this.#reached.get(samples);
      if (reached === undefined) return undefined;
      least = lower(least, reached);
    }
    return least;
  }
}

function isSurer(confidence: Confidence, known: Confidence | undefined): boolean {
  return known === undefined || lower(confidence, known) !== confidence;
}

function takesIn({ resources, otherResources }: PolicyStatement, samples: readonly string[]): boolean {
  if (!otherResources) return resources.some((resource) => samples.some((arn) => fits(resource, arn)));
  return samples.some((arn) => !resources.some((resource) => fits(resource, arn)));
}

/** Whatever its partition, Region and account: those that a policy names are the reader's own. */
function fits(resource: string, arn: string): boolean {
  if (matchesEverything(resource)) return true;
  const pattern = resource.split(':');
  if (pattern.length < 6) return wildcardTest(resource)(arn);
  const parts = arn.split(':');
  return (
    wildcardTest(pattern[2] ?? '')(parts[2] ?? '') &&
    wildcardTest(pattern.slice(5).join(':'))(parts.slice(5).join(':'))
  );
}
