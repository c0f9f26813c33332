import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RowServer } from '../../src/shared-rows/row-server.ts';

/** Rows in this process, which can be slow, silent or gone when a test says so. */
export class FakeRowServer implements RowServer {
  readonly rows = new Map<string, string>();
  readonly lifetimes = new Map<string, number>();
  isConnected = true;
  /** Answers nothing until it is cleared. */
  isSilent = false;
  refusal: string | undefined;
  fetches = 0;
  swaps = 0;
  reconnects = 0;
  /** Called before a row is put, so that a test can be quicker. */
  beforeSwap: ((key: string) => void) | undefined;
  readonly #listeners: (() => void)[] = [];

  async fetch(keys: readonly string[]): Promise<readonly (string | null)[]> {
    await this.#answer();
    this.fetches++;
    return keys.map((key) => this.rows.get(key) ?? null);
  }

  async swap(
    key: string,
    expected: string | null,
    next: string,
    milliseconds: number,
  ): Promise<string | null | undefined> {
    await this.#answer();
    if (this.refusal !== undefined) throw new Error(this.refusal);
    this.swaps++;
    this.beforeSwap?.(key);
    const there = this.rows.get(key) ?? null;
    if (there !== expected) return there;
    this.rows.set(key, next);
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
    if (this.isSilent) await new Promise(() => undefined);
    if (!this.isConnected) throw new Error('Connection is closed.');
  }
}
