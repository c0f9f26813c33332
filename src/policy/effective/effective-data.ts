import type { ActionTable, IamAction } from '../../tables/action-table.ts';
import type { PolicyEscalation, PolicyTables, RiskAction } from '../../tables/policy-tables.ts';
import { ConditionStrengths } from '../document/condition-strength.ts';
import { ActionPatterns } from '../patterns/action-patterns.ts';
import { ActionSet, type ActionSpan, spanOf } from '../patterns/action-set.ts';
import { ResourceBreadth } from '../patterns/resource-breadth.ts';

/** An escalation method whose every action exists. */
export interface KnownEscalation {
  readonly method: PolicyEscalation;
  readonly actions: readonly IamAction[];
}

/** Everything that mode `effective` needs, worked out once for a set of tables. */
export class EffectiveData {
  readonly table: ActionTable;
  readonly tables: PolicyTables;
  readonly patterns: ActionPatterns;
  readonly breadth: ResourceBreadth;
  readonly conditions: ConditionStrengths;
  readonly all: ActionSet;
  /** Actions that take no resource but `*`. */
  readonly unlimitable: ActionSet;
  readonly exposing: ActionSet;
  readonly modifying: ActionSet;
  readonly credentials: ActionSet;
  readonly exfiltration: ActionSet;
  /** Actions of iam: whoever holds them all can grant themselves the rest. */
  readonly identityActions: ActionSet;
  /** In the order of their prefixes. */
  readonly services: readonly { readonly service: string; readonly actions: ActionSpan }[];
  readonly escalations: readonly KnownEscalation[];
  /** The actions that escalation methods are made of, each once. */
  readonly steps: readonly IamAction[];
  /** Actions that are enough on the caller's own user. */
  readonly gainingOnOwnUser: ActionSet;
  /** Actions that begin a session of the role whose trust policy allows them. */
  readonly assuming: ActionSet;
  readonly passRole: number;
  /** The services that methods hand roles to. */
  readonly passedTo: readonly string[];

  constructor(table: ActionTable, tables: PolicyTables) {
    this.table = table;
    this.tables = tables;
    this.patterns = new ActionPatterns(table);
    this.breadth = new ResourceBreadth(table, tables.resourceTypes, tables.generatedNames);
    this.conditions = new ConditionStrengths(tables.conditionKeys);
    const setOf = (belongs: (action: IamAction) => boolean) => ActionSet.of(table.all, belongs);
    this.all = setOf(() => true);
    this.unlimitable = setOf((action) => action.resourceTypes.length === 0);
    this.exposing = setOf((action) => action.accessLevel === 'Permissions management');
    this.modifying = setOf((action) => action.accessLevel !== 'Read' && action.accessLevel !== 'List');
    this.credentials = this.#known(tables.credentialActions);
    this.exfiltration = this.#known(tables.exfiltrationActions);
    this.identityActions = setOf((action) => action.service === 'iam');
    this.services = [...this.patterns.services()]
      .map(({ service, indices }) => ({ service, actions: spanOf(indices) }))
      .sort((a, b) => (a.service < b.service ? -1 : 1));
    this.escalations = tables.escalations.flatMap((method) => {
      const actions = method.actions
        .map((id) => findAction(table, id))
        .filter((action) => action !== undefined);
      return actions.length === method.actions.length ? [{ method, actions }] : [];
    });
    this.steps = [...new Set(this.escalations.flatMap((escalation) => escalation.actions))];
    this.gainingOnOwnUser = ActionSet.empty(table.all.length);
    for (const { method, actions } of this.escalations) {
      if (method.onOwnUser) for (const { index } of actions) this.gainingOnOwnUser.add(index);
    }
    this.assuming = setOf(({ service, name }) => service === 'sts' && ASSUMING.has(name.toLowerCase()));
    this.passedTo = [...new Set(this.escalations.flatMap(({ method }) => method.passedTo ?? []))].sort();
    this.passRole = findAction(table, 'iam:passrole')?.index ?? -1;
  }

  #known(rows: readonly RiskAction[]): ActionSet {
    const set = ActionSet.empty(this.table.all.length);
    for (const row of rows) {
      const action = row.modes.includes('effective') ? findAction(this.table, row.action) : undefined;
      if (action !== undefined) set.add(action.index);
    }
    return set;
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

function findAction(table: ActionTable, id: string): IamAction | undefined {
  const [service = '', name = ''] = id.split(':');
  return table.find(service, name);
}
