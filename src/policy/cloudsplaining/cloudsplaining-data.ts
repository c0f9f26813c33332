import type { ActionTable, IamAction } from '../../tables/action-table.ts';
import type {
  PolicyEscalation,
  PolicyTables,
  ResourceTypeRow,
  RiskAction,
} from '../../tables/policy-tables.ts';
import { ActionSet } from '../patterns/action-set.ts';
import { ArnActions } from './arn-actions.ts';
import { CloudsplainingExpander } from './expand-action.ts';
import { byCodePoint } from './python.ts';

/** What the mode reads: a table of actions, and of the policy tables those that Cloudsplaining has too. */
export type CloudsplainingTables = Pick<
  PolicyTables,
  'resourceTypes' | 'escalations' | 'credentialActions' | 'exfiltrationActions' | 'cloudsplaining'
>;

/** An action that a category asks for, and its index where the table has it. */
export interface WantedAction {
  readonly lower: string;
  readonly index: number | undefined;
}

/** Everything that the mode needs, worked out once for a set of tables. */
export class CloudsplainingData {
  readonly table: ActionTable;
  /** Prefixes in code-point order. */
  readonly services: readonly string[];
  readonly expander: CloudsplainingExpander;
  readonly arnActions: ArnActions;
  readonly all: ActionSet;
  /** Actions that a Resource can limit. */
  readonly restrictable: ActionSet;
  readonly exposing: ActionSet;
  readonly modifying: ActionSet;
  readonly escalations: readonly {
    readonly method: PolicyEscalation;
    readonly wanted: readonly WantedAction[];
  }[];
  readonly credentials: readonly WantedAction[];
  readonly exfiltration: readonly WantedAction[];

  constructor(table: ActionTable, tables: CloudsplainingTables) {
    this.table = table;
    this.services = [...new Set(table.all.map((action) => action.service))].sort(byCodePoint);
    this.expander = new CloudsplainingExpander(table);
    this.arnActions = new ArnActions(table, tables.resourceTypes);
    this.all = ActionSet.of(table.all, () => true);
    const limitable = restrictableTest(tables.resourceTypes);
    this.restrictable = ActionSet.of(table.all, limitable);
    this.exposing = ActionSet.of(
      table.all,
      (action) => limitable(action) && action.accessLevel === 'Permissions management',
    );
    const always = new Set(tables.cloudsplaining.alwaysModifying);
    this.modifying = ActionSet.of(table.all, (action) => limitable(action) && isModifying(action, always));
    this.escalations = tables.escalations
      .filter(({ modes }) => modes === undefined || modes.includes('cloudsplaining'))
      .map((method) => ({ method, wanted: method.actions.map((action) => wantedAction(table, action)) }));
    this.credentials = wantedActions(table, tables.credentialActions);
    this.exfiltration = wantedActions(table, tables.exfiltrationActions);
  }
}

/**
 * Cloudsplaining counts the rows of an action in AWS's table, one a resource type: an action with several rows can
 * be limited, one with a single row only if that row's type has an ARN.
 */
function restrictableTest(resourceTypes: readonly ResourceTypeRow[]): (action: IamAction) => boolean {
  const withArn = new Set(
    resourceTypes.filter(([, , arn]) => arn !== '*').map(([service, type]) => `${service} ${type}`),
  );
  return ({ service, resourceTypes: types }) =>
    types.length > 1 || (types.length === 1 && withArn.has(`${service} ${types[0]}`));
}

function isModifying(action: IamAction, always: ReadonlySet<string>): boolean {
  if (always.has(action.id.toLowerCase())) return true;
  return action.accessLevel !== 'Read' && action.accessLevel !== 'List';
}

function wantedActions(table: ActionTable, rows: readonly RiskAction[]): WantedAction[] {
  return rows
    .filter((row) => row.modes.includes('cloudsplaining'))
    .map((row) => wantedAction(table, row.action));
}

function wantedAction(table: ActionTable, action: string): WantedAction {
  const lower = action.toLowerCase();
  const [service = '', name = ''] = lower.split(':');
  return { lower, index: table.find(service, name)?.index };
}
