import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TableSource } from '../src/tables/tables.ts';
import { DATA_DIRECTORY } from './data-directory.ts';

/** What a generator knows of where its table comes from. */
type GeneratedFrom = Omit<TableSource, 'rows' | 'sha256'>;

const SOURCES = `${DATA_DIRECTORY}/sources.json`;

/**
 * Writes rows as data/generated/<table>.json, one row a line in the order given, and its entry in data/sources.json.
 * With `--check` on the command line nothing is written: it says whether the file would change, and the exit code is 1
 * if so.
 */
export function writeGeneratedTable(source: GeneratedFrom, rows: readonly unknown[]): void {
  const text = `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
  writeGeneratedFile(source, `${source.table}.json`, Buffer.from(text), rows.length);
}

/** The same for a table that is not JSON: `file` is its name under data/generated. */
export function writeGeneratedFile(source: GeneratedFrom, file: string, content: Buffer, rows: number): void {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const entry: TableSource = { ...source, rows, sha256 };
  const path = `${DATA_DIRECTORY}/generated/${file}`;
  if (process.argv.includes('--check')) {
    check(path, content, entry);
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  const others = readSources().filter((other) => other.table !== source.table);
  const entries = [...others, entry].sort((a, b) => (a.table < b.table ? -1 : 1));
  writeFileSync(SOURCES, `${JSON.stringify(entries, null, 2)}\n`);
  console.log(`${source.table}: ${rows} rows written`);
}

function check(path: string, content: Buffer, entry: TableSource): void {
  const known = readSources().find((other) => other.table === entry.table);
  const alike =
    existsSync(path) && readFileSync(path).equals(content) && JSON.stringify(known) === JSON.stringify(entry);
  console.log(`${entry.table}: ${alike ? 'up to date' : 'would change'} (${entry.rows} rows)`);
  if (!alike) process.exitCode = 1;
}

function readSources(): TableSource[] {
  return existsSync(SOURCES) ? JSON.parse(readFileSync(SOURCES, 'utf8')) : [];
}

/** Code-point order, independent of the machine's locale. */
export function byText<T>(key: (row: T) => string): (a: T, b: T) => number {
  return (a, b) => {
    const x = key(a);
    const y = key(b);
    return x < y ? -1 : x > y ? 1 : 0;
  };
}

/** A table that another script generated before. */
export function readGeneratedTable<T>(table: string): T {
  return JSON.parse(readFileSync(`${DATA_DIRECTORY}/generated/${table}.json`, 'utf8')) as T;
}
