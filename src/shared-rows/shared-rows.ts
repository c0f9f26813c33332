import type { Circuit } from './circuit.ts';
import { type Held, type KnownRow, RowKind } from './known-row.ts';
import { LONGEST_KEPT } from './longest-kept.ts';
import { RowCalls, type RowReader, type Waiter } from './row-calls.ts';
import { type OnFault, type RowServer, RowServerError } from './row-server.ts';
import { newHead, type RowContent, readRowText, writeRowText } from './row-text.ts';
import { WriteQueue } from './write-queue.ts';

/** What a room keeps in rows: its own memory of them, and how two versions of one row become one. */
export interface RowSpace<Row> {
  /** The letters of the kinds of its rows. */
  readonly kinds: readonly string[];
  /** What this replica knows of a row: a copy that does not change any more. */
  known(kind: string, key: string): Row | undefined;
  /** Adds what another replica knows: the union of its row and ours. */
  absorb(key: string, row: Row): void;
  /** Minutes since the epoch; 0 for as long as possible. */
  keepUntil(row: Row): number;
  encode(row: Row): string;
  decode(kind: string, key: string, content: RowContent): Row | undefined;
  /** Called with each row that the memory forgets. */
  onForget(listener: (kind: string, key: string) => void): void;
  /** Whether nothing was added between two copies of a row; cheap, and false in doubt. */
  isUnchanged(before: Row, after: Row): boolean;
}

export interface SharedRowsOptions<Row> {
  readonly server: RowServer;
  readonly circuit: Circuit;
  readonly onFault: OnFault;
  readonly space: RowSpace<Row>;
  /**
   * Rows of each kind of which it is remembered what the server holds, so that they are sent and read only when they
   * changed.
   */
  readonly mostHeld: number;
  /** Rows that wait for the server to come back. */
  readonly mostWaiting: number;
  readonly now: () => number;
}

interface Writing {
  readonly done: Promise<void>;
  next: Promise<void> | undefined;
}

/** A use prolongs a row's life by minutes; it is written once that has come to an hour. */
const SLACK_MINUTES = 60;
const MINUTE = 60_000;
/** Each lost race means that another replica's write got through. */
const MOST_ATTEMPTS = 50;

/**
 * Keeps rows of this process and of the server one: takes in what the server holds, and puts there what was added.
 * A row is replaced only where it still is what was merged with (optimistic locking), so that the merges are written
 * once, in TypeScript, and two replicas that write at once lose nothing.
 */
export class SharedRows<Row> implements RowReader<Row> {
  readonly queue: WriteQueue<Row>;
  readonly #options: SharedRowsOptions<Row>;
  readonly #calls: RowCalls<Row>;
  readonly #kinds: ReadonlyMap<string, RowKind<Row>>;
  readonly #writing = new Map<KnownRow<Row>, Writing>();
  /** Changes of rows so far. */
  #stamp = 0;
  #isReplaying = false;

