import type { Circuit } from './circuit.ts';
import { RowCalls, type RowReader, type Waiter } from './row-calls.ts';
import { RowChanges } from './row-changes.ts';
import type { RowServer } from './row-server.ts';
import { newHead, type RowContent, readRowText, writeRowText } from './row-text.ts';
import { TwoGenerations } from './two-generations.ts';
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
  decode(key: string, content: RowContent): Row | undefined;
  /** Called with the key of each row that the memory forgets. */
  onForget(listener: (key: string) => void): void;
  /** Whether nothing was added between two copies of a row; cheap, and false in doubt. */
  isUnchanged(before: Row, after: Row): boolean;
}

export interface SharedRowsOptions<Row> {
  readonly server: RowServer;
  readonly circuit: Circuit;
  readonly space: RowSpace<Row>;
  /** Rows of which it is remembered what the server holds, so that they are sent and read only when they changed. */
  readonly mostHeld: number;
  /** Rows that wait for the server to come back. */
  readonly mostWaiting: number;
  readonly now: () => number;
}

/**
 * What the server holds of a row, as far as it is known here: it is in this replica's memory too, until that forgets it.
 * `row` is absent where this release cannot read it.
 */
interface Held<Row> {
  readonly head: string;
  readonly row: Row | undefined;
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
/** Each lost race means that another replica's write got through. */
const MOST_ATTEMPTS = 50;

/**
 * Keeps rows of this process and of the server one: takes in what the server holds, and puts there what was added.
 * A row is replaced only where it still is what was merged with (optimistic locking), so that the merges are written
 * once, in TypeScript, and two replicas that write at once lose nothing.
 */
export class SharedRows<Row> implements RowReader {
  readonly queue: WriteQueue;
  readonly #options: SharedRowsOptions<Row>;
  readonly #calls: RowCalls;
  readonly #held: TwoGenerations<Held<Row>>;
  readonly #changes = new RowChanges();
  readonly #writing = new Map<string, Writing>();
  #isReplaying = false;

  constructor(options: SharedRowsOptions<Row>) {
    this.#options = options;
    this.#calls = new RowCalls(options.server, options.circuit, this);
    this.#held = new TwoGenerations(Math.max(100, options.mostHeld));
    this.queue = new WriteQueue(options.mostWaiting);
    options.space.onForget((key) => this.#held.delete(key));
    options.circuit.onAnswer(() => this.#replay());
  }

  /** Takes in what the server holds under these keys, and tells who waits for it. */
  fetch(keys: readonly string[], waiter: Waiter): void {
    this.#calls.fetch(keys, waiter);
  }

  fetched(keys: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.fetch(keys, { proceed: resolve, fail: reject });
    });
  }

  /** For a row that was added to while the server cannot be reached. */
  putLater(key: string): void {
    this.#changes.add(key);
    this.queue.add(key);
  }

  /** Counts the changes of rows, so that whoever read some can ask whether they are still the same. */
  get stamp(): number {
    return this.#changes.stamp;
  }

  /** Whether any of these rows was changed after that stamp; true in doubt. */
  changedSince(stamp: number, keys: readonly string[]): boolean {
    return this.#changes.since(stamp, keys);
  }

  /** Whether the server was seen to hold a row of this key. */
  isHeld(key: string): boolean {
    return this.#held.get(key) !== undefined;
  }

  /** Whether this replica knows more of a row than the server was seen to hold. */
  isAhead(key: string): boolean {
    const { space } = this.#options;
    const row = space.known(key);
    const held = this.#held.get(key);
    if (row === undefined || (held !== undefined && held.row === undefined)) return false;
    if (held?.row !== undefined && !isMore(space, held.row, row)) return false;
    this.#changes.add(key);
    return true;
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

  headOf(key: string): string | undefined {
    return this.#held.get(key)?.head;
  }

  take(key: string, text: string | null | undefined): void {
    if (text === undefined) return;
    if (text === null) {
      this.#held.delete(key);
      return;
    }
    const { head, content } = readRowText(text);
    if (this.#held.get(key)?.head === head) return;
    const { space } = this.#options;
    const row = content && space.decode(key, content);
    if (content === undefined || row === undefined) {
      this.#held.set(key, { head, row: undefined });
      return;
    }
    space.absorb(key, row);
    this.#changes.add(key);
    // What is known now is more than the server's row, or the very same with other parts.
    const known = space.known(key);
    const isSame = known !== undefined && space.encode(known) === content.body;
    this.#held.set(key, { head, row: isSame ? known : row });
  }

  async #swap(key: string): Promise<void> {
    const { space, now } = this.#options;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const row = space.known(key);
      const held = this.#held.get(key);
      if (row === undefined || (held !== undefined && held.row === undefined)) return;
      if (held?.row !== undefined && !isMore(space, held.row, row)) return;
      const keepUntil = space.keepUntil(row);
      const milliseconds = keepUntil === 0 ? LONGEST_KEPT : (keepUntil + SLACK_MINUTES) * MINUTE - now();
      if (milliseconds <= 0) return;
      const head = newHead();
      const next = writeRowText(head, keepUntil, space.encode(row));
      const there = await this.#calls.swap({ key, expected: held?.head ?? null, next, milliseconds });
      if (there === undefined) {
        this.#held.set(key, { head, row });
        return;
      }
      this.take(key, there);
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

function isMore<Row>(space: RowSpace<Row>, before: Row, after: Row): boolean {
  const isProlonged = space.keepUntil(after) - space.keepUntil(before) >= SLACK_MINUTES;
  return isProlonged || !space.isUnchanged(before, after);
}
