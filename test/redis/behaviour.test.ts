import { setTimeout as wait } from 'node:timers/promises';
import type { Cluster } from 'ioredis';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { REDIS_VERSION, RedisServer } from '../../harness/redis-server.ts';
import { startReplica } from '../../harness/replicas.ts';
import { connectRedis, type RedisSettings } from '../../src/redis/connect-redis.ts';
import { RedisRows } from '../../src/redis/redis-rows.ts';
import { type RedisWatch, watchRedis } from '../../src/redis/redis-watch.ts';
import type { Circuit } from '../../src/shared-rows/circuit.ts';
import { bodiesOf } from '../shared-rows/any-replica.ts';
import { describeReplicas, type Ground } from '../shared-rows/replica-behaviour.ts';
import { RedisCluster } from './redis-cluster.ts';

interface Place {
  readonly urls: readonly string[];
  readonly isCluster: boolean;
  stop(): Promise<void>;
}

if (REDIS_VERSION === undefined) test.skip('Redis is not installed (Debian: redis-server)', () => undefined);
else {
  describe('one Redis', () => {
    describeBehaviour('three replicas', async () => {
      const server = await RedisServer.start();
      return { urls: [server.url], isCluster: false, stop: () => server.stop() };
    });
  });
  describe('a cluster of three masters', () => {
    describeBehaviour('three replicas', async () => {
      const cluster = await RedisCluster.start();
      return { urls: cluster.urls, isCluster: true, stop: () => cluster.stop() };
    });
  });
}

function describeBehaviour(name: string, start: () => Promise<Place>): void {
  let place: Place;
  let client: Redis | Cluster;
  let watch: RedisWatch | undefined;
  let circuit: Circuit;
  beforeAll(async () => {
    place = await start();
    client = connectRedis(plain(place.urls, place.isCluster));
    // Each test has rows of its own, of one connection.
    client.setMaxListeners(0);
    watch = watchRedis(client, 'up:');
    ({ circuit } = await startReplica(new RedisRows(client, 'up:', watch), { timeout: 1000 }));
    while (watch?.number === 0) await wait(5);
  });
  afterAll(async () => {
    circuit.stop();
    client.disconnect();
    watch?.close();
    await place.stop();
  });

  let grounds = 0;
  const newGround = (): Ground => {
    const prefix = `${++grounds}:`;
    return {
      server: new RedisRows(client, prefix, watch),
      bodies: async () => bodiesOf(await rowsOf(client, prefix)),
    };
  };
  describeReplicas(name, newGround, () => circuit, 20);
}

export function plain(urls: readonly string[], isCluster = false): RedisSettings {
  const none = { username: undefined, password: undefined, ca: undefined, cert: undefined, key: undefined };
  return { urls, isCluster, ...none };
}

async function rowsOf(client: Redis | Cluster, prefix: string): Promise<[string, string][]> {
  const servers = client instanceof Redis ? [client] : client.nodes('master');
  const rows: [string, string][] = [];
  for (const server of servers) {
    for (const key of await server.keys(`${prefix}*`))
      rows.push([key.slice(prefix.length), (await server.get(key)) ?? '']);
  }
  return rows;
}
