/** Texts by key that all replicas reach: Redis, Valkey, or a cluster of them. Every call may be rejected at any time. */
export interface RowServer {
  /** Whether commands can be sent. */
  readonly isConnected: boolean;
  /** The texts under these keys, in their order; null where there is none. */
  fetch(keys: readonly string[]): Promise<readonly (string | null)[]>;
  /**
   * Puts `next`, for so many milliseconds, where `expected` still stands (null: nothing). Undefined once it is put,
   * otherwise what stands there instead.
   */
  swap(
    key: string,
    expected: string | null,
    next: string,
    milliseconds: number,
  ): Promise<string | null | undefined>;
  /** Resolves where every server that holds rows answers. */
  ping(): Promise<void>;
  /** Gives up a connection that does not answer any more, and makes a new one. */
  reconnect(): void;
  /** Called when a connection is lost. */
  onDisconnect(listener: () => void): void;
  close(): Promise<void>;
}
