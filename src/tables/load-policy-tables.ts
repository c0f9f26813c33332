import type { ActionTable } from './action-table.ts';
import { type PolicyEventRule, PolicyEvents } from './policy-events.ts';
import type { PolicyTables, RiskAction } from './policy-tables.ts';
import type { TableSchemas } from './table-schemas.ts';

export function loadPolicyTables(tables: TableSchemas): PolicyTables {
  return {
    events: new PolicyEvents(tables.read<PolicyEventRule[]>('curated', 'policy-events')),
    escalations: tables.read('curated', 'policy-escalations'),
    credentialActions: tables.read('curated', 'credential-actions'),
    exfiltrationActions: tables.read('curated', 'exfiltration-actions'),
    deliveryActions: tables.read('curated', 'delivery-actions'),
    awsAccounts: tables.read('curated', 'aws-accounts'),
    cloudsplaining: tables.read('curated', 'cloudsplaining'),
    resourceTypes: tables.read('generated', 'resource-types'),
    generatedNames: tables.read('curated', 'generated-names'),
    conditionKeys: tables.read('curated', 'condition-keys'),
    identityProviders: tables.read('curated', 'identity-providers'),
  };
}

/**
 * An action that AWS renamed or dropped would else fall out of every answer, and nobody would be told.
 * Throws an Error that names the table and the row.
 */
export function requireActions(tables: PolicyTables, actions: ActionTable): void {
  for (const { method, actions: ids, unboundBy = [] } of tables.escalations)
    for (const id of [...ids, ...unboundBy]) requireAction(`policy-escalations: ${method}`, id, actions);
  requireRiskActions('credential-actions', tables.credentialActions, actions);
  requireRiskActions('exfiltration-actions', tables.exfiltrationActions, actions);
  for (const { action } of tables.deliveryActions) requireAction('delivery-actions', action, actions);
}

/** Cloudsplaining's own list has names that are misspelt, and its mode has to find what it finds. */
function requireRiskActions(table: string, rows: readonly RiskAction[], actions: ActionTable): void {
  for (const { action, modes } of rows)
    if (modes.includes('effective')) requireAction(table, action, actions);
}

function requireAction(row: string, id: string, actions: ActionTable): void {
  if (actions.named(id) === undefined) throw new Error(`${row}: ${id} is not in the table of actions`);
}
