import { namesOwnUser } from '../document/own-user.ts';
import type { PolicyStatement } from '../document/policy-document.ts';
import { ActionSet } from '../patterns/action-set.ts';
import { fillOwnAccount, fillOwnPlace, isForeignInIam } from '../patterns/own-place.ts';
import {
  COVER_COST,
  type CoverPattern,
  READ_COST,
  readPattern,
  takesIn,
} from '../patterns/resource-cover.ts';
import { firstWildcard } from '../patterns/wildcard.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import { CONFIDENCES, type Confidence } from '../policy-findings.ts';
import type { NamedGroup } from './any-name-actions.ts';
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

interface Denial {
  readonly resource: CoverPattern;
  /** By the places of AnyNameActions. */
  readonly actions: ActionSet;
}

interface Grant extends Denial {
  /** Some name of it is free to choose. */
  readonly isFree: boolean;
  readonly confidence: Confidence;
  readonly statement: number;
}

interface Here {
  readonly grants: readonly Grant[];
  readonly sure: Readonly<ByConfidence>;
}

const NONE: OnNames = new Map();
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
  readonly #denials: Denial[] = [];

  constructor(data: EffectiveData, budget: WorkBudget, account: string | undefined) {
    this.#data = data;
    this.#budget = budget;
    this.#account = account;
  }

  /** `open` are those of the named actions that it allows on every resource. False once the budget is used up. */
  allow(statement: PolicyStatement, named: ActionSet, open: ActionSet, confidence: Confidence): boolean {
    const { anyName, breadth } = this.#data;
    if (statement.otherResources || open === named || !named.meets(anyName.all)) return true;
    for (const resource of new Set(statement.resources)) {
      if (this.#isOutOfReach(resource)) continue;
      const { types, cost } = breadth.met(resource);
      if (!this.#budget.spend(READ_COST + cost + types.length)) return false;
      const reached = ActionSet.empty(this.#data.table.all.length);
      for (const type of types) reached.addSpan(breadth.actionsOf(type));
      reached.keepAll(named);
      const actions = anyName.among(reached);
      if (actions.isEmpty()) continue;
      this.#grants.push({
        resource: readPattern(fillOwnPlace(resource)),
        isFree: firstWildcard(resource) >= 0,
        actions,
        confidence,
        statement: statement.index,
      });
    }
    return true;
  }

  /** Users who may do something to themselves are of OwnUserGrants. */
  #isOutOfReach(resource: string): boolean {
    return PROTECTED.test(resource) || namesOwnUser(resource) || isForeignInIam(resource, this.#account);
  }

  deny({ conditions, otherResources, resources }: PolicyStatement, named: ActionSet): void {
    const { anyName } = this.#data;
    if (conditions.length > 0 || otherResources || !named.meets(anyName.all)) return;
    const actions = anyName.among(named);
    for (const resource of new Set(resources)) {
      this.#budget.spend(READ_COST);
      this.#denials.push({
        resource: readPattern(fillOwnAccount(fillOwnPlace(resource), this.#account)),
        actions,
      });
    }
  }

  /** `undefined` once the budget is used up. */
  methods(onEvery: OnEvery, denied: Denied): OnNames | undefined {
    if (this.#grants.length === 0) return NONE;
    const groups = this.#data.anyName.groups.filter((group) => isLimited(group, onEvery));
    const surest = new Map<NamedGroup, NamedGrant>();
    const places = new Map(this.#grants.map((grant) => [grant.resource.whole.text, grant]));
    for (const place of places.values()) {
      if (!this.#budget.spend(groups.length)) return undefined;
      const here = this.#on(place.resource);
      if (here === undefined) return undefined;
      for (const group of groups) {
        const confidence = confidenceOn(place, group, here, onEvery, denied);
        if (confidence !== undefined && isSurer(confidence, surest.get(group)?.confidence))
          surest.set(group, { confidence, statements: statementsOf(group, here, onEvery) });
      }
    }
    return this.#together(surest, onEvery);
  }

  /** Each group may be on names of its own; one that is allowed on every resource needs none. */
  #together(surest: ReadonlyMap<NamedGroup, NamedGrant>, onEvery: OnEvery): OnNames {
    const methods = new Map<string, NamedGrant>();
    for (const { method, groups } of this.#data.anyName.methods) {
      const limited = groups.filter((group) => isLimited(group, onEvery));
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
  #on(place: CoverPattern): Here | undefined {
    if (!this.#budget.spend(COVER_COST * (this.#grants.length + this.#denials.length))) return undefined;
    const { text } = place.whole;
    const grants = this.#grants.filter(
      ({ resource }) => resource.whole.text === text || takesIn(resource, place),
    );
    const sure: ByConfidence = {};
    for (const { confidence, actions } of grants) add(sure, confidence, actions);
    for (const { resource, actions } of this.#denials)
      if (takesIn(resource, place)) for (const level of CONFIDENCES) sure[level]?.removeAll(actions);
    return { grants, sure };
  }
}

function isLimited(group: NamedGroup, onEvery: OnEvery): boolean {
  return group.some(({ index }) => onEvery(index) === undefined);
}

/** Some name of a pattern is free to choose; whether one that is written out is there to be had is less sure. */
function confidenceOn(
  { isFree }: Grant,
  group: NamedGroup,
  { sure }: Here,
  onEvery: OnEvery,
  { all, some }: Denied,
): Confidence | undefined {
  let confidence: Confidence = isFree ? 'medium' : 'low';
  for (const { index, place } of group) {
    const open = onEvery(index);
    const step = open ?? CONFIDENCES.find((level) => sure[level]?.has(place));
    if (step === undefined || all?.has(index)) return undefined;
    confidence = lower(confidence, open === undefined && some?.has(index) ? 'low' : step);
  }
  return confidence;
}

/** Those that allow what is not allowed on every resource. */
function statementsOf(group: NamedGroup, { grants }: Here, onEvery: OnEvery): number[] {
  const limited = group.filter(({ index }) => onEvery(index) === undefined);
  const allowing = grants.filter(({ actions }) => limited.some(({ place }) => actions.has(place)));
  return [...new Set(allowing.map(({ statement }) => statement))];
}

function isSurer(confidence: Confidence, known: Confidence | undefined): boolean {
  return known === undefined || CONFIDENCES.indexOf(confidence) < CONFIDENCES.indexOf(known);
}
