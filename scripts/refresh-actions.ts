import { byText, writeGeneratedTable } from './generated-table.ts';
import { FROM_IAM_DATA, readIamData } from './iam-data.ts';

/**
 * Every IAM action of AWS's Service Authorization Reference:
 * [service prefix, name, access level, resource types]. No resource type means that only `*` is accepted.
 */
interface SourceAction {
  readonly name: string;
  readonly accessLevel: string;
  readonly resourceTypes: readonly { readonly name: string }[];
}
type Row = readonly [service: string, name: string, accessLevel: string, resourceTypes: readonly string[]];

const rows = readIamData<SourceAction>('actions').map(
  ([service, { name, accessLevel, resourceTypes }]): Row => [
    service,
    name,
    documentedLevel(accessLevel),
    resourceTypes.map((type) => type.name),
  ],
);

/** AWS documents some actions with two levels ("Tagging, Write"): the first one is what the call is for. */
function documentedLevel(level: string): string {
  return level.split(',')[0]?.trim() ?? level;
}

writeGeneratedTable(
  { table: 'actions', generator: 'scripts/refresh-actions.ts', ...FROM_IAM_DATA },
  rows.sort(byText(([service, name]) => `${service}:${name}`)),
);
