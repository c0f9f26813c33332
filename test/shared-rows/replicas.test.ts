import { beforeAll } from 'vitest';
import type { Circuit } from '../../src/shared-rows/circuit.ts';
import { FakeRowServer } from './fake-row-server.ts';
import { describeReplicas, type Ground } from './replica-behaviour.ts';
import { bodiesOf, startReplica } from './replicas.ts';

let circuit: Circuit;
beforeAll(async () => {
  ({ circuit } = await startReplica(new FakeRowServer()));
  return () => circuit.stop();
});

describeReplicas('three replicas', newGround, () => circuit, 40);

function newGround(): Ground {
  const server = new FakeRowServer();
  return { server, bodies: async () => bodiesOf(server.rows) };
}
