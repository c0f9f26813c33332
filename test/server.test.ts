import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
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

describe.skipIf(process.platform !== 'linux')('SIGHUP during the start', () => {
  test('reloads once the service stands', async () => {
    const child = spawn(process.execPath, [file('server.ts')], {
      env: { ...process.env, DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'info' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    const ended = once(child, 'exit');
    while (!hearsSignals(child.pid ?? 0)) await wait(2);
    child.kill('SIGHUP');
    while (!said.includes('are in use') && child.exitCode === null) await wait(10);
    expect(said).toMatch(/ listens on .*tables of \S+ are in use/s);
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  });
});

describe('a start that cannot be', () => {
  const nowhere = '/no-such-directory/no-such-file';
  const none = file('server.ts');
  const tls = { DETRAILS_TLS_CERT_FILE: none, DETRAILS_TLS_KEY_FILE: none };
  test.each<[environment: Record<string, string>, line: RegExp]>([
    [{ DETRAILS_PORT: 'SECRET' }, /DETRAILS_PORT/],
    [{ DETRAILS_TABLES_DIR: nowhere }, /^DETRAILS_TABLES_DIR is not/],
    [{ DETRAILS_TABLES_DIR: file('.') }, /^the table sources\.json cannot be read: ENOENT$/],
    [{ DETRAILS_TOKENS_FILE: nowhere }, /^DETRAILS_TOKENS_FILE cannot be read: ENOENT$/],
    [{ ...tls, DETRAILS_TLS_CERT_FILE: nowhere }, /^DETRAILS_TLS_CERT_FILE cannot be read: ENOENT$/],
    [tls, /^DETRAILS_TLS_CERT_FILE does not hold certificates/],
    [{ DETRAILS_SESSION_SNAPSHOT: file('.') }, /^DETRAILS_SESSION_SNAPSHOT is not/],
    [{ DETRAILS_HOST: '192.0.2.1', DETRAILS_INSECURE: '1' }, /DETRAILS_HOST.* EADDRNOTAVAIL$/],
  ])('%j is said in one line, which names what is wrong and not its value', async (environment, line) => {
    const child = spawn(process.execPath, [file('server.ts')], {
      env: { ...process.env, DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'silent', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'exit');
    const [said, printed] = await Promise.all([text(child.stderr), text(child.stdout)]);
    expect([await ended, printed]).toEqual([[1, null], '']);
    expect(said.trimEnd()).toMatch(line);
    expect(said.trimEnd()).not.toContain('\n');
    for (const value of Object.values(environment)) if (value.length > 1) expect(said).not.toContain(value);
  });
});
