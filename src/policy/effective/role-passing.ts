import type { Condition, PolicyStatement } from '../document/policy-document.ts';
import { firstWildcard, wildcardTest } from '../patterns/wildcard.ts';
import { isOnEverything } from './statement-actions.ts';

const KEY = 'iam:passedtoservice';

/**
 * Gathers, statement by statement, which roles can be passed, and to which services of those that methods of escalation
 * rest on: a role for lambda is of no use in a job of glue. iam:PassedToService is there in every PassRole (IAM User
 * Guide, "Grant a user permissions to pass a role to an AWS service"), so that `...IfExists` limits as well.
 */
export class RolePassing {
  readonly #known: readonly string[];
  readonly #allowed = new Set<string>();
  readonly #denied = new Set<string>();
  readonly #some: number[] = [];
  #anyRole = false;

  /** `known` are the service principals of the methods. */
  constructor(known: readonly string[]) {
    this.#known = known;
  }

  /** An Allow that names iam:PassRole, for every role or for some. */
  allow(statement: PolicyStatement, everyRole: boolean): void {
    if (!everyRole && !namesRoles(statement)) return;
    if (everyRole) this.#anyRole = true;
    else this.#some.push(statement.index);
    for (const service of this.#known) if (admits(statement.conditions, service)) this.#allowed.add(service);
  }

  /** A Deny that names iam:PassRole; another condition, or another resource, might spare some requests. */
  deny(statement: PolicyStatement): void {
    const { conditions } = statement;
    if (!isOnEverything(statement) || conditions.length === 0 || !conditions.every(isExact)) return;
    for (const service of this.#known) if (admits(conditions, service)) this.#denied.add(service);
  }

  /** Statements that allow it for some roles only. */
  get some(): readonly number[] {
    return this.#some;
  }

  /** `undefined` where that is all of them, or no role can be passed at all. */
  services(): readonly string[] | undefined {
    if (!this.#anyRole && this.#some.length === 0) return undefined;
    const left = this.#known.filter((service) => this.#allowed.has(service) && !this.#denied.has(service));
    return left.length === this.#known.length ? undefined : left;
  }
}

/** Whether a role can be among the resources: only then is a PassRole on some resources worth something. */
function namesRoles(statement: PolicyStatement): boolean {
  return statement.otherResources || statement.resources.some((resource) => canNameRole(resource));
}

function canNameRole(resource: string): boolean {
  if (resource.startsWith('*')) return true;
  const service = resource.split(':', 3)[2];
  return service === undefined ? firstWildcard(resource) >= 0 : wildcardTest(service)('iam');
}

function admits(conditions: readonly Condition[], service: string): boolean {
  return conditions.every(({ operator, key, values }) => {
    if (key !== KEY || operator === 'null') return true;
    return values.some((value) => names(value, service)) !== operator.includes('not');
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
