/** Something that waits, and has to end its waiting when its time is over. */
export interface Expiring {
  /** @param since when the time began, by `performance.now()` */
  expire(since: number): void;
}

/** The time that something may take. */
export interface Deadline {
  /**
   * To be called when it was in time. It is then held no longer: an event that is held until its time is over would
   * outlive the garbage collector's young generation.
   */
  met(): void;
}

class Entry implements Deadline {
  waiting: Expiring | undefined;

  constructor(waiting: Expiring) {
    this.waiting = waiting;
  }

  met(): void {
    this.waiting = undefined;
  }
}

const TICK_MILLISECONDS = 5;

/**
 * One timer for all that may wait equally long: their times end in the order in which they came. Time is counted in
 * ticks of a timer. A busy process gets no ticks, so an answer that it has not had time to read yet is not late.
 */
export class Deadlines {
  readonly #ticks: number;
  #now = 0;
  #timer: NodeJS.Timeout | undefined;
  /** By the tick in which they came, the longest waiting first. */
  #waiting: { readonly tick: number; readonly since: number; readonly all: Entry[] }[] = [];

  constructor(milliseconds: number) {
    this.#ticks = Math.ceil(milliseconds / TICK_MILLISECONDS);
  }

  /** From now on it has the time that all have. */
  add(waiting: Expiring): Deadline {
    const last = this.#waiting.at(-1);
    const entry = new Entry(waiting);
    if (last?.tick === this.#now) last.all.push(entry);
    else this.#waiting.push({ tick: this.#now, since: performance.now(), all: [entry] });
    this.#timer ??= setInterval(() => setImmediate(() => this.#tick()), TICK_MILLISECONDS);
    return entry;
  }

  /** What the promise comes to, or else, where it is late, what `otherwise` says. */
  race<Value>(promise: Promise<Value>, otherwise: (since: number) => Value): Promise<Value> {
    return new Promise((resolve, reject) => {
      let isSettled = false;
      const settle = (value: () => Value): void => {
        if (isSettled) return;
        isSettled = true;
        deadline.met();
        try {
          resolve(value());
        } catch (error) {
          reject(error);
        }
      };
      const deadline = this.add({ expire: (since) => settle(() => otherwise(since)) });
      promise.then(
        (value) => settle(() => value),
        (error) =>
          settle(() => {
            throw error;
          }),
      );
    });
  }

  #tick(): void {
    this.#now++;
    const first = this.#waiting[0];
    if (first === undefined) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    if (first.tick + this.#ticks >= this.#now) return;
    this.#waiting.shift();
    for (const { waiting } of first.all) waiting?.expire(first.since);
  }
}
