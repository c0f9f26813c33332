import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import type { ClientOptions, ClientResult } from './client.ts';

/** A server in a process of its own, so that its time and memory are its own. */
export interface ProcessUnderTest {
  readonly url: string;
  /** User and system time so far, in milliseconds. */
  cpuMilliseconds(): number;
  /** Resident set size, in bytes. */
  rssBytes(): number;
  stop(): Promise<void>;
}

/** The flags of V8 that `npm start` gives: what is measured is what is run. */
export const FLAGS = manifest.scripts.start.match(/--\S+/g) ?? [];

/** The service of this working tree, or of another one. */
export function startService(
  environment: Record<string, string> = {},
  script = fileURLToPath(new URL('../src/server.ts', import.meta.url)),
): Promise<ProcessUnderTest> {
  return startProcess(script, { DETRAILS_PORT: '0', DETRAILS_DRAIN_SECONDS: '0', ...environment });
}

/** The least that a Fastify route can do with the same work at the door. */
export function startBareFastify(answer: string): Promise<ProcessUnderTest> {
  return startProcess(fileURLToPath(new URL('bare-fastify.ts', import.meta.url)), { BENCH_ANSWER: answer });
}

/** Starts a script that prints a line with its URL. */
async function startProcess(script: string, environment: Record<string, string>): Promise<ProcessUnderTest> {
  const child = spawn(process.execPath, [...FLAGS, script], {
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

/** Runs bench/client.ts. */
export async function runClient(options: ClientOptions): Promise<ClientResult> {
  const script = fileURLToPath(new URL('client.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(options)]);
  return JSON.parse(stdout);
}

/** Sends a stream to /enrich/batch, and reads the whole of its answer. */
export async function postStream(
  { url }: ProcessUnderTest,
  body: Buffer,
  headers: Record<string, string> = {},
): Promise<void> {
  const answer = await fetch(`${url}/enrich/batch`, { method: 'POST', body: new Uint8Array(body), headers });
  if (!answer.ok || answer.body === null) throw new Error(`answered ${answer.status}`);
  for await (const _ of answer.body);
}

/** What a client got from a server, and what that cost it. */
export interface LoadRound {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Of the server's own process, for one answer. */
  readonly cpuMicroseconds: number;
}

/** One round of bench/client.ts against /enrich. */
export async function loadEnrich(
  target: ProcessUnderTest,
  options: Omit<ClientOptions, 'url'>,
): Promise<LoadRound> {
  const before = target.cpuMilliseconds();
  const { answered, windows } = await runClient({ url: `${target.url}/enrich`, ...options });
  const cpuMicroseconds = ((target.cpuMilliseconds() - before) * 1000) / answered;
  const { p50 = Number.NaN, p99 = Number.NaN } = windows[0] ?? {};
  return { perSecond: answered / options.seconds, p50, p99, cpuMicroseconds };
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
