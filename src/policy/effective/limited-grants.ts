import type { PolicyStatement } from '../document/policy-document.ts';
import type { ActionSet } from '../patterns/action-set.ts';
import type { WorkBudget } from '../patterns/work-budget.ts';
import type { Confidence } from '../policy-findings.ts';
import type { ByConfidence, Denied } from './by-confidence.ts';
import type { EffectiveData } from './effective-data.ts';
import { type ConfidenceOf, NamedGrants, type OnNames } from './named-grants.ts';
import { type OnOwnUser, OwnUserGrants } from './own-user-grants.ts';
import { NO_ROLES, RolePassing } from './role-passing.ts';
import { type OnTargets, stepConfidence, TargetedGrants } from './targeted-grants.ts';

/** What a policy allows on some resources that is as good as on every one. */
export interface OnSome {
  /** Statements that allow iam:PassRole for some roles only; empty where it is denied altogether. */
  readonly someRoles: readonly number[];
  /** Services that roles can be passed to, of those that matter; `undefined` where that is every service. */
  readonly passedTo: readonly string[] | undefined;
  /** What it allows on the user who holds it. */
  readonly onOwnUser: OnOwnUser;
  readonly onTargets: OnTargets;
  readonly onNames: OnNames;
}

/** Gathers it, statement by statement. */
export class LimitedGrants {
  readonly #passRole: number;
  readonly #ownUser: OwnUserGrants;
  readonly #roles: RolePassing;
  readonly #targeted: TargetedGrants;
  readonly #byName: NamedGrants;

  constructor(
    data: EffectiveData,
    budget: WorkBudget,
    account: string | undefined,
    confidenceOf: ConfidenceOf,
  ) {
    this.#passRole = data.passRole;
    this.#ownUser = new OwnUserGrants(data);
    this.#roles = new RolePassing(data, budget, account);
    this.#targeted = new TargetedGrants(data);
    this.#byName = new NamedGrants(data, account, confidenceOf);
  }

  /** `open` are those of the named actions that it allows on every resource. */
  allow(statement: PolicyStatement, named: ActionSet, open: ActionSet, confidence: Confidence): void {
    this.#ownUser.allow(statement, named, confidence);
    this.#targeted.allow(statement, named, confidence);
    if (named.has(this.#passRole)) this.#roles.allow(statement, open.has(this.#passRole));
    this.#byName.allow(statement, named, open, confidence);
  }

  deny(statement: PolicyStatement, named: ActionSet): void {
    this.#ownUser.deny(statement, named);
    this.#targeted.deny(statement, named);
    this.#byName.deny(statement, named);
    if (named.has(this.#passRole)) this.#roles.deny(statement);
  }

  /** After the Deny statements, beside what is sure on every resource. */
  after(sure: ByConfidence, denied: Denied): OnSome {
    const passed = denied.all?.has(this.#passRole) ? NO_ROLES : this.#roles.after();
    const onTargets = this.#targeted.confidences();
    const onEvery = (index: number) => stepConfidence(index, { sure, onTargets });
    const onNames = this.#byName.methods(onEvery, denied);
    const onOwnUser = this.#ownUser.after(denied);
    return { someRoles: passed.some, passedTo: passed.services, onOwnUser, onTargets, onNames };
  }
}
