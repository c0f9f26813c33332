import { PASS_ROLE } from '../../tables/action-table.ts';
import { CONFIDENCES, type Confidence, type PolicyFinding } from '../policy-findings.ts';
import type { EscalationSteps } from '../policy-summary.ts';
import { lower } from './by-confidence.ts';
import type { EffectiveData } from './effective-data.ts';
import { canBePassed, escalationFinding, openness, type Reach } from './escalation-finding.ts';
import type { Grants } from './grants.ts';
import type { KnownEscalation } from './known-escalations.ts';
import { stepConfidence } from './targeted-grants.ts';

/** What is kept of the grants of one policy, so that it can be put together with others of the same principal. */
export function stepsOf(grants: Grants, data: EffectiveData): EscalationSteps {
  const steps = { high: [] as string[], medium: [] as string[], low: [] as string[], denied: [] as string[] };
  for (const { index, id } of data.steps) {
    if (grants.denied?.has(index)) steps.denied.push(id);
    else if (grants.all.has(index)) {
      const confidence = stepConfidence(index, grants);
      if (confidence !== undefined) steps[confidence].push(id);
    }
  }
  const onOwnUser = ownUserSteps(grants, data);
  const onNames = namedMethods(grants);
  const { passedTo } = grants;
  return {
    ...steps,
    someRoles: grants.someRoles.length > 0,
    ...(passedTo !== undefined && { passedTo }),
    ...(onOwnUser !== undefined && { onOwnUser }),
    ...(onNames !== undefined && { onNames }),
  };
}

function namedMethods({ onNames }: Grants): EscalationSteps['onNames'] {
  if (onNames.size === 0) return undefined;
  const levels: Partial<Record<Confidence, string[]>> = {};
  for (const [method, { confidence }] of onNames) {
    levels[confidence] ??= [];
    levels[confidence].push(method);
  }
  return levels;
}

function ownUserSteps({ onOwnUser }: Grants, data: EffectiveData): EscalationSteps['onOwnUser'] {
  const levels = Object.entries(onOwnUser.sure);
  if (levels.length === 0) return undefined;
  return Object.fromEntries(
    levels.map(([level, actions]) => [level, actions.indices().map((index) => data.idOf(index))]),
  );
}

/** All that several policies allow together; `boundary` is what the boundary of the principal lets through. */
export class JointSteps {
  readonly #confidences = new Map<string, Confidence>();
  /** On the user who holds the policies. */
  readonly #onOwnUser = new Map<string, Confidence>();
  /** Methods whose actions on resources of any name one policy allows on those of some names. */
  readonly #onNames = new Map<string, Confidence>();
  readonly #denied: ReadonlySet<string>;
  /** The actions before the boundary. */
  #held: ReadonlyMap<string, Confidence>;
  #boundary:
    | { readonly steps: ReadonlyMap<string, Confidence>; readonly onNames: ReadonlyMap<string, Confidence> }
    | undefined;
  #someRoles = false;
  /** A list for each limit that stands: a role has to be allowed by all of them. */
  readonly #passedTo: (readonly string[])[] = [];

