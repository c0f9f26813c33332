import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { elasticFiles } from './elastic/elastic-files.ts';

/**
 * Writes the templates and dashboards of elastic/. With `--check` nothing is written: it says what would change, and
 * the exit code tells.
 */
const FOLDER = fileURLToPath(new URL('../elastic/', import.meta.url));
const check = process.argv.includes('--check');

for (const { name, text } of elasticFiles()) {
  const isSame = existsSync(FOLDER + name) && readFileSync(FOLDER + name, 'utf8') === text;
  console.log(`${name}: ${isSame ? 'up to date' : check ? 'would change' : 'written'}`);
  if (isSame) continue;
  if (check) process.exitCode = 1;
  else writeFileSync(FOLDER + name, text);
}
