import type { StoredRow } from '../src/session/memory-rows.ts';
import { MemoryStore } from '../src/session/memory-store.ts';
import { SessionRows } from '../src/session/session-rows.ts';
import { SharedStore } from '../src/session/shared-store.ts';
import { Circuit, type CircuitNews } from '../src/shared-rows/circuit.ts';
import type { RowServer } from '../src/shared-rows/row-server.ts';
import { SharedRows } from '../src/shared-rows/shared-rows.ts';
import { NOW } from './session-events.ts';

export interface Replica {
  readonly store: SharedStore;
  readonly memory: MemoryStore;
  readonly rows: SharedRows<StoredRow>;
  readonly circuit: Circuit;
  /** Each change of state, as it is said in the log. */
  readonly changes: string[];
  readonly faults: Error[];
}

export interface ReplicaOptions {
  readonly maxSessions?: number;
  readonly mostHeld?: number;
  readonly mostWaiting?: number;
  readonly timeout?: number;
  readonly now?: () => number;
  /** One that is up already; else the replica has its own, to be started. */
  readonly circuit?: Circuit;
}

export function newReplica(server: RowServer, options: ReplicaOptions = {}): Replica {
  const {
    maxSessions = 1000,
    mostHeld = 1000,
    mostWaiting = 1000,
    timeout = 1000,
    now = () => NOW,
  } = options;
  const changes: string[] = [];
  const news: CircuitNews = {
    changed: (isUp, reason) => changes.push(`${isUp ? 'up' : 'down'}: ${reason}`),
    writable: () => undefined,
  };
  const circuit = options.circuit ?? new Circuit({ server, timeout, news });
  const memory = new MemoryStore({ maxSessions });
  const space = new SessionRows(memory, now);
  const faults: Error[] = [];
  const onFault = (error: Error) => faults.push(error);
  const rows = new SharedRows<StoredRow>({ server, circuit, onFault, space, mostHeld, mostWaiting, now });
  return {
    store: new SharedStore({ memory, rows, circuit, timeout }),
    memory,
    rows,
    circuit,
    changes,
    faults,
  };
}

export async function startReplica(server: RowServer, options?: ReplicaOptions): Promise<Replica> {
  const replica = newReplica(server, options);
  await replica.circuit.start(1000);
  return replica;
}
