import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Rebuilds every generated table, each by its own scripts/refresh-<table>.ts. With `--check` nothing is written:
 * each script says what would change, and the exit code is 1 if anything would.
 */
const scripts = fileURLToPath(new URL('.', import.meta.url));
const failed = readdirSync(scripts)
  .filter((name) => name.startsWith('refresh-') && name.endsWith('.ts'))
  .sort()
  .filter(
    (name) =>
      spawnSync(process.execPath, [`${scripts}${name}`, ...process.argv.slice(2)], { stdio: 'inherit' })
        .status !== 0,
  );

if (failed.length > 0) {
  console.error(`not up to date, or failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
