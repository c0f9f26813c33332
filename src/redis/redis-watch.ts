import { randomUUID } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import { isCluster } from './connect-redis.ts';

/** Where Redis names the keys that have changed since a connection read them. */
const CHANGES = '__redis__:invalidate';

/** None of a cluster: there each server would tell of its own. */
export function watchRedis(client: Redis | Cluster, prefix: string): RedisWatch | undefined {
  return isCluster(client) ? undefined : new RedisWatch(client, prefix);
}

/** It has served its purpose when it is written. */
const TRIAL_MILLISECONDS = 1;

/** Until a server that refuses writes, or answers too late, is asked again. */
const AGAIN_MILLISECONDS = 1000;

/**
 * Tells which rows have changed since they were read, by the client-side caching of Redis 6 and Valkey
 * (https://redis.io/docs/latest/develop/reference/client-side-caching/): the server remembers what the client has read,
 * missing keys too, and names such a key once on a second connection when anybody changes it. It does so before it
 * takes another command: the answer to a PING on the second connection comes behind all changes made until then.
 *
 * Where a server has no such thing, or a user may not ask for it, there is no watch, and every row is asked for each
 * time.
 */
export class RedisWatch {
  readonly #client: Redis;
  readonly #prefix: string;
  readonly #changes: Redis;
  readonly #listeners: ((key: string) => void)[] = [];
  /** Server's number of the second connection, once it listens. */
  #listeningId: string | undefined;
  #connections = 0;
  #isOn = false;
  #number = 0;
  #interruptions = 0;
  /** A key that is written to be told of; undefined once it was. */
  #trial: string | undefined;

  /** @param prefix of all keys that may be written */
  constructor(client: Redis, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
    this.#changes = client.duplicate({ autoResubscribe: false });
    // The client's own trouble is told elsewhere, and is the same; without a listener an error would end the process.
    this.#changes.on('error', () => undefined);
    client.on('ready', () => void this.#beginAgain());
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

  /** After a failover the two may lead to two servers: the second one is made anew then. */
  async #beginAgain(): Promise<void> {
    if ((await this.#begin()) === 'nothing told') this.reconnect();
  }

  async #begin(): Promise<'nothing told' | undefined> {
    this.#interrupt();
    const before = this.#interruptions;
    if (this.#client.status !== 'ready' || this.#listeningId === undefined) return undefined;
    try {
      await this.#client.call('CLIENT', 'TRACKING', 'ON', 'REDIRECT', this.#listeningId);
      if (!(await this.#isTold())) return 'nothing told';
    } catch {
      // A full or read-only server takes writes again over the same connections.
      setTimeout(() => {
        if (before === this.#interruptions) void this.#beginAgain();
      }, AGAIN_MILLISECONDS).unref();
      return undefined;
    }
    // Another connection may have taken the place of one of these.
    if (before !== this.#interruptions) return undefined;
    this.#number++;
    this.#isOn = true;
    return undefined;
  }

  /** Ids of connections are small numbers: another server may know the same id, and tell somebody else. */
  async #isTold(): Promise<boolean> {
    const key = `${this.#prefix}watch:${randomUUID()}`;
    this.#trial = key;
    await this.#client.get(key);
    await this.#client.set(key, '', 'PX', TRIAL_MILLISECONDS);
    await this.caughtUp();
    return this.#trial !== key;
  }

  /** @param keys null where the server has forgotten all that was read, as after FLUSHALL */
  #tell(keys: unknown): void {
    if (!Array.isArray(keys)) {
      this.#number++;
      return;
    }
    for (const each of keys) {
      const key = String(each);
      if (key === this.#trial) this.#trial = undefined;
      for (const listener of this.#listeners) listener(key);
    }
  }
}
