import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('the pages on what was decided are as npm run docs:attack writes them', () => {
  const script = fileURLToPath(new URL('../../scripts/refresh-attack-docs.ts', import.meta.url));
  const run = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect(run.stdout).not.toContain('would change');
  expect(run.status).toBe(0);
});
