import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Makes src/event/record-scanner.wasm of record-scanner.as: `npm run record-scanner`. With `--check` it says with 1
 * that the two differ, and with 3 that the compiler cannot be had: npm fetches it for this alone, since it is a hundred
 * megabytes that nobody else needs.
 */
const COMPILER = 'assemblyscript@0.28.20';
const OPTIONS = [
  '-O3',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--initialMemory',
  '84',
  '--maximumMemory',
  '84',
];
const [source, made] = ['as', 'wasm'].map((ending) =>
  fileURLToPath(new URL(`../src/event/record-scanner.${ending}`, import.meta.url)),
) as [string, string];
const directory = mkdtempSync(join(tmpdir(), 'detrails-scanner-'));

try {
  const bytes = compile();
  if (!process.argv.includes('--check')) writeFileSync(made, bytes);
  else if (!bytes.equals(readFileSync(made))) {
    console.error('record-scanner.wasm is not what record-scanner.as says: run `npm run record-scanner`.');
    process.exitCode = 1;
  }
} finally {
  rmSync(directory, { recursive: true });
}

function compile(): Buffer {
  copyFileSync(source, join(directory, 'record-scanner.ts'));
  const npx = (...command: readonly string[]) =>
    execFileSync('npx', ['--yes', '--package', COMPILER, ...command], {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  try {
    npx('asc', '--version');
  } catch {
    console.error(`${COMPILER} cannot be had`);
    process.exit(3);
  }
  npx('asc', 'record-scanner.ts', ...OPTIONS, '--outFile', 'record-scanner.wasm');
  return readFileSync(join(directory, 'record-scanner.wasm'));
}
