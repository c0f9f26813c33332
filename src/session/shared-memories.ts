import type { Circuit } from '../shared-rows/circuit.ts';
import type { Deadlines } from '../shared-rows/deadlines.ts';
import type { Gate } from '../shared-rows/gate.ts';
import type { SharedRows } from '../shared-rows/shared-rows.ts';
import { learnedRows, type RowFinder, type SessionKinds } from './learned-rows.ts';
import type { StoredRow } from './memory-rows.ts';
import type { MemoryStore } from './memory-store.ts';
import type { SessionExchange } from './session-store.ts';

/** What an event is answered with. */
export interface SharedMemories {
  /** This replica's own memory: where rows are merged, and what answers when the others' cannot be reached. */
  readonly memory: MemoryStore;
  readonly rows: SharedRows<StoredRow>;
  readonly kinds: SessionKinds;
  readonly circuit: Circuit;
  /** For each answer of the server. */
  readonly deadlines: Deadlines;
  /** Events for which the server is asked at once. */
  readonly gate: Gate;
}

const LOOK_UP: RowFinder = { rowOf: (kind, key) => kind.of(key) };

/** Where the server cannot be asked, or not in time: what was learned waits for it. */
export function learnAlone(exchange: SessionExchange, memories: SharedMemories): void {
  const { memory, rows } = memories;
  memory.passTo(exchange.now);
  const learned = exchange.learnedTime === undefined ? [] : learnedRows(exchange, memories, LOOK_UP);
  memory.learn(exchange);
  for (const row of learned) rows.putLater(row);
}
