/** What runs out where it comes no further in time. */
export interface Waiting {
  /** Another number at each step, and so where it is done. */
  readonly step: number;
  /** @param since when the time began, by `performance.now()` */
  expire(since: number): void;
}

interface Entry {
  readonly waiting: Waiting;
  readonly step: number;
}

const TICK_MILLISECONDS = 5;

/**
 * One timer for all that waits for the same time at most: they run out in the order in which they came. Time is counted
 * in ticks of a timer, which do not come while this process is busy: what it has not had time to read is not late.
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

  /** From now on it has the time that all have to come to its next step. */
  add(waiting: Waiting): void {
    const last = this.#waiting.at(-1);
    const entry = { waiting, step: waiting.step };
    if (last?.tick === this.#now) last.all.push(entry);
    else this.#waiting.push({ tick: this.#now, since: performance.now(), all: [entry] });
    this.#timer ??= setInterval(() => setImmediate(() => this.#tick()), TICK_MILLISECONDS);
  }

  /** What the promise comes to, or else, where it is late or rejected, what `otherwise` says. */
  race<Value>(promise: Promise<Value>, otherwise: (lateSince: number | undefined) => Value): Promise<Value> {
    return new Promise((resolve, reject) => {
      let step = 0;
      const settle = (value: () => Value): void => {
        if (step++ > 0) return;
        try {
          resolve(value());
        } catch (error) {
          reject(error);
        }
      };
      this.add({
        get step() {
          return step;
        },
        expire: (since) => settle(() => otherwise(since)),
      });
      promise.then(
        (value) => settle(() => value),
        () => settle(() => otherwise(undefined)),
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
    for (const { waiting, step } of first.all) if (waiting.step === step) waiting.expire(first.since);
  }
}
