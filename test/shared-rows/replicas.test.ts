import { beforeAll } from 'vitest';
import { startReplica } from '../../harness/replicas.ts';
import type { Circuit } from '../../src/shared-rows/circuit.ts';
import { bodiesOf } from './any-replica.ts';
import { FakeRowServer } from './fake-row-server.ts';
import { describeReplicas, type Ground } from './replica-behaviour.ts';

let circuit: Circuit;
beforeAll(async () => {
  ({ circuit } = await startReplica(new FakeRowServer()));
  return () => circuit.stop();
});

describeReplicas(
  'three replicas',
  () => groundOf(new FakeRowServer()),
  () => circuit,
  40,
);
describeReplicas('three replicas that are told of changes', newWatchedGround, () => circuit, 40);

let grounds = 0;

function newWatchedGround(): Ground {
  const server = new FakeRowServer();
  server.watch = 1;
  server.newsDelay = ++grounds % 4;
  server.replyDelay = Math.floor(grounds / 4) % 3;
  return groundOf(server);
}

function groundOf(server: FakeRowServer): Ground {
  return { server, bodies: async () => bodiesOf(server.rows) };
}
