/** What a tally is handed to: a counter of prom-client, or a part of one. */
export interface Counted {
  inc(labels: Record<string, string>, count: number): void;
}

/**
 * Counts by the value of one label in plain numbers, and hands them to a counter of prom-client when they are asked
 * for: an event adds some six counts, and a look-up of a child and its checks for each would be a tenth of its cost.
 */
export class Tally {
  readonly #counter: Counted;
  readonly #label: string;
  readonly #cells = new Map<string, { count: number }>();

  constructor(counter: Counted, label: string) {
    this.#counter = counter;
    this.#label = label;
  }

  add(value: string): void {
    const cell = this.#cells.get(value);
    if (cell === undefined) this.#cells.set(value, { count: 1 });
    else cell.count++;
  }

  flush(): void {
    for (const [value, cell] of this.#cells) {
      if (cell.count > 0) this.#counter.inc({ [this.#label]: value }, cell.count);
      cell.count = 0;
    }
  }
}

/** The same for two labels: a tally by the second one for each value of the first. */
export class PairTally {
  readonly #counter: Counted;
  readonly #first: string;
  readonly #second: string;
  readonly #tallies = new Map<string, Tally>();

  constructor(counter: Counted, first: string, second: string) {
    this.#counter = counter;
    this.#first = first;
    this.#second = second;
  }

  add(first: string, second: string): void {
    let tally = this.#tallies.get(first);
    if (tally === undefined) {
      const inc: Counted['inc'] = (labels, count) =>
        this.#counter.inc({ [this.#first]: first, ...labels }, count);
      tally = new Tally({ inc }, this.#second);
      this.#tallies.set(first, tally);
    }
    tally.add(second);
  }

  flush(): void {
    for (const tally of this.#tallies.values()) tally.flush();
  }
}
