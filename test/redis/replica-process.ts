import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Enrichment } from '../../src/enrichment/enrichment.ts';
import type { JsonObject } from '../../src/event/json.ts';

const SERVER = fileURLToPath(new URL('../../src/server.ts', import.meta.url));

export interface Reply {
  readonly status: number;
  readonly milliseconds: number;
  readonly body: Enrichment;
}

/** A test that is broken off leaves no service behind. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** The service in a process of its own, which can be killed. */
export class ReplicaProcess {
  /** Messages of its log. */
  readonly log: string[] = [];
  readonly #child: ChildProcess;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 50 });
  #url = '';

  private constructor(environment: Record<string, string>) {
    this.#child = spawn(process.execPath, [SERVER], {
      env: { PATH: process.env['PATH'], DETRAILS_PORT: '0', DETRAILS_DRAIN_SECONDS: '0', ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.add(this.#child);
  }

  static async start(environment: Record<string, string>): Promise<ReplicaProcess> {
    const replica = new ReplicaProcess(environment);
    await new Promise<void>((resolve, reject) => {
      replica.#child.once('exit', () => reject(new Error('the service ended')));
      if (replica.#child.stdout === null) return;
      createInterface({ input: replica.#child.stdout }).on('line', (line) => {
        const { message } = JSON.parse(line) as { message: string };
        replica.log.push(message);
        const url = /http:\/\/127\.0\.0\.1:\d+/.exec(message)?.[0];
        if (url === undefined) return;
        replica.#url = url;
        resolve();
      });
    });
    return replica;
  }

  /** One event, or as many as there are in a text. */
  post(event: JsonObject): Promise<Reply> {
    const start = performance.now();
    return new Promise((resolve, reject) => {
      const call = request(
        `${this.#url}/enrich`,
        { method: 'POST', agent: this.#agent, headers: { 'content-type': 'application/json' } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const milliseconds = performance.now() - start;
            const body = JSON.parse(Buffer.concat(chunks).toString()) as Enrichment;
            resolve({ status: response.statusCode ?? 0, milliseconds, body });
          });
        },
      );
      call.on('error', reject);
      call.end(JSON.stringify(event));
    });
  }

  /** The answers to as many events, in one stream. */
  async batch(events: readonly JsonObject[]): Promise<readonly Enrichment[]> {
    const body = events.map((event) => JSON.stringify(event)).join('\n');
    const answer = await fetch(`${this.#url}/enrich/batch`, { method: 'POST', body });
    const lines = (await answer.text()).trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as Enrichment);
  }

  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.#url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#agent.destroy();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill(signal);
    await once(this.#child, 'exit');
  }
}

export function isComplete(reply: Reply): boolean {
  return isWhole(reply.body);
}

export function isWhole(answer: Enrichment): boolean {
  return answer.problems?.some(({ code }) => code === 'store_unavailable') !== true;
}
