interface Waiting {
  readonly until: number;
  readonly expire: () => void;
}

const STEP_MILLISECONDS = 5;

/** One timer for all that waits for the same time at most: they run out in the order in which they came. */
export class Deadlines {
  readonly #waiting = new Set<Waiting>();
  readonly #milliseconds: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** What the promise comes to, or else, where it is late or rejected, what `otherwise` says. */
  race<Value>(promise: Promise<Value>, otherwise: (isLate: boolean) => Value): Promise<Value> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        until: performance.now() + this.#milliseconds,
        expire: () => resolve(otherwise(true)),
      };
      this.#waiting.add(waiting);
      // After a pause of this process, answers that are there already are read before anything is called late.
      this.#timer ??= setInterval(() => setImmediate(() => this.#expire()), STEP_MILLISECONDS);
      promise.then(
        (value) => {
          if (this.#waiting.delete(waiting)) resolve(value);
        },
        () => {
          if (this.#waiting.delete(waiting)) resolve(otherwise(false));
        },
      );
    });
  }

  #expire(): void {
    const now = performance.now();
    for (const waiting of this.#waiting) {
      if (waiting.until > now) return;
      this.#waiting.delete(waiting);
      waiting.expire();
    }
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
