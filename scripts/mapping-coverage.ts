import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { identifyAction } from '../src/action/identify-action.ts';
import { parseRecord } from '../src/event/parse-record.ts';
import type { IamAction } from '../src/tables/action-table.ts';
import { loadTables } from '../src/tables/load-tables.ts';
import { DATA_DIRECTORY } from './data-directory.ts';
import { readCurated } from './facts.ts';
import { readSdkModels } from './sdk-models.ts';

/**
 * How many operations of AWS's SDK models the event rules map. Prints the count, and writes what is not mapped
 * into the generated part of docs/reference/unmapped-operations.md; with `--check` it writes nothing. The exit code is
 * 1 below the wanted share. `--botocore=VERSION` measures another release than the newest.
 */
const WANTED = 0.99;
const DOCS = fileURLToPath(new URL('../docs/reference/unmapped-operations.md', import.meta.url));
const MARKS = ['<!-- coverage: written by scripts/mapping-coverage.ts -->', '<!-- /coverage -->'] as const;

const tables = loadTables(DATA_DIRECTORY);
const reasons = readCurated<{ eventSource: string; reason: string }[]>('unmapped-operations');
const { version, models } = readSdkModels();

const counts = { exact: 0, rule: 0, sdk: 0, ambiguous: 0, none: 0, unknown: 0 };
const unmapped = new Map<string, Set<string>>();
for (const { eventSource, operations } of models) {
  for (const eventName of Object.keys(operations)) count(eventSource, eventName);
}

const total = Object.values(counts).reduce((sum, one) => sum + one, 0);
const share = (total - counts.unknown) / total;
const summary = [
  `botocore ${version}: ${total} operations of ${models.length} services, ${percent(share)} of them known:`,
  `${counts.exact} by exact name, ${counts.rule} by a rule, ${counts.ambiguous} by their parameters,`,
  `${counts.sdk} only by the SDK (the reference does not list them yet), ${counts.none} need no permission;`,
  `${counts.unknown} are unknown.`,
].join(' ');
console.log(summary);
if (!process.argv.includes('--check')) writeDocs();
if (share < WANTED) process.exitCode = 1;

function count(eventSource: string, eventName: string): void {
  const parsed = parseRecord({ eventSource, eventName, eventType: 'AwsApiCall' });
  if (!parsed.ok) throw new Error(`${eventSource} ${eventName} was refused`);
  const { mapping, actions } = identifyAction(parsed.record, tables);
  if (mapping === 'not_an_api_call') throw new Error(`${eventSource} ${eventName} is an API call`);
  if (mapping === 'unknown')
    unmapped.set(eventSource, (unmapped.get(eventSource) ?? new Set()).add(eventName));
  counts[kindOf(mapping, actions)] += 1;
}

function kindOf(mapping: keyof typeof counts, actions: readonly IamAction[]): keyof typeof counts {
  if (mapping !== 'rule') return mapping;
  if (actions.length === 0) return 'none';
  return actions.every(({ service, name }) => tables.actions.find(service, name) === undefined)
    ? 'sdk'
    : 'rule';
}

function writeDocs(): void {
  const text = readFileSync(DOCS, 'utf8');
  const [start, end] = [text.indexOf(MARKS[0]), text.indexOf(MARKS[1])];
  if (start < 0 || end < start) throw new Error('docs/reference/unmapped-operations.md has lost its marks');
  const list = [...unmapped]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([source, names]) => `- ${source} (${reasonFor(source)}): ${[...names].sort().join(', ')}`);
  const body = [MARKS[0], summary, '', ...list, ''].join('\n');
  writeFileSync(DOCS, text.slice(0, start) + body + text.slice(end));
}

function reasonFor(source: string): string {
  return reasons.find(({ eventSource }) => eventSource === source)?.reason ?? 'not looked into yet';
}

function percent(value: number): string {
  return `${(Math.floor(value * 10_000) / 100).toFixed(2)} %`;
}
