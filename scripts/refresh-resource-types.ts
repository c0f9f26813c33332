import type { ResourceTypeRow } from '../src/tables/policy-tables.ts';
import { byText, writeGeneratedTable } from './generated-table.ts';
import { FROM_IAM_DATA, readIamData } from './iam-data.ts';

/**
 * The ARN format of every resource type in AWS's Service Authorization Reference:
 * [service prefix, resource type, ARN with variables]. It tells which resources of a policy are all there are of their
 * type.
 */
const rows = readIamData<{ readonly key: string; readonly arn: string }>('resourceTypes').map(
  ([service, { key, arn }]): ResourceTypeRow => [service, key, arn],
);

writeGeneratedTable(
  { table: 'resource-types', generator: 'scripts/refresh-resource-types.ts', ...FROM_IAM_DATA },
  rows.sort(byText(([service, type]) => `${service}:${type}`)),
);
