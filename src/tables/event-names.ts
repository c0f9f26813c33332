import type { ActionTable, IamAction } from './action-table.ts';
import { withoutApiVersion } from './call-name.ts';
import { type ParameterTest, type ParameterTestRow, parameterTest } from './parameter-test.ts';
import { type PassedRoleRow, PassedRoles, type RoleParameter } from './passed-roles.ts';
import { type SdkActionRow, SdkActions } from './sdk-actions.ts';

/** One row of data/curated/event-actions.json: calls whose name alone does not tell their IAM action. */
export interface EventActionRow {
  readonly service: string;
  /** Without a version suffix. */
  readonly events: readonly string[];
  /** The called action first. None: the call needs no permission. With `cases`: all that it may be. */
  readonly actions: readonly string[];
  /** What the parameters say it was: the first case that holds decides, with `collect` each that holds. */
  readonly cases?: readonly (ParameterTestRow & { readonly actions: readonly string[] })[];
  readonly collect?: boolean;
  /** Where no case holds, `actions` are the answer and not a choice. */
  readonly otherwise?: 'actions';
  readonly reason: string;
  readonly reference: string;
}

/** One row of data/curated/event-verbs.json: a service that authorises by HTTP verb, told by the name's first word. */
export interface EventVerbRow {
  readonly service: string;
  readonly word: string;
  readonly action: string;
  readonly reason: string;
  readonly reference: string;
}

interface EventCase {
  readonly test: ParameterTest;
  readonly actions: readonly IamAction[];
}

/** The action(s) of one event name under one IAM prefix. */
export interface EventRule {
  readonly mapping: 'exact' | 'rule' | 'ambiguous';
  readonly service: string;
  readonly actions: readonly IamAction[];
  readonly cases: readonly EventCase[];
  readonly collect: boolean;
  /** Where the call's parameters name a role that it hands to a service. */
  readonly roleParameters: readonly RoleParameter[];
}

export interface EventNameRows {
  readonly actions: readonly EventActionRow[];
  readonly verbs: readonly EventVerbRow[];
  readonly passedRoles: readonly PassedRoleRow[];
  readonly sdkActions: readonly SdkActionRow[];
}

const FIRST_WORD = /^[A-Z][a-z]+/;

/** Which action an event name means under a given IAM prefix. */
export class EventNames {
  readonly #actions: ActionTable;
  readonly #irregular = new Map<string, EventActionRow>();
  readonly #verbs = new Map<string, string>();
  readonly #passedRoles: PassedRoles;
  readonly #sdkActions: SdkActions;

  /** Throws an Error where a row names an action that the table of actions does not hold. */
  constructor(rows: EventNameRows, actions: ActionTable) {
    this.#actions = actions;
    this.#passedRoles = new PassedRoles(rows.passedRoles);
    this.#sdkActions = new SdkActions(rows.sdkActions, actions);
    for (const row of rows.actions) {
      for (const event of row.events) this.#irregular.set(key(row.service, event), row);
      for (const event of row.events) this.#fromRow(row, event);
    }
    for (const row of rows.verbs) this.#verbs.set(key(row.service, row.word), this.action(row.action).id);
  }

  /** The rungs, surest first. Each is a fact of AWS; below the last one nothing is known, and nothing is guessed. */
  find(prefix: string, eventName: string): EventRule | undefined {
    const whole = this.#named(prefix, eventName);
    if (whole !== undefined) return whole;
    const bare = withoutApiVersion(eventName);
    const stripped = bare === eventName ? undefined : this.#named(prefix, bare);
    if (stripped === undefined) return this.#byVerb(prefix, eventName) ?? this.#bySdk(prefix, eventName);
    return stripped.mapping === 'exact' ? { ...stripped, mapping: 'rule' } : stripped;
  }

  hasService(prefix: string): boolean {
    return this.#actions.hasService(prefix) || this.#sdkActions.hasService(prefix);
  }

  action(id: string): IamAction {
    const action = this.#actions.named(id);
    if (action === undefined) throw new Error(`event rules: ${id} is not in the table of actions`);
    return action;
  }

  /** An irregular name comes before the exact one: a call may bear the name of an action that is not its own. */
  #named(prefix: string, name: string): EventRule | undefined {
    const row = this.#irregular.get(key(prefix, name));
    if (row !== undefined) return this.#fromRow(row, name);
    const action = this.#actions.find(prefix, name);
    return action === undefined ? undefined : this.#plain('exact', action, name);
  }

  /** API Gateway's management calls have no action of their own name, only GET, POST, PUT, PATCH and DELETE. */
  #byVerb(prefix: string, eventName: string): EventRule | undefined {
    const word = FIRST_WORD.exec(eventName)?.[0];
    const id = word === undefined ? undefined : this.#verbs.get(key(prefix, word));
    return id === undefined ? undefined : this.#plain('rule', this.action(id), eventName);
  }

  #bySdk(prefix: string, eventName: string): EventRule | undefined {
    const action = this.#sdkActions.find(prefix, eventName);
    return action === undefined ? undefined : this.#plain('rule', action, eventName);
  }

  #plain(mapping: 'exact' | 'rule', action: IamAction, name: string): EventRule {
    const { service } = action;
    const roleParameters = this.#passedRoles.parameters(service, name);
    return { mapping, service, actions: [action], cases: [], collect: false, roleParameters };
  }

  #fromRow(row: EventActionRow, name: string): EventRule {
    const actions = row.actions.map((id) => this.action(id));
    const cases = (row.cases ?? []).map((one) => ({
      test: parameterTest(one),
      actions: one.actions.map((id) => this.action(id)),
    }));
    const isNamedSo = actions[0]?.name.toLowerCase() === name.toLowerCase();
    const undecided = cases.length > 0 && row.otherwise !== 'actions';
    return {
      mapping: undecided ? 'ambiguous' : isNamedSo ? 'exact' : 'rule',
      service: actions[0]?.service ?? row.service,
      actions,
      cases,
      collect: row.collect ?? false,
      roleParameters: this.#passedRoles.parameters(row.service, name),
    };
  }
}

function key(service: string, name: string): string {
  return `${service}:${name}`.toLowerCase();
}
