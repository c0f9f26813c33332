import { type Cluster, Redis } from 'ioredis';
import type { RowServer } from '../shared-rows/row-server.ts';

/** The row as it stands decides: it is replaced where it is what the caller merged with, and otherwise told. */
const SWAP = `local there = redis.call('GET', KEYS[1])
if there == ARGV[1] or (not there and ARGV[1] == '') then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  return false
end
return {there}`;

/** Looked up by the probe: it needs not exist. A server that is loading or has lost its cluster refuses even that. */
const PROBE = 'probe';

/** Rows in Redis or Valkey, one server or a cluster. Each row is a string under one key, so that no command spans two slots. */
export class RedisRows implements RowServer {
  readonly #client: Redis | Cluster;
  readonly #prefix: string;

  constructor(client: Redis | Cluster, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  get isConnected(): boolean {
    return this.#client.status === 'ready';
  }

  fetch(keys: readonly string[]): Promise<readonly (string | null)[]> {
    const names = keys.map((key) => this.#prefix + key);
    if (this.#client instanceof Redis) return this.#client.mget(names);
    // Rows lie in different slots; auto-pipelining makes one round trip to each server of these.
    const cluster = this.#client;
    return Promise.all(names.map((name) => cluster.get(name)));
  }

  async swap(
    key: string,
    expected: string | null,
    next: string,
    milliseconds: number,
  ): Promise<string | null | undefined> {
    const left = String(Math.ceil(milliseconds));
    const there = await this.#client.eval(SWAP, 1, this.#prefix + key, expected ?? '', next, left);
    if (there === null) return undefined;
    return Array.isArray(there) && typeof there[0] === 'string' ? there[0] : null;
  }

  async ping(): Promise<void> {
    const client = this.#client;
    if (!(client instanceof Redis)) await Promise.all(client.nodes('master').map((node) => node.ping()));
    await client.get(this.#prefix + PROBE);
  }

  reconnect(): void {
    this.#client.disconnect(true);
  }

  onDisconnect(listener: () => void): void {
    this.#client.on('close', listener);
    this.#client.on('-node', listener);
  }

  async close(): Promise<void> {
    this.#client.disconnect();
  }
}
