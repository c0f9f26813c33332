import type { StoredRow } from '../../src/session/memory-rows.ts';
import { MemoryStore } from '../../src/session/memory-store.ts';
import { SessionRows } from '../../src/session/session-rows.ts';
import { SharedStore } from '../../src/session/shared-store.ts';
import { Circuit, type CircuitNews } from '../../src/shared-rows/circuit.ts';
import type { RowServer } from '../../src/shared-rows/row-server.ts';
import { SharedRows } from '../../src/shared-rows/shared-rows.ts';
import { type Answer, type Asker, askLater, NOW, recallFrom } from '../session/trail.ts';

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

/** Asks a replica by chance, as a load balancer does; the same at each run. */
export function askAnyOf(replicas: readonly Replica[], seed = 1): Asker {
  let state = seed;
  const anyOf = (): Replica => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const replica = replicas[(state >>> 8) % replicas.length];
    if (replica === undefined) throw new Error('no replica');
    return replica;
  };
  return Object.assign(
    (...[event, context]: Parameters<Asker>): Promise<Answer> => askLater(anyOf().store, event, context),
    { recall: (accessKeyId: string) => recallFrom(anyOf().store, accessKeyId) },
  );
}

/**
 * What rows say, without how long they are kept and without the notes on delivery: which uses came before their
 * issuance, and where a key was seen of which no issuance was known.
 */
export function bodiesOf(rows: Iterable<readonly [string, string]>): ReadonlyMap<string, string> {
  const bodies = new Map<string, string>();
  for (const [key, text] of [...rows].sort()) {
    const body = text.split(':').slice(3).join(':');
    if (key.startsWith('k:')) continue;
    bodies.set(
      key,
      key.startsWith('s:') ? JSON.stringify((JSON.parse(body) as unknown[]).slice(0, 6)) : body,
    );
  }
  return bodies;
}
