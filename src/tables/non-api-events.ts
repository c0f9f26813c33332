/** One row of data/curated/non-api-events.json: records that tell of something other than a call to an API. */
export interface NonApiEventRow {
  readonly eventSource: string;
  readonly events: readonly string[];
  readonly reason: string;
  readonly reference: string;
}

export class NonApiEvents {
  readonly #events = new Map<string, string>();

  constructor(rows: readonly NonApiEventRow[]) {
    for (const { eventSource, events, reason } of rows)
      for (const event of events) this.#events.set(`${eventSource} ${event.toLowerCase()}`, reason);
  }

  /** The reason, where this pair is known to be no API call; the source is that of the partition aws. */
  reason(eventSource: string, eventName: string): string | undefined {
    return this.#events.get(`${eventSource} ${eventName.toLowerCase()}`);
  }
}
