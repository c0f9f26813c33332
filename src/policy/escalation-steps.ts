import type { EffectiveData, KnownEscalation } from './effective-data.ts';
import type { Grants } from './grants.ts';
import { CONFIDENCES, type Confidence, type PolicyFinding } from './policy-findings.ts';
import type { EscalationSteps } from './policy-summary.ts';

/** What is kept of the grants of one policy, so that it can be put together with others of the same principal. */
export function stepsOf(grants: Grants, data: EffectiveData): EscalationSteps {
  const steps = { high: [] as string[], medium: [] as string[], low: [] as string[], denied: [] as string[] };
  for (const { index, id } of data.steps) {
    if (grants.denied?.has(index)) steps.denied.push(id);
    else if (grants.all.has(index)) {
      const confidence = CONFIDENCES.find((level) => grants.sure[level]?.has(index));
      if (confidence !== undefined) steps[confidence].push(id);
    }
  }
  return { ...steps, someRoles: grants.someRoles.length > 0 };
}

/** All that several policies allow together; `boundary` is what the boundary of the principal lets through. */
export class JointSteps {
  readonly #confidences = new Map<string, Confidence>();
  #someRoles = false;

  constructor(policies: readonly EscalationSteps[], boundary?: EscalationSteps) {
    for (const steps of policies) {
      for (const confidence of CONFIDENCES) for (const id of steps[confidence]) this.#raise(id, confidence);
      this.#someRoles ||= steps.someRoles;
    }
    const denied = policies.flatMap((steps) => steps.denied);
    for (const id of denied) this.#confidences.delete(id);
    if (denied.includes(PASS_ROLE)) this.#someRoles = false;
    if (boundary === undefined) return;
    const within = new Set([...boundary.high, ...boundary.medium, ...boundary.low]);
    for (const id of this.#confidences.keys()) if (!within.has(id)) this.#confidences.delete(id);
    this.#someRoles &&= within.has(PASS_ROLE) || boundary.someRoles;
  }

  #raise(id: string, confidence: Confidence): void {
    const known = this.#confidences.get(id);
    if (known === undefined || CONFIDENCES.indexOf(confidence) < CONFIDENCES.indexOf(known)) {
      this.#confidences.set(id, confidence);
    }
  }

  /** The methods of which all actions are allowed, as findings without statements. */
  findings(data: EffectiveData): PolicyFinding[] {
    return data.escalations
      .map((escalation) => this.#finding(escalation))
      .filter((found) => found !== undefined);
  }

  #finding({ method, actions }: KnownEscalation): PolicyFinding | undefined {
    const ids = actions.map(({ id }) => id);
    const missing = ids.filter((id) => !this.#confidences.has(id));
    const someRoles = missing.length === 1 && missing[0] === PASS_ROLE && this.#someRoles;
    if (missing.length > 0 && !someRoles) return undefined;
    const least =
      CONFIDENCES.findLast((level) => ids.some((id) => this.#confidences.get(id) === level)) ?? 'low';
    return {
      risk: 'privilege_escalation',
      severity: someRoles ? 'medium' : 'high',
      confidence: someRoles ? 'low' : least,
      method: method.method,
      actions: ids,
      statements: [],
      why: someRoles ? `${method.reason} Only some roles can be passed.` : method.reason,
    };
  }
}

const PASS_ROLE = 'iam:PassRole';