  constructor(options: SharedRowsOptions<Row>) {
    this.#options = options;
    this.#calls = new RowCalls(options, this);
    const mostHeld = Math.max(SMALLEST_HELD, options.mostHeld);
    const { space } = options;
    const { prefix } = options.server;
    this.#kinds = new Map(space.kinds.map((letter) => [letter, new RowKind(letter, prefix, mostHeld)]));
    this.queue = new WriteQueue(options.mostWaiting);
    space.onForget((letter, key) => {
      const row = this.#kinds.get(letter)?.peek(key);
      if (row === undefined) return;
      row.held = undefined;
      row.unwatch();
    });
    options.server.onChange((name) => this.#kinds.get(name.charAt(prefix.length))?.unwatch(name));
    options.circuit.onAnswer(() => this.#replay());
  }

  /** @throws where the space has no such rows */
  kind(letter: string): RowKind<Row> {
    const kind = this.#kinds.get(letter);
    if (kind === undefined) throw new Error(`no rows of kind ${letter}`);
    return kind;
  }

  /** Whether the server tells when rows change that were fetched. */
  get isWatching(): boolean {
    return this.#options.server.watch !== 0;
  }

  /** Resolves when of all rows that changed before now this is known. */
  async caughtUp(): Promise<void> {
    await this.#options.server.caughtUp();
    this.#options.circuit.answered();
  }

  /**
   * Whether the server holds of a row what it held when it was fetched: as of the last time that all was caught up
   * with.
   */
  isWatched(row: KnownRow<Row>): boolean {
    const { watch } = this.#options.server;
    return watch !== 0 && row.watchedIn === watch && row.isCurrent;
  }

  /** Takes in what the server holds of these rows, and tells who waits for it. */
  fetch(rows: readonly KnownRow<Row>[], waiter: Waiter): void {
    this.#calls.fetch(rows, waiter);
  }

  fetched(rows: readonly KnownRow<Row>[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.fetch(rows, { proceed: resolve, fail: reject });
    });
  }

  /** For a row that was added to while the server cannot be reached. */
  putLater(row: KnownRow<Row>): void {
    this.#change(row);
    this.queue.add(row);
  }

  /** Counts the changes of rows, so that whoever read some can ask whether they are still the same. */
  get stamp(): number {
    return this.#stamp;
  }

  /** Whether any of these rows was changed after that stamp; true in doubt. */
  changedSince(stamp: number, rows: readonly KnownRow<Row>[]): boolean {
    if (stamp === this.#stamp) return false;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as KnownRow<Row>;
      if (row.changed > stamp || !row.isCurrent) return true;
    }
    return false;
  }

  /** Whether this replica knows more of a row than the server was seen to hold. */
  isAhead(row: KnownRow<Row>): boolean {
    if (this.#surplus(row) === undefined) return false;
    this.#change(row);
    return true;
  }

  /**
   * Resolves once the server holds all that is known of the row now. Where it cannot be reached, the row waits in the
   * queue. Where the fault is our own, trying again would only end the same.
   */
  put(row: KnownRow<Row>): Promise<void> {
    const running = this.#writing.get(row);
    if (running !== undefined) {
      running.next ??= running.done.then(() => this.put(row));
      return running.next;
    }
    const done = this.#swap(row).finally(() => this.#writing.delete(row));
    this.#writing.set(row, { done, next: undefined });
    done.catch((error) => {
      if (error instanceof RowServerError) this.queue.add(row);
      else this.#options.onFault(error);
    });
    return done;
  }

  take(asked: KnownRow<Row>, text: string | null | undefined): void {
    if (text === undefined) return;
    // What was forgotten while the server was asked is known again.
    const row = asked.current();
    if (text === null) {
      row.held = undefined;
      return;
    }
    const { head, content } = readRowText(text);
    if (row.held?.head === head) return;
    try {
      row.held = { head, row: content && this.#absorbed(row, content) };
    } catch (error) {
      // As one of a newer release: until somebody changes it, it trips nobody else, and is not replaced.
      row.held = { head, row: undefined };
      throw error;
    }
  }

  /** The server's row, once it is taken in; undefined where this release cannot read it. */
  #absorbed(row: KnownRow<Row>, content: RowContent): Row | undefined {
    const { space } = this.#options;
    const { letter } = row.kind;
    const theirs = space.decode(letter, row.key, content);
    if (theirs === undefined) return undefined;
    this.#change(row);
    space.absorb(row.key, theirs);
    // What is known now is more than the server's row, or the very same with other parts.
    const known = space.known(letter, row.key);
    const isSame = known !== undefined && space.encode(known) === content.body;
    return isSame ? known : theirs;
  }

  #change(row: KnownRow<Row>): void {
    row.changed = ++this.#stamp;
  }

  /** What is known of a row, where that is more than the server was seen to hold and may be put in its place. */
  #surplus(row: KnownRow<Row>): { readonly known: Row; readonly held: Held<Row> | undefined } | undefined {
    const { space } = this.#options;
    const { held } = row;
    if (held !== undefined && held.row === undefined) return undefined;
    const known = space.known(row.kind.letter, row.key);
    if (known === undefined) return undefined;
    return held?.row === undefined || isMore(space, held.row, known) ? { known, held } : undefined;
  }

  async #swap(written: KnownRow<Row>): Promise<void> {
    const { space, now } = this.#options;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const row = written.current();
      const surplus = this.#surplus(row);
      if (surplus === undefined) return;
      const { known, held } = surplus;
      const keepUntil = space.keepUntil(known);
      const milliseconds = keepUntil === 0 ? LONGEST_KEPT : (keepUntil + SLACK_MINUTES) * MINUTE - now();
      if (milliseconds <= 0) return;
      const head = newHead();
      const next = writeRowText(head, keepUntil, space.encode(known));
      const there = await this.#calls.swap({
        key: row.name,
        expected: held?.head ?? null,
        next,
        milliseconds,
      });
      if (there === undefined) {
        row.current().held = { head, row: known };
        return;
      }
      this.take(row, there);
    }
    const cause = new Error('too many replicas write this row');
    throw new RowServerError(undefined, false, { cause });
  }

  /** Brings to the server what was learned without it. */
  async #replay(): Promise<void> {
    if (this.#isReplaying || this.queue.size === 0) return;
    this.#isReplaying = true;
    try {
      while (this.queue.size > 0 && this.#options.circuit.isUp) {
        const waiting = this.queue.first(REPLAYED_AT_ONCE);
        const rows = waiting.map((row) => row.current());
        await unlessFaultOfOurs(this.fetched(rows));
        // Before they are put: what is learned of them meanwhile waits anew, as does what cannot be put.
        this.queue.remove(waiting);
        await Promise.all(rows.map((row) => unlessFaultOfOurs(this.put(row))));
      }
    } catch {
      // Told where it happened. What is left waits for the next time that the server answers.
    } finally {
      this.#isReplaying = false;
    }
  }
}

/** Fewer than the rows of some events at once would be forgotten while they are under way. */
const SMALLEST_HELD = 100;
const REPLAYED_AT_ONCE = 256;

/** Of many rows: where one trips our own code, that was told already, and is none of the others'. */
function unlessFaultOfOurs(work: Promise<void>): Promise<void> {
  return work.catch((error) => {
    if (error instanceof RowServerError) throw error;
  });
}

function isMore<Row>(space: RowSpace<Row>, before: Row, after: Row): boolean {
  const isProlonged = space.keepUntil(after) - space.keepUntil(before) >= SLACK_MINUTES;
  return isProlonged || !space.isUnchanged(before, after);
}
