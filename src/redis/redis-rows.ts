import type { Cluster, Redis } from 'ioredis';
import type { RowServer, Swap } from '../shared-rows/row-server.ts';
import { isCluster } from './connect-redis.ts';
import { asRowServerError, codeOf } from './redis-error.ts';
import type { RedisWatch } from './redis-watch.ts';

/**
 * The rows that are not as they were known: the place of each, from 1 on, and what stands there. The heads that are
 * known come in one text, each with a space behind it: every argument of a command costs both sides, and so does every
 * reply.
 */
const FETCH = `local rows = redis.call('MGET', unpack(KEYS))
local changed = {}
local i = 0
for known in string.gmatch(ARGV[1], '([^ ]*) ') do
  i = i + 1
  local row = rows[i] or ''
  if string.sub(row, 1, #known) ~= known or (known == '' and row ~= '') then
    table.insert(changed, i)
    table.insert(changed, rows[i])
  end
end
return changed`;

/**
 * 1 where the row was put, which is where it still is what the caller merged with; else what stands there instead. What
 * is no text is none of ours, and neither read nor replaced: it stands for an empty one, and the other rows are put.
 */
const SWAP = `local result = {}
for i, key in ipairs(KEYS) do
  local there = redis.pcall('GET', key)
  if type(there) == 'table' and there.err then
    if not string.find(there.err, 'WRONGTYPE', 1, true) then return there end
    there = ''
  end
  local expected = ARGV[i * 3 - 2]
  if (there or '') == expected and there ~= '' or (there and expected ~= '' and string.sub(there, 1, #expected) == expected) then
    redis.call('SET', key, ARGV[i * 3 - 1], 'PX', ARGV[i * 3])
    result[i] = 1
  else
    result[i] = there
  end
end
return result`;

/** Looked up by the probe: it needs not exist. A server that is loading or has lost its cluster refuses even that. */
const PROBE = 'probe';

/**
 * Rows in Redis or Valkey, one server or a cluster. Each row is a string under one key, so that no merge spans two
 * slots.
 */
export class RedisRows implements RowServer {
  readonly #client: Redis | Cluster;
  readonly prefix: string;
  #trouble: string | undefined;
  readonly #watch: RedisWatch | undefined;

  /** @param watch of the same client; undefined for a cluster */
  constructor(client: Redis | Cluster, prefix: string, watch?: RedisWatch) {
    this.#client = client;
    this.prefix = prefix;
    this.#watch = watch;
    // Without a listener an error of a connection would end the process.
    client.on('error', (error: Error) => {
      this.#trouble = codeOf(error);
    });
    client.on('ready', () => {
      this.#trouble = undefined;
    });
  }

  get isConnected(): boolean {
    return this.#client.status === 'ready';
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  async fetch(
    keys: readonly string[],
    known: readonly (string | undefined)[],
  ): Promise<readonly (string | null | undefined)[]> {
    try {
      return await this.#fetch(keys, known);
    } catch (error) {
      throw asRowServerError(error);
    }
  }

  async #fetch(
    keys: readonly string[],
    known: readonly (string | undefined)[],
  ): Promise<readonly (string | null | undefined)[]> {
    // Rows lie in different slots; auto-pipelining makes one round trip to each server of these.
    const cluster = this.#client;
    if (isCluster(cluster)) return Promise.all(keys.map((key) => cluster.get(key).catch(noText)));
    const heads = known.map((head) => `${head ?? ''} `).join('');
    return differing(await cluster.eval(FETCH, keys.length, ...keys, heads), keys.length);
  }

  get watch(): number {
    return this.#watch?.number ?? 0;
  }

  onChange(listener: (key: string) => void): void {
    this.#watch?.onChange(listener);
  }

  async caughtUp(): Promise<void> {
    await this.#watch?.caughtUp();
  }

  async swap(swaps: readonly Swap[]): Promise<readonly (string | null | undefined)[]> {
    try {
      if (!isCluster(this.#client)) return await this.#swapAll(swaps);
      return (await Promise.all(swaps.map((swap) => this.#swapAll([swap])))).map(([there]) => there);
    } catch (error) {
      throw asRowServerError(error);
    }
  }

  async #swapAll(swaps: readonly Swap[]): Promise<(string | null | undefined)[]> {
    const keys = swaps.map(({ key }) => key);
    const values: string[] = [];
    for (const { expected, next, milliseconds } of swaps)
      values.push(expected ?? '', next, String(Math.ceil(milliseconds)));
    return textsOf(await this.#client.eval(SWAP, keys.length, ...keys, ...values));
  }

  async ping(): Promise<void> {
    const client = this.#client;
    if (isCluster(client)) await Promise.all(client.nodes('master').map((node) => node.ping()));
    await Promise.all([client.get(this.prefix + PROBE), this.watch === 0 ? undefined : this.caughtUp()]);
  }

  reconnect(): void {
    this.#client.disconnect(true);
    this.#watch?.reconnect();
  }

  onDisconnect(listener: () => void): void {
    this.#client.on('close', listener);
    this.#client.on('-node', listener);
  }

  async close(): Promise<void> {
    this.#client.disconnect();
    this.#watch?.close();
  }
}

/** As MGET answers for what is no text. */
function noText(error: Error): null {
  if (codeOf(error) === 'WRONGTYPE') return null;
  throw error;
}

/** What FETCH answers, as `fetch` does. */
function differing(reply: unknown, rows: number): (string | null | undefined)[] {
  if (!Array.isArray(reply)) throw new Error('not an answer of our script');
  const texts = new Array<string | null | undefined>(rows).fill(undefined);
  for (let i = 0; i < reply.length; i += 2) {
    const text: unknown = reply[i + 1];
    texts[Number(reply[i]) - 1] = typeof text === 'string' ? text : null;
  }
  return texts;
}

/** What SWAP answers: texts, nothing, and 1 for undefined. */
function textsOf(reply: unknown): (string | null | undefined)[] {
  if (!Array.isArray(reply)) throw new Error('not an answer of our script');
  return reply.map((text) => (text === 1 ? undefined : typeof text === 'string' ? text : null));
}
