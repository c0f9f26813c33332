import { isServiceLinkedRole } from '../../event/arn.ts';
import { isNegated } from '../document/condition-operators.ts';
import type { Condition, PolicyStatement } from '../document/policy-document.ts';
import { fillOwnAccount, fillOwnPlace } from '../patterns/own-place.ts';
import {
  COVER_COST,
  type CoverPattern,
  READ_COST,
  readPattern,
  takesIn,
} from '../patterns/resource-cover.ts';
import { looseOf, ResourcePattern } from '../patterns/resource-pattern.ts';
import { wildcardTest } from '../patterns/wildcard.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import type { EffectiveData } from './effective-data.ts';
import { isOnEverything } from './statement-actions.ts';

const KEY = 'iam:passedtoservice';

/** Which roles can be passed, and to whom. */
export interface PassedRoles {
  /** Statements that allow it for some roles only. */
  readonly some: readonly number[];
  /**
   * Services, of those that methods rest on; `undefined` where that is all of them, or no role can be passed at all.
   */
  readonly services: readonly string[] | undefined;
}

export const NO_ROLES: PassedRoles = { some: [], services: undefined };

interface Passing {
  readonly statement: PolicyStatement;
  readonly everyRole: boolean;
  /** Patterns that roles of the account fit; without any, every role that NotResource leaves. */
  readonly patterns: readonly string[];
}

/**
 * Gathers, statement by statement, which roles can be passed, and to which services of those that methods of escalation
 * rest on: a role for lambda is of no use in a job of glue. iam:PassedToService is there in every PassRole (IAM User
 * Guide, "Grant a user permissions to pass a role to an AWS service"), so that `...IfExists` limits as well. A role of
 * another account cannot be passed (same page: the service has to share the account of the role).
 */
export class RolePassing {
  /** The service principals of the methods. */
  readonly #known: readonly string[];
  readonly #budget: WorkBudget;
  /** Every role of the account, where it is known. */
  readonly #roles: ResourcePattern;
  readonly #account: string | undefined;
  readonly #denied = new Set<string>();
  readonly #deniedRoles: CoverPattern[] = [];
  readonly #passing: Passing[] = [];

  constructor({ passedTo }: EffectiveData, budget: WorkBudget, account: string | undefined) {
    this.#known = passedTo;
    this.#budget = budget;
    this.#account = account;
    this.#roles = new ResourcePattern(`arn:*:iam::${account ?? '*'}:role/*`);
  }

  /** An Allow that names iam:PassRole, for every role or for some. */
  allow(statement: PolicyStatement, everyRole: boolean): void {
    const { otherResources, resources } = statement;
    // What is left of every role by NotResource is every role, but where all are named there.
    if (!everyRole && otherResources) return;
    const patterns = otherResources ? [] : resources.filter((resource) => this.#canNameRole(resource));
    if (everyRole || patterns.length > 0) this.#passing.push({ statement, everyRole, patterns });
  }

  /** A Deny that names iam:PassRole; another condition, or another resource, might spare some requests. */
  deny(statement: PolicyStatement): void {
    const { conditions, otherResources, resources } = statement;
    if (conditions.length === 0 && !otherResources)
      for (const resource of new Set(resources)) {
        this.#budget.spend(READ_COST);
        this.#deniedRoles.push(readPattern(fillOwnAccount(fillOwnPlace(resource), this.#account)));
      }
    if (!isOnEverything(statement) || conditions.length === 0 || !conditions.every(isExact)) return;
    for (const service of this.#known) if (admits(conditions, service)) this.#denied.add(service);
  }

  /** After the Deny statements; nothing is said where the budget is used up. */
  after(): PassedRoles {
    const left = this.#passing.filter((passing) => passing.everyRole || this.#leavesRoles(passing));
    if (left.length === 0) return NO_ROLES;
    const allowed = new Set<string>();
    for (const { statement } of left)
      for (const service of this.#known) if (admits(statement.conditions, service)) allowed.add(service);
    const services = this.#known.filter((service) => allowed.has(service) && !this.#denied.has(service));
    return {
      some: left.filter(({ everyRole }) => !everyRole).map(({ statement }) => statement.index),
      services: services.length === this.#known.length ? undefined : services,
    };
  }

  #leavesRoles({ patterns }: Passing): boolean {
    if (this.#deniedRoles.length === 0) return true;
    return [...new Set(patterns)].some((pattern) => {
      if (!this.#budget.spend(READ_COST + COVER_COST * this.#deniedRoles.length)) return false;
      const narrow = readPattern(fillOwnPlace(pattern));
      return !this.#deniedRoles.some((denied) => takesIn(denied, narrow));
    });
  }

  /**
   * Whether a role can be among the resources: only then is a PassRole on some resources worth something. One that is
   * linked to a service does there what AWS wrote.
   */
  #canNameRole(resource: string): boolean {
    return !isServiceLinkedRole(resource) && looseOf(resource).mayMeet(this.#roles);
  }
}

function admits(conditions: readonly Condition[], service: string): boolean {
  return conditions.every(({ operator, key, values }) => {
    if (key !== KEY || operator === 'null') return true;
    return values.some((value) => names(value, service)) !== isNegated(operator);
  });
}

/** Only where a wildcard is one, and nothing is filled in, is it sure whom a Deny meets. */
function isExact({ operator, key, values }: Condition): boolean {
  const plain = operator.includes('like') || values.every((value) => !/[*?]/.test(value));
  return key === KEY && operator !== 'null' && plain && values.every((value) => !value.includes('${'));
}

/** In China the names of some services end with `.cn`. A variable may stand for any service. */
function names(value: string, service: string): boolean {
  const pattern = value.toLowerCase().replace(/\.cn$/, '');
  return value.includes('${') || wildcardTest(pattern)(service);
}
