import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const file = (name: string) => fileURLToPath(new URL(`../src/${name}`, import.meta.url));

/** Of a process: whether it handles SIGHUP, which Node itself leaves alone (proc(5), SigCgt). */
function hearsSignals(pid: number): boolean {
  const caught = /SigCgt:\s+([0-9a-f]+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (BigInt(`0x${caught}`) & 1n) === 1n;
}

describe.skipIf(process.platform !== 'linux')('a signal during the start', () => {
  test.each([
    ['SIGTERM', ['server.ts']],
    ['SIGINT', ['server.ts']],
    ['SIGTERM', ['cli.ts', 'serve']],
  ] as const)('%s ends %j at once: the kernel would not, where it is process 1', async (signal, command) => {
    const [script, ...args] = command;
    const child = spawn(process.execPath, [file(script), ...args], {
      env: { ...process.env, DETRAILS_PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    const ended = once(child, 'exit');
    while (!hearsSignals(child.pid ?? 0)) await wait(2);
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(said).toBe('');
  });
});
