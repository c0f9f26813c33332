import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';

export interface FuzzOptions {
  readonly url: string;
  readonly pool: readonly string[];
  readonly events: number;
  readonly seed: number;
  /** Called about a hundred times, in between. */
  readonly onProgress?: (sent: number) => void;
}

export interface FuzzResult {
  /** Events by what they were answered with: `enriched`, or the code of a refusal. */
  readonly answers: ReadonlyMap<string, number>;
  /**
   * What must not be: a 5xx, a broken connection, an answer that is no JSON; with the input, for a person to look at.
   */
  readonly failures: readonly { readonly what: string; readonly input: Buffer }[];
  /** Milliseconds; the client and whatever else the machine does are in it. */
  readonly slowest: number;
}

const AT_ONCE = 16;
const BATCH = 50;

/** Sends changed records, half of them alone and half in batches. The same seed sends the same bytes. */
export async function runFuzz({ url, pool, events, seed, onProgress }: FuzzOptions): Promise<FuzzResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const random = new Random(seed);
  const answers = new Map<string, number>();
  const failures: { what: string; input: Buffer }[] = [];
  let slowest = 0;
  let sent = 0;

  const count = (code: string) => answers.set(code, (answers.get(code) ?? 0) + 1);
  const countAnswer = (answer: { version?: string; code?: string; error?: { code: string } }) => {
    const code = answer.version !== undefined ? 'enriched' : (answer.code ?? answer.error?.code);
    if (code === undefined) throw new Error('neither an enrichment nor a refusal');
    count(code);
  };

  async function send(path: string, input: Buffer): Promise<void> {
    const began = performance.now();
    try {
      const response = await post(agent, url + path, input);
      const body = await text(response);
      if ((response.statusCode ?? 500) >= 500) throw new Error(`${response.statusCode} ${body}`);
      const type = response.headers['content-type'] ?? '';
      if (type.startsWith('application/x-ndjson')) {
        for (const line of body.trim().split('\n')) countAnswer(JSON.parse(line));
      } else for (const answer of [JSON.parse(body)].flat()) countAnswer(answer);
    } catch (error) {
      failures.push({ what: error instanceof Error ? error.message : 'unknown', input });
    }
    if (path === '/enrich') slowest = Math.max(slowest, performance.now() - began);
  }

  const next = () => mutate(random.of(pool), random.of(pool), random);
  async function worker(): Promise<void> {
    while (sent < events && failures.length < 20) {
      const isBatch = random.below(BATCH) === 0;
      const inputs = Array.from({ length: isBatch ? BATCH : 1 }, next);
      const before = sent;
      sent += inputs.length;
      const step = Math.max(1, Math.floor(events / 100));
      if (Math.floor(before / step) !== Math.floor(sent / step)) onProgress?.(sent);
      const lines = inputs.flatMap((input) => [input, Buffer.from('\n')]);
      await send(
        isBatch ? '/enrich/batch' : '/enrich',
        isBatch ? Buffer.concat(lines) : (inputs[0] ?? Buffer.alloc(0)),
      );
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  agent.destroy();
  return { answers, failures, slowest };
}

function post(agent: Agent, url: string, body: Buffer): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request(url, { agent, method: 'POST', headers: { 'content-length': body.length } }, resolve)
    .on('error', reject)
    .end(body);
  return promise;
}
