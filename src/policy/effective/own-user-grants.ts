import { namesOwnUser } from '../document/own-user.ts';
import type { PolicyStatement } from '../document/policy-document.ts';
import { ActionSet } from '../patterns/action-set.ts';
import type { Confidence } from '../policy-findings.ts';
import { add, type ByConfidence, type Denied, rank } from './by-confidence.ts';
import type { EffectiveData } from './effective-data.ts';

/** Actions by which users who hold them on themselves gain all rights, by how sure that is. */
export interface OnOwnUser {
  readonly sure: Readonly<ByConfidence>;
  readonly sources: readonly { readonly statement: number; readonly actions: ActionSet }[];
}

/** Gathers, statement by statement, what a policy allows on `user/${aws:username}`: to most actions that is a limit. */
export class OwnUserGrants {
  readonly #data: EffectiveData;
  readonly #allowed: ByConfidence = {};
  readonly #sources: { statement: number; actions: ActionSet }[] = [];
  readonly #denied: ActionSet;

  constructor(data: EffectiveData) {
    this.#data = data;
    this.#denied = ActionSet.empty(data.table.all.length);
  }

  allow(statement: PolicyStatement, named: ActionSet, confidence: Confidence): void {
    if (!named.meets(this.#data.gainingOnOwnUser) || !isOnOwnUser(statement)) return;
    const actions = named.copy();
    actions.keepAll(this.#data.gainingOnOwnUser);
    add(this.#allowed, confidence, actions);
    this.#sources.push({ statement: statement.index, actions });
  }

  deny(statement: PolicyStatement, named: ActionSet): void {
    if (statement.conditions.length === 0 && isOnOwnUser(statement)) this.#denied.addAll(named);
  }

  /** After the Deny statements: those of the whole policy, and those of the own user. */
  after(denied: Denied): OnOwnUser {
    if (denied.all !== undefined) this.#denied.addAll(denied.all);
    const sure = rank(this.#allowed, { ...denied, all: this.#denied }, this.#data.table.all.length);
    return { sure, sources: this.#sources };
  }
}

function isOnOwnUser({ resources, otherResources }: PolicyStatement): boolean {
  return !otherResources && resources.some(namesOwnUser);
}
