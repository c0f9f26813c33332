import type { PolicyStatement } from '../document/policy-document.ts';
import type { ActionSet } from '../patterns/action-set.ts';
import { ResourcePattern, withoutVariables } from '../patterns/resource-pattern.ts';
import { firstWildcard, matchesEverything, wildcardTest } from '../patterns/wildcard.ts';
import { CONFIDENCES, type Confidence } from '../policy-findings.ts';
import { type ByConfidence, lower } from './by-confidence.ts';
import type { EffectiveData } from './effective-data.ts';

/** Where an action is authorised on several resources at once, how sure it is that all of them are allowed. */
export type OnTargets = ReadonlyMap<number, Confidence | undefined>;

/** How sure it is that an action of a method can be used; `undefined` where a resource that it needs too is missing. */
export function stepConfidence(
  index: number,
  { sure, onTargets }: { readonly sure: ByConfidence; readonly onTargets: OnTargets },
): Confidence | undefined {
  const confidence = CONFIDENCES.find((level) => sure[level]?.has(index));
  if (confidence === undefined || !onTargets.has(index)) return confidence;
  const together = onTargets.get(index);
  return together && lower(confidence, together);
}

/** Gathers, statement by statement, which of the resources that an action needs together a policy takes in. */
export class TargetedGrants {
  readonly #data: EffectiveData;
  /** By the list of resources, of which one is enough. */
  readonly #reached = new Map<readonly string[], Confidence>();
  readonly #denied = new Set<readonly string[]>();

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

  /** A Deny without a condition that spares, with NotResource, no resource of a kind that an action needs. */
  deny({ conditions, otherResources, resources }: PolicyStatement, named: ActionSet): void {
    if (conditions.length > 0 || !otherResources) return;
    for (const { index, targets } of this.#data.targeted) {
      if (!named.has(index)) continue;
      for (const samples of targets) {
        const kinds = new Set(samples.map(kindOf));
        if (!resources.some((spared) => [...kinds].some((kind) => mayBe(spared, kind))))
          this.#denied.add(samples);
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
      if (reached === undefined || this.#denied.has(samples)) return undefined;
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

/** `arn:aws:ec2:*:*:instance/*` */
function kindOf(sample: string): string {
  const [, , service, , , resource = ''] = sample.split(':', 6);
  return `arn:aws:${service}:*:*:${resource.slice(0, resource.indexOf('/') + 1)}*`;
}

function mayBe(resource: string, kind: string): boolean {
  const pattern = resource.split(':');
  if (pattern.length < 6) return firstWildcard(resource) >= 0;
  const name = withoutVariables(pattern.slice(5).join(':'));
  return new ResourcePattern(`arn:*:${pattern[2]}:*:*:${name}`).mayMeet(new ResourcePattern(kind));
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
