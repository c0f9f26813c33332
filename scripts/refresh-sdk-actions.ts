import type { AccessLevel, IamAction } from '../src/tables/action-table.ts';
import { loadTables } from '../src/tables/load-tables.ts';
import type { SdkActionRow } from '../src/tables/sdk-actions.ts';
import { DATA_DIRECTORY } from './data-directory.ts';
import { readCurated } from './facts.ts';
import { byText, writeGeneratedTable } from './generated-table.ts';
import { readSdkModels, type SdkModel } from './sdk-models.ts';

/**
 * Operations of AWS's newest SDK for which the table of actions and the event rules hold nothing yet, as
 * [service prefix, name, access level]. AWS names an action as its operation, and a prefix as the name that signs;
 * what is known to be otherwise stands in data/curated/unmapped-operations.json and is left out.
 */
interface UnmappedRow {
  readonly eventSource: string;
  readonly events: readonly string[];
}

const tables = loadTables(DATA_DIRECTORY);
const unmapped = new Set(
  readCurated<UnmappedRow[]>('unmapped-operations').flatMap(({ eventSource, events }) =>
    events.map((event) => `${eventSource} ${event}`),
  ),
);
/** A verb that a service has used fewer times says nothing about it. */
const FEWEST_TO_TELL = 5;
const levels = countLevels();
const { version, models } = readSdkModels();
const rows = new Map(models.flatMap(newActions).map((row) => [`${row[0]}:${row[1]}`, row]));

writeGeneratedTable(
  {
    table: 'sdk-actions',
    generator: 'scripts/refresh-sdk-actions.ts',
    source: 'PyPI botocore (AWS SDK for Python), less what the table of actions holds',
    version,
    date: dateOf(version),
    licence: 'Apache-2.0',
  },
  [...rows.values()].sort(byText(([service, name]) => `${service}:${name}`)),
);

function newActions({ eventSource, operations, signed }: SdkModel): SdkActionRow[] {
  if (!signed) return [];
  return Object.entries(operations).flatMap(([name, { authtype }]): SdkActionRow[] => {
    const { service, rule } = tables.eventRules.find(eventSource, name);
    const known = rule !== undefined && !rule.actions.some(isUndocumented);
    if (known || authtype === 'none' || unmapped.has(`${eventSource} ${name}`)) return [];
    const prefix = service ?? eventSource.replace('.amazonaws.com', '');
    return [[prefix, name, likelyLevel(prefix, name)]];
  });
}

function isUndocumented(action: IamAction): boolean {
  return tables.actions.find(action.service, action.name) === undefined;
}

/** The level that most calls of the same name have, else of the same verb in the service, else of the same verb. */
function likelyLevel(service: string, name: string): AccessLevel {
  const verb = firstWord(name);
  const inService = levels.get(`${service} ${verb}`);
  const isTelling = [...(inService?.values() ?? [])].reduce((sum, one) => sum + one, 0) >= FEWEST_TO_TELL;
  const counts = levels.get(name) ?? (isTelling ? inService : levels.get(verb));
  const [most] = [...(counts ?? [])].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? 'Write';
}

function countLevels(): Map<string, Map<AccessLevel, number>> {
  const counted = new Map<string, Map<AccessLevel, number>>();
  for (const { service, name, accessLevel } of tables.actions.all) {
    for (const key of [name, `${service} ${firstWord(name)}`, firstWord(name)]) {
      const counts = counted.get(key) ?? new Map<AccessLevel, number>();
      counted.set(key, counts.set(accessLevel, (counts.get(accessLevel) ?? 0) + 1));
    }
  }
  return counted;
}

/** The verb; a batch has the level of its single call. */
function firstWord(name: string): string {
  return /^(?:Batch)?([A-Z][a-z]*)/.exec(name)?.[1] ?? name;
}

/** A package bears no date: that of the day on which the version was first read. */
function dateOf(current: string): string {
  const known = tables.sources.find(({ table }) => table === 'sdk-actions');
  return known?.version === current ? known.date : new Date().toISOString().slice(0, 10);
}
