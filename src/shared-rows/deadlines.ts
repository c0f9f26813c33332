/** What runs out where it is not done in time. */
export interface Waiting {
  readonly isDone: boolean;
  expire(): void;
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
  #waiting: { readonly tick: number; readonly all: Waiting[] }[] = [];

  constructor(milliseconds: number) {
    this.#ticks = Math.ceil(milliseconds / TICK_MILLISECONDS);
  }

  add(waiting: Waiting): void {
    const last = this.#waiting.at(-1);
    if (last?.tick === this.#now) last.all.push(waiting);
    else this.#waiting.push({ tick: this.#now, all: [waiting] });
    this.#timer ??= setInterval(() => setImmediate(() => this.#tick()), TICK_MILLISECONDS);
  }

  /** What the promise comes to, or else, where it is late or rejected, what `otherwise` says. */
  race<Value>(promise: Promise<Value>, otherwise: (isLate: boolean) => Value): Promise<Value> {
    return new Promise((resolve, reject) => {
      let isDone = false;
      const settle = (value: () => Value): void => {
        if (isDone) return;
        isDone = true;
        try {
          resolve(value());
        } catch (error) {
          reject(error);
        }
      };
      this.add({
        get isDone() {
          return isDone;
        },
        expire: () => settle(() => otherwise(true)),
      });
      promise.then(
        (value) => settle(() => value),
        () => settle(() => otherwise(false)),
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
    for (const waiting of first.all) if (!waiting.isDone) waiting.expire();
  }
}
