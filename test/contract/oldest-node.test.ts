import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/oldest-node.ts', import.meta.url));

let directory: string;
let temporary: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'npm-'));
  temporary = join(directory, 'temporary');
  mkdirSync(temporary);
});
afterEach(() => rmSync(directory, { recursive: true }));

/** The script in a group of its own, as a terminal starts it, with another program for npm. */
function start(npm: string): ChildProcess {
  writeFileSync(join(directory, 'npm'), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
  const PATH = [directory, process.env['PATH']].join(delimiter);
  const env = { ...process.env, PATH, TMPDIR: temporary };
  return spawn(process.execPath, [SCRIPT], { env, detached: true, stdio: 'ignore' });
}

test.each([
  ['fails', 'exit 1'],
  ['runs no scripts of packages, and so brings no program', 'exit 0'],
])('the oldest Node cannot be had where npm %s', async (_what, npm) => {
  const [code] = await once(start(npm), 'exit');
  expect(code).toBe(3);
  expect(readdirSync(temporary)).toEqual([]);
});

test('whoever ends the trial of the oldest Node by Ctrl-C finds nothing left of it', async () => {
  const child = start(`touch ${directory}/installing; sleep 60`);
  const ended = once(child, 'exit');
  await expect.poll(() => readdirSync(directory), { timeout: 20_000 }).toContain('installing');
  expect(readdirSync(temporary)).toHaveLength(1);
  process.kill(-(child.pid ?? 0), 'SIGINT');
  await ended;
  expect(readdirSync(temporary)).toEqual([]);
});