  constructor(policies: readonly EscalationSteps[], boundary?: EscalationSteps) {
    for (const steps of policies) {
      for (const confidence of CONFIDENCES) {
        for (const id of steps[confidence]) {
          raise(this.#confidences, id, confidence);
          raise(this.#onOwnUser, id, confidence);
        }
        for (const id of steps.onOwnUser?.[confidence] ?? []) raise(this.#onOwnUser, id, confidence);
        for (const method of steps.onNames?.[confidence] ?? []) raise(this.#onNames, method, confidence);
      }
      this.#someRoles ||= steps.someRoles;
    }
    const passing = policies.filter(passesRoles);
    const services = passing.flatMap(({ passedTo }) => passedTo ?? []);
    if (passing.every(({ passedTo }) => passedTo !== undefined)) this.#passedTo.push(services);
    this.#denied = new Set(policies.flatMap((steps) => steps.denied));
    for (const id of this.#denied) {
      this.#confidences.delete(id);
      this.#onOwnUser.delete(id);
    }
    if (this.#denied.has(PASS_ROLE)) this.#someRoles = false;
    this.#held = this.#confidences;
    if (boundary !== undefined) this.#limit(boundary);
  }

  /** Nothing is surer than the boundary is, and of every role that can be passed it may leave some. */
  #limit(boundary: EscalationSteps): void {
    this.#held = new Map(this.#confidences);
    if (boundary.passedTo !== undefined) this.#passedTo.push(boundary.passedTo);
    const within = new Map<string, Confidence>();
    for (const level of CONFIDENCES) for (const id of boundary[level]) raise(within, id, level);
    const onNames = new Map<string, Confidence>();
    for (const level of CONFIDENCES)
      for (const name of boundary.onNames?.[level] ?? []) raise(onNames, name, level);
    this.#boundary = { steps: new Map(within), onNames };
    this.#someRoles ||= this.#confidences.has(PASS_ROLE);
    this.#someRoles &&= within.has(PASS_ROLE) || boundary.someRoles;
    keepWithin(this.#confidences, within);
    for (const level of CONFIDENCES)
      for (const id of boundary.onOwnUser?.[level] ?? []) raise(within, id, level);
    keepWithin(this.#onOwnUser, within);
  }

  /** The methods of which all actions are allowed, as findings without statements. */
  findings(data: EffectiveData): PolicyFinding[] {
    const reach = this.#reach();
    return data.escalations.flatMap((escalation) => {
      const confidence = openness(escalation, reach);
      return confidence === undefined ? [] : [escalationFinding(escalation, confidence, [])];
    });
  }

  #reach(): Reach {
    return {
      someRoles: this.#someRoles,
      canPass: (method) => this.#passedTo.every((services) => canBePassed(method, services)),
      step: ({ id }, escalation) =>
        (escalation.method.onOwnUser ? this.#onOwnUser : this.#confidences).get(id) ??
        (escalation.anyName.has(id) ? this.#byName(escalation) : undefined),
    };
  }

  /** How sure it is that the resources of a method can have some name at least. */
  #byName({ method, anyName }: KnownEscalation): Confidence | undefined {
    for (const id of anyName) if (this.#denied.has(id)) return undefined;
    const held = surest(this.#onNames.get(method.method), leastOf(anyName, this.#held));
    if (held === undefined || this.#boundary === undefined) return held;
    const within = surest(this.#boundary.onNames.get(method.method), leastOf(anyName, this.#boundary.steps));
    return within && lower(held, within);
  }
}

function leastOf(
  ids: Iterable<string>,
  confidences: ReadonlyMap<string, Confidence>,
): Confidence | undefined {
  let least: Confidence = 'high';
  for (const id of ids) {
    const confidence = confidences.get(id);
    if (confidence === undefined) return undefined;
    least = lower(least, confidence);
  }
  return least;
}

function surest(one: Confidence | undefined, other: Confidence | undefined): Confidence | undefined {
  return CONFIDENCES.find((level) => level === one || level === other);
}

function passesRoles(steps: EscalationSteps): boolean {
  return steps.someRoles || CONFIDENCES.some((level) => steps[level].includes(PASS_ROLE));
}

function raise(confidences: Map<string, Confidence>, id: string, confidence: Confidence): void {
  const known = confidences.get(id);
  if (known === undefined || CONFIDENCES.indexOf(confidence) < CONFIDENCES.indexOf(known)) {
    confidences.set(id, confidence);
  }
}

function keepWithin(confidences: Map<string, Confidence>, within: ReadonlyMap<string, Confidence>): void {
  for (const [id, confidence] of confidences) {
    const limit = within.get(id);
    if (limit === undefined) confidences.delete(id);
    else confidences.set(id, lower(confidence, limit));
  }
}
