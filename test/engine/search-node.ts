import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../src/event/json.ts';

const ENGINE = fileURLToPath(new URL('../../elastic/engine/', import.meta.url));
const JAVA = [
  '-Xmx512m',
  '-XX:+UseSerialGC',
  '-Dlog4j2.configurationFile=log4j2.properties',
  '-cp',
  'target/jars/*',
];

/** A node of OpenSearch that lives as long as the tests. */
export class SearchNode {
  readonly #process: ChildProcess;
  readonly #home: string;
  readonly #url: string;

  private constructor(process: ChildProcess, home: string, port: string) {
    this.#process = process;
    this.#home = home;
    this.#url = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<SearchNode> {
    const home = mkdtempSync(join(tmpdir(), 'detrails-engine-'));
    const child = spawn('java', [...JAVA, 'SearchNode.java', home], {
      cwd: ENGINE,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const port = /^port (\d+)$/.exec(line)?.[1];
      if (port !== undefined) return new SearchNode(child, home, port);
    }
    throw new Error('OpenSearch ended before it listened');
  }

  async stop(): Promise<void> {
    this.#process.stdin?.end();
    await once(this.#process, 'exit');
    rmSync(this.#home, { recursive: true, force: true });
  }

  /** The answer's body; an answer that is no success is thrown with what it says. */
  async ask(method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown): Promise<JsonObject> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const type = typeof body === 'string' ? 'application/x-ndjson' : 'application/json';
    const response = await fetch(this.#url + path, {
      method,
      ...(body !== undefined && { body: text, headers: { 'content-type': type } }),
    });
    const answer = (await response.json()) as JsonObject;
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer).slice(0, 600)}`);
    return answer;
  }
}
