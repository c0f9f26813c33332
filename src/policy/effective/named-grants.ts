import { namesOwnUser } from '../document/own-user.ts';
import type { PolicyStatement } from '../document/policy-document.ts';
import { ActionSet } from '../patterns/action-set.ts';
import { isForeignInIam } from '../patterns/own-place.ts';
import { takesIn } from '../patterns/resource-cover.ts';
import { firstWildcard } from '../patterns/wildcard.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import { CONFIDENCES, type Confidence } from '../policy-findings.ts';
import { add, type ByConfidence, type Denied, lower } from './by-confidence.ts';
import type { EffectiveData } from './effective-data.ts';

/** A method whose actions a policy allows on resources of some names, where any name will do. */
export interface NamedGrant {
  readonly confidence: Confidence;
  readonly statements: readonly number[];
}

/** By the method. */
export type OnNames = ReadonlyMap<string, NamedGrant>;

/** How sure an action is on every resource; `undefined` where it is not allowed there. */
type OnEvery = (index: number) => Confidence | undefined;

interface Grant {
  readonly resource: string;
  readonly actions: ActionSet;
  readonly confidence: Confidence;
  readonly statement: number;
}

interface Here {
  readonly grants: readonly Grant[];
  readonly sure: Readonly<ByConfidence>;
}

const NONE: OnNames = new Map();
/** A comparison of two patterns costs about as much as this many comparisons of names. */
const PATTERN_COST = 4;
/** Roles that AWS makes for its services and for IAM Identity Center: nobody else can change them. */
const PROTECTED = /^arn:[^:]*:iam:[^:]*:[^:]*:role\/aws-(?:service-role|reserved)\//;

/**
 * Gathers, statement by statement, what a policy allows on resources of some names, of the actions that are enough on
 * any: whoever makes a function, and hands a role to it, calls it `dev-x` where that is the only name allowed.
 */
export class NamedGrants {
  readonly #data: EffectiveData;
  readonly #budget: WorkBudget;
  readonly #account: string | undefined;
  readonly #grants: Grant[] = [];
  readonly #denials: Pick<Grant, 'resource' | 'actions'>[] = [];

  constructor(data: EffectiveData, budget: WorkBudget, account: string | undefined) {
    this.#data = data;
    this.#budget = budget;
    this.#account = account;
  }

  /** `open` are those of the named actions that it allows on every resource. False once the budget is used up. */
  allow(statement: PolicyStatement, named: ActionSet, open: ActionSet, confidence: Confidence): boolean {
    const { anyName, breadth } = this.#data;
    if (statement.otherResources || open === named || !named.meets(anyName)) return true;
    for (const resource of new Set(statement.resources)) {
      if (this.#isOutOfReach(resource)) continue;
      const { types, cost } = breadth.met(resource);
      if (!this.#budget.spend(cost + types.length)) return false;
      const actions = ActionSet.empty(this.#data.table.all.length);
      for (const type of types) actions.addSpan(breadth.actionsOf(type));
      actions.keepAll(named);
      actions.keepAll(anyName);
      if (!actions.isEmpty())
        this.#grants.push({ resource, actions, confidence, statement: statement.index });
    }
    return true;
  }

  /** Users who may do something to themselves are of OwnUserGrants. */
  #isOutOfReach(resource: string): boolean {
    return PROTECTED.test(resource) || namesOwnUser(resource) || isForeignInIam(resource, this.#account);
  }

  deny({ conditions, otherResources, resources }: PolicyStatement, named: ActionSet): void {
    if (conditions.length > 0 || otherResources || !named.meets(this.#data.anyName)) return;
    for (const resource of new Set(resources)) this.#denials.push({ resource, actions: named });
  }

  /** `undefined` once the budget is used up. */
  methods(onEvery: OnEvery, denied: Denied): OnNames | undefined {
    if (this.#grants.length === 0) return NONE;
    const surest = new Map<readonly number[], NamedGrant>();
    for (const place of new Set(this.#grants.map(({ resource }) => resource))) {
      const here = this.#on(place);
      if (here === undefined) return undefined;
      for (const { groups } of this.#data.named) {
        for (const group of groups) {
          const grant = grantOf(group, place, here, onEvery, denied);
          const known = surest.get(group);
          if (grant !== undefined && (known === undefined || isSurer(grant, known))) surest.set(group, grant);
        }
      }
    }
    return this.#together(surest, onEvery);
  }

  /** Each group may be on names of its own; one that is allowed on every resource needs none. */
  #together(surest: ReadonlyMap<readonly number[], NamedGrant>, onEvery: OnEvery): OnNames {
    const methods = new Map<string, NamedGrant>();
    for (const { method, groups } of this.#data.named) {
      const limited = groups.filter((group) => group.some((index) => onEvery(index) === undefined));
      const grants = limited.map((group) => surest.get(group)).filter((grant) => grant !== undefined);
      if (limited.length === 0 || grants.length < limited.length) continue;
      const confidence = grants.reduce<Confidence>((least, grant) => lower(least, grant.confidence), 'high');
      methods.set(method.method, {
        confidence,
        statements: grants.flatMap(({ statements }) => statements),
      });
    }
    return methods;
  }

  /** What is allowed on every resource that a pattern takes in, without what is denied there. */
  #on(place: string): Here | undefined {
    if (!this.#budget.spend(PATTERN_COST * (this.#grants.length + this.#denials.length))) return undefined;
    const grants = this.#grants.filter(({ resource }) => resource === place || takesIn(resource, place));
    const sure: ByConfidence = {};
    for (const { confidence, actions } of grants) add(sure, confidence, actions);
    for (const { resource, actions } of this.#denials)
      if (takesIn(resource, place)) for (const level of CONFIDENCES) sure[level]?.removeAll(actions);
    return { grants, sure };
  }
}

/** Some name of a pattern is free to choose; whether one that is written out is there to be had is less sure. */
function grantOf(
  group: readonly number[],
  place: string,
  { grants, sure }: Here,
  onEvery: OnEvery,
  { all, some }: Denied,
): NamedGrant | undefined {
  let confidence: Confidence = firstWildcard(place) < 0 ? 'low' : 'medium';
  const statements = new Set<number>();
  for (const index of group) {
    const open = onEvery(index);
    const step = open ?? CONFIDENCES.find((level) => sure[level]?.has(index));
    if (step === undefined || all?.has(index)) return undefined;
    confidence = lower(confidence, step);
    if (open !== undefined) continue;
    if (some?.has(index)) confidence = 'low';
    for (const { actions, statement } of grants) if (actions.has(index)) statements.add(statement);
  }
  return statements.size === 0 ? undefined : { confidence, statements: [...statements] };
}

function isSurer({ confidence }: NamedGrant, known: NamedGrant): boolean {
  return CONFIDENCES.indexOf(confidence) < CONFIDENCES.indexOf(known.confidence);
}
