import type { Circuit } from './circuit.ts';
import type { KnownRow } from './known-row.ts';
import { type OnFault, type RowServer, RowServerError, type Swap } from './row-server.ts';

/** Whoever waits for rows: called, and not promised, because there is one for each event. */
export interface Waiter {
  proceed(): void;
  /** @param error a RowServerError, or a fault of our own, of which `onFault` was told */
  fail(error: unknown): void;
}

/**
 * Rows in one command. A reply of two hundred rows fits in the buffers of a connection; one that does not stalls it for
 * as long as TCP waits before it asks again whether there is room, which is hundreds of milliseconds.
 */
const MOST_ROWS = 200;
/**
 * Fetches under way at once, so that what is not read yet stays as small. One that is not full waits while another is
 * under way: what is asked meanwhile goes with it.
 */
const MOST_FETCHES = 2;

interface Fetch<Row> {
  readonly number: number;
  readonly rows: KnownRow<Row>[];
  readonly waiters: Waiter[];
}

interface AskedSwap {
  readonly swap: Swap;
  readonly resolve: (there: string | null | undefined) => void;
  readonly reject: (error: unknown) => void;
}

export interface RowReader<Row> {
  /** Takes what the server said of a row that was asked for; undefined: what was known of it. */
  take(row: KnownRow<Row>, text: string | null | undefined): void;
}

export interface RowCallsOptions {
  readonly server: RowServer;
  readonly circuit: Circuit;
  readonly onFault: OnFault;
}

/** Puts all that is asked of the server in one turn of the event loop into few commands. */
export class RowCalls<Row> {
  readonly #server: RowServer;
  readonly #circuit: Circuit;
  readonly #reader: RowReader<Row>;
  readonly #onFault: OnFault;
  #fetches: Fetch<Row>[] = [];
  #numbers = 0;
  #swaps: AskedSwap[] = [];
  #underWay = 0;
  #isScheduled = false;

  constructor({ server, circuit, onFault }: RowCallsOptions, reader: RowReader<Row>) {
    this.#server = server;
    this.#circuit = circuit;
    this.#reader = reader;
    this.#onFault = onFault;
  }

  fetch(rows: readonly KnownRow<Row>[], waiter: Waiter): void {
    let last = this.#fetches.at(-1);
    if (last === undefined || last.rows.length >= MOST_ROWS) {
      last = { number: ++this.#numbers, rows: [], waiters: [] };
      this.#fetches.push(last);
    }
    for (const row of rows) {
      if (row.askedIn === last.number) continue;
      row.askedIn = last.number;
      last.rows.push(row);
    }
    last.waiters.push(waiter);
    this.#schedule();
  }

  swap(swap: Swap): Promise<string | null | undefined> {
    return new Promise((resolve, reject) => {
      this.#swaps.push({ swap, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(() => {
      this.#isScheduled = false;
      this.#sendSwaps();
      this.#sendFetches();
    });
  }

  #sendFetches(): void {
    for (let next = this.#fetches[0]; next !== undefined; next = this.#fetches[0]) {
      const isFull = next.rows.length >= MOST_ROWS;
      if (this.#underWay >= (isFull ? MOST_FETCHES : 1)) return;
      this.#fetches.shift();
      this.#underWay++;
      void this.#send(next);
    }
  }

  async #send(fetch: Fetch<Row>): Promise<void> {
    const failure = await this.#fetched(fetch);
    this.#underWay--;
    this.#sendFetches();
    for (const waiter of fetch.waiters) {
      if (failure === undefined) waiter.proceed();
      else waiter.fail(failure);
    }
  }

  /** What kept these rows from being read. Only what the server does says anything of the server. */
  async #fetched(fetch: Fetch<Row>): Promise<unknown> {
    const heads = fetch.rows.map(({ held }) => held?.head);
    const { watch } = this.#server;
    const names = fetch.rows.map(({ name }) => name);
    let texts: readonly (string | null | undefined)[];
    try {
      texts = await this.#server.fetch(names, heads);
    } catch (error) {
      const failure = asServerError(error);
      this.#circuit.failed(failure.message);
      return failure;
    }
    this.#circuit.answered();
    return this.#takeAll(fetch, heads, texts, watch);
  }

  /** The fault of one row fails those who wait, and keeps no other row from being taken. */
  #takeAll(
    { number, rows }: Fetch<Row>,
    heads: readonly (string | undefined)[],
    texts: readonly (string | null | undefined)[],
    watch: number,
  ): unknown {
    const isWatched = watch !== 0 && watch === this.#server.watch;
    let fault: unknown;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as KnownRow<Row>;
      // Where it was changed while it was on its way, that was told first, and this may be how it was before.
      if (isWatched && row.askedIn === number) row.watchedIn = watch;
      const isStillNothing = texts[i] === null && heads[i] === undefined;
      if (isStillNothing) continue;
      try {
        this.#reader.take(row, texts[i]);
      } catch (error) {
        this.#onFault(error as Error);
        fault ??= error;
      }
    }
    return fault;
  }

  #sendSwaps(): void {
    while (this.#swaps.length > 0) void this.#sendSome(this.#swaps.splice(0, MOST_ROWS));
  }

  async #sendSome(asked: readonly AskedSwap[]): Promise<void> {
    try {
      const there = await this.#server.swap(asked.map(({ swap }) => swap));
      this.#circuit.answered();
      this.#circuit.took();
      for (const [i, { resolve }] of asked.entries()) resolve(there[i]);
    } catch (error) {
      const failure = asServerError(error);
      // A server that is full or read-only refuses writes and still answers.
      if (failure.isRefusal) this.#circuit.refused(failure.message);
      else this.#circuit.failed(failure.message);
      for (const { reject } of asked) reject(failure);
    }
  }
}

function asServerError(error: unknown): RowServerError {
  return error instanceof RowServerError ? error : new RowServerError(undefined, false, { cause: error });
}
