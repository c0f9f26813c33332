import { type ActionTable, type IamAction, PASS_ROLE } from '../../tables/action-table.ts';
import type {
  IdentityProvider,
  PolicyEscalation,
  PolicyTables,
  RiskAction,
} from '../../tables/policy-tables.ts';
import { isAtLeast, type RiskTable } from '../../tables/risk-table.ts';
import { ConditionStrengths } from '../document/condition-strength.ts';
import { ActionPatterns } from '../patterns/action-patterns.ts';
import { ActionSet, type ActionSpan, spanOf } from '../patterns/action-set.ts';
import { ResourceBreadth } from '../patterns/resource-breadth.ts';
import { AnyNameActions, type KnownEscalation } from './known-escalations.ts';

export interface TargetedAction {
  readonly index: number;
  readonly targets: readonly (readonly string[])[];
}

/** Everything that mode `effective` needs, worked out once for a set of tables. */
export class EffectiveData {
  readonly table: ActionTable;
  readonly identityProviders: readonly IdentityProvider[];
  readonly patterns: ActionPatterns;
  readonly breadth: ResourceBreadth;
  readonly conditions: ConditionStrengths;
  readonly all: ActionSet;
  /**
   * Those that AWS counts as Permissions management, without what the table of risks knows to read, to take away or to
   * be upkeep, whatever its access level says.
   */
  readonly exposing: ActionSet;
  readonly modifying: ActionSet;
  readonly credentials: ActionSet;
  readonly exfiltration: ActionSet;
  /** What answers whoever asks a service that publishes: data, and what a function makes. */
  readonly publishable: ActionSet;
  /** By which services, or accounts, put something in, and read nothing. */
  readonly delivering: ActionSet;
  /** Of these, what other accounts put in by themselves. */
  readonly sending: ActionSet;
  /** Accounts of AWS that deliver. */
  readonly awsAccounts: ReadonlySet<string>;
  /** Actions of iam: whoever holds them all can grant themselves the rest. */
  readonly identityActions: ActionSet;
  /** In the order of their prefixes. */
  readonly services: readonly { readonly service: string; readonly actions: ActionSpan }[];
  readonly escalations: readonly KnownEscalation[];
  /** The actions that escalation methods are made of, each once. */
  readonly steps: readonly IamAction[];
  /** Actions that are enough on the caller's own user. */
  readonly gainingOnOwnUser: ActionSet;
  /** Actions that alone give their holder more rights, or a credential; iam:PassRole too, by which most ways begin. */
  readonly powerful: ActionSet;
  /** Actions that begin a session of the role whose trust policy allows them. */
  readonly assuming: ActionSet;
  readonly passRole: number;
  readonly anyName: AnyNameActions;
  /** Actions of methods that are authorised on several resources at once. */
  readonly targeted: readonly TargetedAction[];
  /** The services that methods hand roles to. */
  readonly passedTo: readonly string[];

  /** Throws an Error where a row names an action that the table of actions does not hold: loadTables refuses it. */
  constructor(table: ActionTable, tables: PolicyTables, risks: RiskTable) {
    this.table = table;
    this.identityProviders = tables.identityProviders;
    this.patterns = new ActionPatterns(table);
    this.breadth = new ResourceBreadth(table, tables.resourceTypes, tables.generatedNames);
    this.conditions = new ConditionStrengths(tables.conditionKeys);
    const setOf = (belongs: (action: IamAction) => boolean) => ActionSet.of(table.all, belongs);
    this.all = setOf(() => true);
    this.exposing = setOf((action) => exposes(action, risks));
    this.modifying = setOf((action) => action.accessLevel !== 'Read' && action.accessLevel !== 'List');
    this.credentials = this.#setOfRows(tables.credentialActions);
    this.exfiltration = this.#setOfRows(tables.exfiltrationActions);
    this.publishable = this.exfiltration.copy();
    this.publishable.add(this.#action('lambda:invokefunctionurl').index);
    this.delivering = this.#setOfActions(tables.deliveryActions.map(({ action }) => this.#action(action)));
    this.sending = this.#setOfActions(
      tables.deliveryActions.filter((row) => row.account).map(({ action }) => this.#action(action)),
    );
    this.awsAccounts = new Set(tables.awsAccounts.map(({ account }) => account));
    this.identityActions = setOf((action) => action.service === 'iam');
    this.services = [...this.patterns.services()]
      .map(({ service, indices }) => ({ service, actions: spanOf(indices) }))
      .sort((a, b) => (a.service < b.service ? -1 : 1));
    this.escalations = tables.escalations.map((method) => this.#escalation(method));
    this.steps = [...new Set(this.escalations.flatMap((escalation) => escalation.actions))];
    this.gainingOnOwnUser = this.#setOfActions(
      this.escalations.flatMap(({ method, actions }) => (method.onOwnUser ? actions : [])),
    );
    this.assuming = setOf(({ service, name }) => service === 'sts' && ASSUMING.has(name.toLowerCase()));
    this.passedTo = [...new Set(this.escalations.flatMap(({ method }) => method.passedTo ?? []))].sort();
    this.passRole = this.#action(PASS_ROLE).index;
    this.powerful = this.#setOfActions(
      this.escalations.flatMap(({ actions }) => (actions.length === 1 ? actions : [])),
    );
    this.powerful.addAll(this.credentials);
    this.powerful.add(this.passRole);
    this.anyName = new AnyNameActions(this.escalations, this.breadth, table.all.length);
    this.targeted = this.escalations.flatMap(({ method: { targets = [] }, actions }) =>
      targets.length === 0 ? [] : actions.slice(0, 1).map(({ index }) => ({ index, targets })),
    );
  }

  #escalation(method: PolicyEscalation): KnownEscalation {
    const groups = (method.anyName ?? []).map((ids) => ids.map((id) => this.#action(id)));
    return {
      method,
      actions: method.actions.map((id) => this.#action(id)),
      groups: groups.map((actions) => actions.map(({ index }) => index)),
      unboundBy: (method.unboundBy ?? []).map((id) => this.#action(id).index),
      anyName: new Set(groups.flat().map(({ id }) => id)),
    };
  }

  #setOfRows(rows: readonly RiskAction[]): ActionSet {
    const effective = rows.filter(({ modes }) => modes.includes('effective'));
    return this.#setOfActions(effective.map(({ action }) => this.#action(action)));
  }

  #setOfActions(actions: readonly IamAction[]): ActionSet {
    const set = ActionSet.empty(this.table.all.length);
    for (const { index } of actions) set.add(index);
    return set;
  }

  #action(id: string): IamAction {
    const action = this.table.named(id);
    if (action === undefined) throw new Error(`policies: ${id} is not in the table of actions`);
    return action;
  }

  idOf(index: number): string {
    return this.table.all[index]?.id ?? '';
  }
}

/** IAM User Guide, "Methods to assume a role". */
const ASSUMING: ReadonlySet<string> = new Set([
  'assumerole',
  'assumerolewithsaml',
  'assumerolewithwebidentity',
]);

function exposes(action: IamAction, risks: RiskTable): boolean {
  if (action.accessLevel !== 'Permissions management') return false;
  const { level, categories } = risks.of(action);
  return categories.length > 0 || isAtLeast(level, 'medium');
}
