import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A server in a process of its own, so that its time and memory are its own. */
export interface ProcessUnderTest {
  readonly url: string;
  /** User and system time so far, in milliseconds. */
  cpuMilliseconds(): number;
  /** Resident set size, in bytes. */
  rssBytes(): number;
  stop(): Promise<void>;
}

/** Starts a script that prints a line with its URL. */
export async function startProcess(
  script: string,
  environment: Record<string, string> = {},
): Promise<ProcessUnderTest> {
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const url = await announcedUrl(child);
  return {
    url,
    cpuMilliseconds: () => cpuMillisecondsOf(child.pid),
    rssBytes: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024,
    async stop() {
      child.kill('SIGINT');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

async function announcedUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the process has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url !== undefined) {
      child.stdout.resume();
      return url;
    }
  }
  throw new Error('the process ended without an address');
}

/** proc(5): fields 14 and 15 of /proc/<pid>/stat, in ticks of 10 ms. */
export function cpuMillisecondsOf(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
