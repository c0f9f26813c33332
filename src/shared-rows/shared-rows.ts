import { LRUCache } from 'lru-cache';
import type { Circuit } from './circuit.ts';
import type { RowServer } from './row-server.ts';
import { type RowText, readRowText, writeRowText } from './row-text.ts';
import { WriteQueue } from './write-queue.ts';

/** What a room keeps in rows: its own memory of them, and how two versions of one row become one. */
export interface RowSpace<Row> {
  /** What this replica knows under a key: a copy that does not change any more. */
  known(key: string): Row | undefined;
  /** Adds what another replica knows: the union of its row and ours. */
  absorb(key: string, row: Row): void;
  /** Minutes since the epoch; 0 for as long as possible. */
  keepUntil(row: Row): number;
  encode(row: Row): string;
  decode(key: string, text: RowText): Row | undefined;
  /** Whether nothing was added between two copies of a row; cheap, and false in doubt. */
  isUnchanged(before: Row, after: Row): boolean;
}

export interface SharedRowsOptions<Row> {
  readonly server: RowServer;
  readonly circuit: Circuit;
  readonly space: RowSpace<Row>;
  /** Rows whose text is remembered, so that it is read and written only when it changed. */
  readonly mostHeld: number;
  /** Rows that wait for the server to come back. */
  readonly mostWaiting: number;
  readonly now: () => number;
}

/** What the server holds of a row, as far as it is known here. `row` is absent where this release cannot read it. */
interface Held<Row> {
  readonly text: string;
  readonly bodyLength: number;
  row: Row | undefined;
}

/** Whoever waits for rows: called, and not promised, because there is one for each event. */
export interface Waiter {
  proceed(): void;
  fail(): void;
}

interface Writing {
  readonly done: Promise<void>;
  next: Promise<void> | undefined;
}

/** A use prolongs a row's life by minutes; it is written once that has come to an hour. */
const SLACK_MINUTES = 60;
const MINUTE = 60_000;
/** IAM's own facts do not expire; a row that nothing touches for so long has no reader either. */
const LONGEST_KEPT = 400 * 24 * 3_600_000;
const MOST_CHANGES = 10_000;
/** Each lost race means that another replica's write got through. */
const MOST_ATTEMPTS = 50;

/**
 * Keeps rows of this process and of the server one: takes in what the server holds, and puts there what was added.
 * A row is replaced only where it still is what was merged with (optimistic locking), so that the merges are written
 * once, in TypeScript, and two replicas that write at once lose nothing.
 */
export class SharedRows<Row> {
  readonly queue: WriteQueue;
  readonly #options: SharedRowsOptions<Row>;
  readonly #held: LRUCache<string, Held<Row>>;
  readonly #writing = new Map<string, Writing>();
  /** When a row was last changed: some are forgotten at once, and what was read before then counts as changed. */
  readonly #changed = new Map<string, number>();
  #stamp = 0;
  #oldestStamp = 0;
  #batch: Batch | undefined;
  #isReplaying = false;

  constructor(options: SharedRowsOptions<Row>) {
    this.#options = options;
    this.#held = new LRUCache({ max: Math.max(100, options.mostHeld) });
    this.queue = new WriteQueue(options.mostWaiting);
    options.circuit.onAnswer(() => this.#replay());
  }

  /**
   * Takes in what the server holds under these keys, and tells who waits for it. All that is asked for in one turn of
   * the event loop goes in one command.
   */
  fetch(keys: readonly string[], waiter: Waiter): void {
    if (this.#batch === undefined) {
      this.#batch = new Batch();
      setImmediate(() => this.#send());
    }
    for (const key of keys) this.#batch.keys.add(key);
    this.#batch.waiters.push(waiter);
  }

  fetched(keys: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.fetch(keys, { proceed: resolve, fail: () => reject(new Error('the rows could not be fetched')) });
    });
  }

  /** For a row that was added to while the server cannot be reached. */
  putLater(key: string): void {
    this.#noteChange(key);
    this.queue.add(key);
  }

  /** Counts the changes of rows, so that whoever read some can ask whether they are still the same. */
  get stamp(): number {
    return this.#stamp;
  }

