import { readFileSync } from 'node:fs';
import { type ActionRow, ActionTable } from './action-table.ts';
import type { TableSource, Tables } from './tables.ts';

/**
 * Reads every table below `directory` (data/ of the project, or DETRAILS_TABLES_DIR).
 * Throws an Error that names the file and the place where one is missing or not as its JSON Schema says.
 */
export function loadTables(directory: string): Tables {
  const sources = readTable<TableSource[]>(`${directory}/sources.json`);
  return {
    version:
      sources
        .map((source) => source.date)
        .sort()
        .at(-1) ?? '',
    sources,
    actions: new ActionTable(readTable<ActionRow[]>(`${directory}/generated/actions.json`)),
  };
}

function readTable<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
