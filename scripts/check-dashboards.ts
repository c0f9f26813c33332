import { readFileSync } from 'node:fs';
import { allFields } from './elastic/elastic-files.ts';
import { KIBANA, OPENSEARCH } from './elastic/object-rules.ts';
import { validateDashboards } from './elastic/validate-dashboards.ts';

/** Checks the saved objects of elastic/ by the rules of their formats; no Kibana is needed, and none was asked. */
const fields = allFields();
for (const [name, flavour] of [
  ['dashboards.ndjson', KIBANA],
  ['opensearch-dashboards.ndjson', OPENSEARCH],
] as const) {
  const text = readFileSync(new URL(`../elastic/${name}`, import.meta.url), 'utf8');
  const errors = validateDashboards(text, flavour, fields);
  for (const error of errors) console.log(`${name}: ${error}`);
  console.log(`${name}: ${errors.length === 0 ? 'keeps every rule' : `${errors.length} error(s)`}`);
  if (errors.length > 0) process.exitCode = 1;
}