  /** Whether any of these rows was changed after that stamp; true in doubt. */
  changedSince(stamp: number, keys: readonly string[]): boolean {
    if (stamp === this.#stamp) return false;
    if (stamp < this.#oldestStamp) return true;
    for (const key of keys) {
      const changed = this.#changed.get(key);
      if (changed !== undefined && changed > stamp) return true;
    }
    return false;
  }

  /** Whether this replica knows more of a row than the server was seen to hold. */
  isAhead(key: string): boolean {
    const isAhead = this.#compare(key);
    if (isAhead) this.#noteChange(key);
    return isAhead;
  }

  #compare(key: string): boolean {
    const { space } = this.#options;
    const row = space.known(key);
    if (row === undefined) return false;
    const held = this.#held.get(key);
    if (held === undefined) return true;
    if (held.row === undefined) return false;
    const isProlonged = space.keepUntil(row) - space.keepUntil(held.row) >= SLACK_MINUTES;
    if (isProlonged) return true;
    if (space.isUnchanged(held.row, row)) return false;
    const body = space.encode(row);
    if (body.length !== held.bodyLength || !held.text.endsWith(body)) return true;
    held.row = row;
    return false;
  }

  /** Resolves once the server holds all that is known of the row now. Where it cannot be reached, the row waits in the queue. */
  put(key: string): Promise<void> {
    const running = this.#writing.get(key);
    if (running !== undefined) {
      running.next ??= running.done.then(() => this.put(key));
      return running.next;
    }
    const done = this.#swap(key).finally(() => this.#writing.delete(key));
    this.#writing.set(key, { done, next: undefined });
    done.catch(() => this.queue.add(key));
    return done;
  }

  async #send(): Promise<void> {
    const batch = this.#batch;
    this.#batch = undefined;
    if (batch === undefined) return;
    const keys = [...batch.keys];
    try {
      const texts = await this.#options.server.fetch(keys);
      for (let i = 0; i < keys.length; i++) this.#take(keys[i] as string, texts[i] ?? null);
      this.#options.circuit.answered();
    } catch (error) {
      this.#options.circuit.failed(reasonOf(error));
      for (const waiter of batch.waiters) waiter.fail();
      return;
    }
    for (const waiter of batch.waiters) waiter.proceed();
  }

  #noteChange(key: string): void {
    if (this.#changed.size >= MOST_CHANGES) {
      this.#changed.clear();
      this.#oldestStamp = this.#stamp + 1;
    }
    this.#changed.set(key, ++this.#stamp);
  }

  #take(key: string, text: string | null): void {
    if (text === null) {
      this.#held.delete(key);
      return;
    }
    if (this.#held.get(key)?.text === text) return;
    const { space } = this.#options;
    const parts = readRowText(text);
    const row = parts && space.decode(key, parts);
    this.#held.set(key, { text, bodyLength: parts?.body.length ?? 0, row });
    if (row === undefined) return;
    space.absorb(key, row);
    this.#noteChange(key);
  }

  async #swap(key: string): Promise<void> {
    const { server, circuit, space, now } = this.#options;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const row = space.known(key);
      const held = this.#held.get(key);
      if (row === undefined || (held !== undefined && held.row === undefined)) return;
      const keepUntil = space.keepUntil(row);
      const body = space.encode(row);
      const text = writeRowText(keepUntil, body);
      if (text === held?.text) return;
      const left = keepUntil === 0 ? LONGEST_KEPT : (keepUntil + SLACK_MINUTES) * MINUTE - now();
      if (left <= 0) return;
      try {
        const there = await server.swap(key, held?.text ?? null, text, left);
        circuit.answered();
        if (there === undefined) {
          this.#held.set(key, { text, bodyLength: body.length, row });
          return;
        }
        this.#take(key, there);
      } catch (error) {
        // A server that is full or read-only refuses writes and still answers.
        if (!isRefusal(error)) circuit.failed(reasonOf(error));
        throw error;
      }
    }
    throw new Error('too many replicas write this row');
  }

  /** Brings to the server what was learned without it. */
  async #replay(): Promise<void> {
    if (this.#isReplaying || this.queue.size === 0) return;
    this.#isReplaying = true;
    try {
      while (this.queue.size > 0 && this.#options.circuit.isUp) {
        const keys = this.queue.first(REPLAYED_AT_ONCE);
        await this.fetched(keys);
        await Promise.all(keys.map((key) => (this.isAhead(key) ? this.put(key) : undefined)));
        this.queue.remove(keys);
      }
    } catch {
      // What is left waits for the next time that the server answers.
    } finally {
      this.#isReplaying = false;
    }
  }
}

const REPLAYED_AT_ONCE = 256;

class Batch {
  readonly keys = new Set<string>();
  readonly waiters: Waiter[] = [];
}

/** Redis's own errors begin with a code in capitals, such as OOM or NOAUTH; the rest of a message may hold an address. */
function codeOf(error: unknown): string | undefined {
  const [code = ''] = error instanceof Error ? error.message.split(' ', 1) : [];
  return /^[A-Z]+$/.test(code) ? code : undefined;
}

function isRefusal(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'OOM' || code === 'MISCONF' || code === 'READONLY' || code === 'NOPERM';
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return code === undefined ? 'a command failed' : `it answers ${code}`;
}
