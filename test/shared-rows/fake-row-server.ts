import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { type RowServer, RowServerError, type Swap } from '../../src/shared-rows/row-server.ts';

/** Rows in this process, which can be slow, silent or gone when a test says so. */
export class FakeRowServer implements RowServer {
  readonly prefix = '';
  readonly rows = new Map<string, string>();
  readonly lifetimes = new Map<string, number>();
  isConnected = true;
  trouble: string | undefined;
  /** Answers nothing before it is cleared. */
  isSilent = false;
  refusal: string | undefined;
  fetches = 0;
  swaps = 0;
  reconnects = 0;
  /** Called before a row is put, so that a test can be quicker. */
  beforeSwap: ((key: string) => void) | undefined;
  /** Whether it tells of changes of rows that were fetched; a test sets another number to interrupt that. */
  watch = 0;
  /** Turns of the event loop that news of a change takes, and an answer to a fetch: either may overtake the other. */
  newsDelay = 1;
  replyDelay = 0;
  /** Milliseconds that each command takes; one is worked at after the other. */
  commandTime = 0;
  #busy: Promise<void> = Promise.resolve();
  /** Rejects `caughtUp`. */
  isNewsBroken = false;
  catchUps = 0;
  readonly #fetched = new Set<string>();
  #news: string[] = [];
  readonly #readers: ((key: string) => void)[] = [];
  readonly #listeners: (() => void)[] = [];

  async fetch(
    keys: readonly string[],
    known: readonly (string | undefined)[],
  ): Promise<readonly (string | null | undefined)[]> {
    await this.#answer();
    this.fetches++;
    for (const key of keys) this.#fetched.add(key);
    const texts = keys.map((key, i) => {
      const row = this.rows.get(key) ?? null;
      const head = known[i];
      return head !== undefined && row?.startsWith(head) === true ? undefined : row;
    });
    for (let i = 0; i < this.replyDelay; i++) await nextTurn();
    return texts;
  }

  onChange(listener: (key: string) => void): void {
    this.#readers.push(listener);
  }

  async caughtUp(): Promise<void> {
    this.catchUps++;
    await this.#answer();
    if (this.isNewsBroken) throw new Error('Connection is closed.');
    this.#tellNews();
  }

  /** Puts a row as another client of the server does. */
  put(key: string, text: string): void {
    this.rows.set(key, text);
    if (this.watch === 0 || !this.#fetched.delete(key)) return;
    this.#news.push(key);
    void this.#tellLater();
  }

  async #tellLater(): Promise<void> {
    for (let i = 0; i < this.newsDelay; i++) await nextTurn();
    this.#tellNews();
  }

  #tellNews(): void {
    const news = this.#news;
    this.#news = [];
    for (const key of news) for (const listener of this.#readers) listener(key);
  }

  async swap(swaps: readonly Swap[]): Promise<readonly (string | null | undefined)[]> {
    await this.#answer();
    const { refusal } = this;
    if (refusal !== undefined) throw new RowServerError(refusal, true);
    return swaps.map((swap) => this.#swap(swap));
  }

  #swap({ key, expected, next, milliseconds }: Swap): string | null | undefined {
    this.swaps++;
    this.beforeSwap?.(key);
    const there = this.rows.get(key) ?? null;
    if (expected === null ? there !== null : there?.startsWith(expected) !== true) return there;
    this.put(key, next);
    this.lifetimes.set(key, milliseconds);
    return undefined;
  }

  async ping(): Promise<void> {
    await this.#answer();
  }

  reconnect(): void {
    this.reconnects++;
  }

  onDisconnect(listener: () => void): void {
    this.#listeners.push(listener);
  }

  disconnect(): void {
    this.isConnected = false;
    for (const listener of this.#listeners) listener();
  }

  async close(): Promise<void> {}

  async #answer(): Promise<void> {
    await nextTurn();
    if (this.commandTime > 0) {
      this.#busy = this.#busy.then(() => wait(this.commandTime));
      await this.#busy;
    }
    while (this.isSilent) await wait(5);
    if (!this.isConnected) throw new Error('Connection is closed.');
  }
}
