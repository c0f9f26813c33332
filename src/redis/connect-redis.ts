import { createRequire } from 'node:module';
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { codeOf } from './redis-error.ts';

export interface RedisSettings {
  /** `redis://` or `rediss://`, of a cluster one or more of its servers. */
  readonly urls: readonly string[];
  readonly isCluster: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** PEM texts; each undefined where the system's own, or none, is used. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

const CONNECT_MILLISECONDS = 2000;

/** Twenty megabytes and some 40 ms, which only who shares pays: an import would load it with every start. */
function loadDriver(): typeof import('ioredis') {
  return createRequire(import.meta.url)('ioredis');
}

export function isCluster(client: Redis | Cluster): client is Cluster {
  return client.isCluster;
}

/** The circuit decides whether to ask; a command that cannot be sent now is refused at once and not kept for later. */
export function connectRedis(settings: RedisSettings): Redis | Cluster {
  const driver = loadDriver();
  const options = serverOptions(settings);
  if (!settings.isCluster) {
    return new driver.Redis(settings.urls[0] ?? '', {
      ...options,
      enableOfflineQueue: false,
      retryStrategy: wait,
    });
  }
  return new driver.Cluster(settings.urls.map(addressOf), {
    redisOptions: options,
    enableOfflineQueue: false,
    // One round trip to each server, however many rows of it are asked for. Auto-pipelining sorts commands by their
    // first argument, which of a script is not the key.
    enableAutoPipelining: true,
    autoPipeliningIgnoredCommands: ['eval'],
    clusterRetryStrategy: wait,
    maxRedirections: 8,
    retryDelayOnFailover: 50,
    retryDelayOnClusterDown: 50,
    slotsRefreshTimeout: CONNECT_MILLISECONDS,
  });
}

function serverOptions({ urls, username, password, ca, cert, key }: RedisSettings): RedisOptions {
  const isEncrypted = urls.some((url) => url.startsWith('rediss:'));
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(isEncrypted && {
      tls: {
        ...(ca !== undefined && { ca }),
        ...(cert !== undefined && { cert }),
        ...(key !== undefined && { key }),
      },
    }),
    connectTimeout: CONNECT_MILLISECONDS,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    reconnectOnError: findsNewMaster(),
  };
}

/**
 * A master that became a replica refuses writes: the new one is found by connecting again. Where there is no new one,
 * each write would connect again, so at most one a second does.
 * @param now milliseconds of a clock that is never set
 */
export function findsNewMaster(now: () => number = () => performance.now()): (error: Error) => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (codeOf(error) !== 'READONLY' || now() - last < RECONNECT_MILLISECONDS) return false;
    last = now();
    return true;
  };
}

const RECONNECT_MILLISECONDS = 1000;

/** Milliseconds before the next attempt to connect. */
function wait(attempts: number): number {
  return Math.min(1000, 50 * attempts);
}

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 6379 : Number(port) };
}
