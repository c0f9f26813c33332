import { Deadlines } from '../shared-rows/deadlines.ts';
import { Gate } from '../shared-rows/gate.ts';
import { sessionKindsOf } from './learned-rows.ts';
import type { Moment, SessionExchange, SessionStore, SessionView } from './session-store.ts';
import { SharedEvent } from './shared-event.ts';
import { learnAlone, type SharedMemories } from './shared-memories.ts';

/**
 * Events for which the server is asked at once. Each of a new session asks for some ten rows and puts four, so that
 * these are a few commands: with all of a batch under way, the last would be late though the server is quick.
 */
const MOST_EVENTS = 100;

export interface SharedStoreOptions extends Omit<SharedMemories, 'deadlines' | 'gate' | 'kinds'> {
  /** The longest that an event waits for an answer of the server, milliseconds. */
  readonly timeout: number;
}

/**
 * What is known of the rows that were fetched before: all changes until now; nothing, so that each is asked for; or
 * that the server did not say it in time, and will not be waited for once more.
 */
type Standing = 'current' | 'unknown' | 'alone';

/**
 * The memory of several replicas. Each event takes in what the server holds of the rows that it is about, is merged in
 * this replica's memory by the same code as ever, and puts there what it added: so that a credential issued in a record
 * that one replica was given is known to all others once that record is answered.
 */
export class SharedStore implements SessionStore {
  readonly #memories: SharedMemories;
  #standing: Standing = 'unknown';
  readonly #moments: { readonly [Name in Standing]: Moment } = {
    current: { run: (work) => this.#run('current', work) },
    unknown: { run: (work) => this.#run('unknown', work) },
    alone: { run: (work) => this.#run('alone', work) },
  };

  constructor(options: SharedStoreOptions) {
    const kinds = sessionKindsOf(options.rows);
    const deadlines = new Deadlines(options.timeout);
    this.#memories = { ...options, kinds, deadlines, gate: new Gate(MOST_EVENTS) };
    // Read by itself, it stands in for what all replicas know.
    options.memory.isComplete = false;
  }

  exchange<Answer, Told>(
    exchange: SessionExchange,
    read: (view: SessionView) => Answer,
    tell: (answer: Answer) => Told,
  ): Told | Promise<Told> {
    if (this.#standing === 'alone' || !this.#memories.circuit.isUp) {
      learnAlone(exchange, this.#memories);
      return tell(read(this.#memories.memory));
    }
    const isCurrent = this.#standing === 'current';
    return new SharedEvent(exchange, read, tell, this.#memories, isCurrent).answer();
  }

  catchUp(): Promise<Moment> | undefined {
    const { circuit, rows, deadlines } = this.#memories;
    if (!circuit.isUp || !rows.isWatching) return undefined;
    const { current, unknown, alone } = this.#moments;
    const caughtUp = rows.caughtUp().then(
      () => current,
      () => unknown,
    );
    return deadlines.race(caughtUp, (since) => {
      circuit.timedOut(since);
      return alone;
    });
  }

  #run<Result>(standing: Standing, work: () => Result): Result {
    const before = this.#standing;
    this.#standing = standing;
    try {
      return work();
    } finally {
      this.#standing = before;
    }
  }
}
