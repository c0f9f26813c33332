import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** The service as it is run in earnest: a process, or npm and its process, in a group of its own. */
export interface ServiceProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Process id of node itself, where npm is the child. */
  readonly nodeId: number;
  /** Lines of standard output and error so far. */
  readonly log: readonly string[];
  rssBytes(): number;
  /** Resolves to the exit code. */
  readonly ended: Promise<number | null>;
}

export interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly throughNpm?: boolean;
  /** Another Node than that of this process. */
  readonly node?: string;
}

export async function startServiceProcess(options: StartOptions = {}): Promise<ServiceProcess> {
  const { environment = {}, throughNpm = false, node = process.execPath } = options;
  const command = throughNpm ? ['npm', 'start', '--silent'] : [node, 'src/server.ts'];
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: ROOT,
    detached: true,
    env: { ...process.env, DETRAILS_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const log: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      log.push(line);
      const url = /listens on (https?:\/\/[\w.:[\]]+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  }
  void ended.then((code) => reject(new Error(`ended with ${code} before it listened: ${log.join('\n')}`)));
  const url = await promise;
  const nodeId = throughNpm ? Number(/"process\.pid":(\d+)/.exec(log.join('\n'))?.[1]) : (child.pid ?? 0);
  return {
    url,
    child,
    nodeId,
    log,
    ended,
    rssBytes: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${nodeId}/status`, 'utf8'))?.[1]) * 1024,
  };
}
