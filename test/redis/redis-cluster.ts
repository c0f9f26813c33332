import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort, RedisServer } from '../../harness/redis-server.ts';

/** Three masters on loopback, without replicas. */
export class RedisCluster {
  readonly servers: readonly RedisServer[];

  private constructor(servers: readonly RedisServer[]) {
    this.servers = servers;
  }

  static async start(): Promise<RedisCluster> {
    const options = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
    const servers: RedisServer[] = [];
    for (let i = 0; i < 3; i++) servers.push(await RedisServer.start(options, await portWithRoomAbove()));
    const addresses = servers.map(({ port }) => `127.0.0.1:${port}`);
    const run = promisify(execFile);
    await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-replicas', '0', '--cluster-yes']);
    for (const server of servers) await settled(server);
    return new RedisCluster(servers);
  }

  get urls(): string[] {
    return this.servers.map(({ url }) => url);
  }

  async stop(): Promise<void> {
    for (const server of this.servers) await server.stop();
  }
}

/** A server of a cluster also listens 10,000 ports above its own. */
async function portWithRoomAbove(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port < 55_000) return port;
  }
}

async function settled(server: RedisServer): Promise<void> {
  const client = server.client();
  for (let i = 0; i < 200; i++) {
    if ((await client.cluster('INFO')).includes('cluster_state:ok')) break;
    await wait(50);
  }
  client.disconnect();
}
