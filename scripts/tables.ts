import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TableSource } from '../src/tables/tables.ts';

/**
 * Dates the curated tables, and rebuilds every generated one by the script that data/sources.json names for it. With
 * `--check` nothing is written: each script says what would change, and the exit code is 1 if anything would.
 */
const project = fileURLToPath(new URL('../', import.meta.url));
const sources = JSON.parse(readFileSync(`${project}data/sources.json`, 'utf8')) as TableSource[];
const generators = new Set(['scripts/date-decisions.ts', ...sources.map((source) => source.generator)]);
const failed = [...generators].filter((generator) => !succeeds(generator));
if (failed.length > 0) {
  console.error(`not up to date, or failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}

function succeeds(generator: string): boolean {
  const run = spawnSync(process.execPath, [project + generator, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  return run.status === 0;
}
