import { type Cluster, Redis } from 'ioredis';

/** Where Redis names the keys that have changed since a connection read them. */
const CHANGES = '__redis__:invalidate';

/** None of a cluster: there each server would tell of its own. */
export function watchRedis(client: Redis | Cluster): RedisWatch | undefined {
  return client instanceof Redis ? new RedisWatch(client) : undefined;
}

/**
 * Tells which rows have changed since they were read, by the client-side caching of Redis 6 and Valkey
 * (https://redis.io/docs/latest/develop/reference/client-side-caching/): the server remembers what the client has
 * read, missing keys too, and names such a key once on a second connection when anybody changes it. It does so before
 * it takes another command: the answer to a PING on the second connection comes behind all changes made until then.
 *
 * Where a server has no such thing, or a user may not ask for it, there is no watch, and every row is asked for each time.
 */
export class RedisWatch {
  readonly #client: Redis;
  readonly #changes: Redis;
  readonly #listeners: ((key: string) => void)[] = [];
  /** Server's number of the second connection, once it listens. */
  #listeningId: string | undefined;
  #connections = 0;
  #isOn = false;
  #number = 0;
  #interruptions = 0;

  constructor(client: Redis) {
    this.#client = client;
    this.#changes = client.duplicate({ autoResubscribe: false });
    // The client's own trouble is told elsewhere, and is the same; without a listener an error would end the process.
    this.#changes.on('error', () => undefined);
    client.on('ready', () => void this.#begin());
    client.on('close', () => this.#interrupt());
    this.#changes.on('ready', () => void this.#listen());
    this.#changes.on('close', () => {
      this.#listeningId = undefined;
      this.#connections++;
      this.#interrupt();
    });
    this.#changes.on('messageBuffer', (_channel: Buffer, keys: unknown) => this.#tell(keys));
  }

  /** As `RowServer.watch`. */
  get number(): number {
    return this.#isOn ? this.#number : 0;
  }

  onChange(listener: (key: string) => void): void {
    this.#listeners.push(listener);
  }

  async caughtUp(): Promise<void> {
    await this.#changes.ping();
  }

  reconnect(): void {
    this.#changes.disconnect(true);
  }

  close(): void {
    this.#changes.disconnect();
  }

  #interrupt(): void {
    this.#isOn = false;
    this.#interruptions++;
  }

  async #listen(): Promise<void> {
    const connection = this.#connections;
    try {
      // A connection that listens takes no such question any more.
      const id = await this.#changes.client('ID');
      await this.#changes.subscribe(CHANGES);
      if (connection !== this.#connections) return;
      this.#listeningId = String(id);
    } catch {
      return;
    }
    await this.#begin();
  }

  async #begin(): Promise<void> {
    this.#interrupt();
    const before = this.#interruptions;
    if (this.#client.status !== 'ready' || this.#listeningId === undefined) return;
    try {
      await this.#client.call('CLIENT', 'TRACKING', 'ON', 'REDIRECT', this.#listeningId);
    } catch {
      return;
    }
    // Another connection may have taken the place of one of these.
    if (before !== this.#interruptions) return;
    this.#number++;
    this.#isOn = true;
  }

  /** @param keys null where the server has forgotten all that was read, as after FLUSHALL */
  #tell(keys: unknown): void {
    if (!Array.isArray(keys)) {
      this.#number++;
      return;
    }
    for (const key of keys) for (const listener of this.#listeners) listener(String(key));
  }
}
