/**
 * For each place. Whoever finds so many before it has its turn in time only where they are done in a sixth of a second
 * each, and holds its connection meanwhile.
 */
const MOST_IN_LINE = 50;

/**
 * Lets so many through at once; the others wait for their turn, in order, and are turned away when it does not come in
 * time. The line itself is bounded: who comes when it is full is turned away at once.
 */
export class Turnstile {
  readonly #most: number;
  readonly #longestWait: number;
  readonly #line: (() => void)[] = [];
  #inside = 0;

  /** @param longestWait milliseconds */
  constructor(most: number, longestWait: number) {
    this.#most = most;
    this.#longestWait = longestWait;
  }

  get inside(): number {
    return this.#inside;
  }

  get waiting(): number {
    return this.#line.length;
  }

  /** The way out, to be called once; `undefined` where the turn did not come. */
  async enter(): Promise<(() => void) | undefined> {
    if (this.#inside < this.#most) this.#inside++;
    else if (!(await this.#waited())) return undefined;
    let isOut = false;
    return () => {
      if (isOut) return;
      isOut = true;
      const next = this.#line.shift();
      // The place is handed over, so that nobody who comes in between takes it.
      if (next === undefined) this.#inside--;
      else next();
    };
  }

  #waited(): Promise<boolean> {
    if (this.#line.length >= MOST_IN_LINE * this.#most) return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const next = () => {
      clearTimeout(timer);
      resolve(true);
    };
    const timer = setTimeout(() => {
      this.#line.splice(this.#line.indexOf(next), 1);
      resolve(false);
    }, this.#longestWait);
    this.#line.push(next);
    return promise;
  }
}
