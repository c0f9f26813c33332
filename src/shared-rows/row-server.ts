/** Put `next`, for so many milliseconds, where a row with the head `expected` still stands (null: no row at all). */
export interface Swap {
  readonly key: string;
  readonly expected: string | null;
  readonly next: string;
  readonly milliseconds: number;
}

/** Why a call to the server was rejected. */
export class RowServerError extends Error {
  /** Such as OOM or NOAUTH, where the server gives one: all of its answer that may be told. */
  readonly code: string | undefined;
  /** It takes no writes, and answers. */
  readonly isRefusal: boolean;

  constructor(code: string | undefined, isRefusal: boolean, options?: ErrorOptions) {
    super(code === undefined ? 'a command failed' : `it answers ${code}`, options);
    this.code = code;
    this.isRefusal = isRefusal;
  }
}

/**
 * Told of an exception that is no RowServerError: our own code has tripped over a row. It says nothing of the server,
 * and whoever waits for the row goes on without.
 */
export type OnFault = (error: Error) => void;

/**
 * Texts by key that all replicas reach: Redis, Valkey, or a cluster of them. Every call may be rejected at any time,
 * with a RowServerError where the server says why.
 */
export interface RowServer {
  /** Begins the keys of all rows: a user of the server may be allowed no others. */
  readonly prefix: string;
  /** Whether commands can be sent. */
  readonly isConnected: boolean;
  /** A code for what is wrong with the connection, such as ECONNREFUSED, where that is known. */
  readonly trouble: string | undefined;
  /**
   * The texts under these keys, in their order; null where there is none, and undefined where it is as `known` already:
   * a text with that head, or none (or may be: a server need not spare itself the sending).
   */
  fetch(
    keys: readonly string[],
    known: readonly (string | undefined)[],
  ): Promise<readonly (string | null | undefined)[]>;
  /**
   * A number for as long as the server tells of each row that was fetched when somebody changes it, another one after
   * each interruption, and 0 where it does not tell.
   */
  readonly watch: number;
  /**
   * Called with the key of a row that was fetched and has changed since, once: from then on it is told of again when it
   * is fetched again.
   */
  onChange(listener: (key: string) => void): void;
  /** Resolves when all changes were told of that were made before it was called. */
  caughtUp(): Promise<void>;
  /** For each, undefined once it is put, otherwise what stands there instead. */
  swap(swaps: readonly Swap[]): Promise<readonly (string | null | undefined)[]>;
  /** Resolves where every server that holds rows answers. */
  ping(): Promise<void>;
  /** Gives up a connection that does not answer any more, and makes a new one. */
  reconnect(): void;
  /** Called when a connection is lost. */
  onDisconnect(listener: () => void): void;
  close(): Promise<void>;
}
