/** Of a row of a table: the calls that it is about. */
interface AboutCalls {
  /** As the partition aws writes it. */
  readonly eventSource: string;
  /** Without a version suffix. */
  readonly events: readonly string[];
}

/** What is known of each call by some rows; nearly all calls have none. */
export class CallRows<Known> {
  readonly #calls: ReadonlyMap<string, Known>;

  constructor(calls: ReadonlyMap<string, Known>) {
    this.#calls = calls;
  }

  /** Names as KnownCalls hands them over: of the partition aws, and without a version. */
  find(eventSource: string, eventName: string): Known | undefined {
    return this.#calls.get(keyOf(eventSource, eventName));
  }
}

/** @param join what is known of a call after one more row about it */
export function callRows<Row extends AboutCalls, Known>(
  rows: readonly Row[],
  join: (known: Known | undefined, row: Row) => Known,
): CallRows<Known> {
  const calls = new Map<string, Known>();
  for (const row of rows) {
    for (const event of row.events) {
      const key = keyOf(row.eventSource, event);
      calls.set(key, join(calls.get(key), row));
    }
  }
  return new CallRows(calls);
}

function keyOf(eventSource: string, eventName: string): string {
  return `${eventSource} ${eventName}`.toLowerCase();
}
