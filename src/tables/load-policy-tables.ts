import { type PolicyEventRule, PolicyEvents } from './policy-events.ts';
import type { PolicyTables } from './policy-tables.ts';
import type { TableSchemas } from './table-schemas.ts';

export function loadPolicyTables(tables: TableSchemas): PolicyTables {
  return {
    events: new PolicyEvents(tables.read<PolicyEventRule[]>('curated', 'policy-events')),
    escalations: tables.read('curated', 'policy-escalations'),
    credentialActions: tables.read('curated', 'credential-actions'),
    exfiltrationActions: tables.read('curated', 'exfiltration-actions'),
    cloudsplaining: tables.read('curated', 'cloudsplaining'),
    resourceTypes: tables.read('generated', 'resource-types'),
    generatedNames: tables.read('curated', 'generated-names'),
    conditionKeys: tables.read('curated', 'condition-keys'),
    identityProviders: tables.read('curated', 'identity-providers'),
  };
}
