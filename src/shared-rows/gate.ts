import { Line } from '../line.ts';

/** Who asks to be let in. */
export interface Arrival {
  /** Called when it is let in after it stood in line; never throws. */
  entered(): void;
}

/** Lets in so many at once; the others stand in line, first come first served. */
export class Gate {
  readonly #most: number;
  #inside = 0;
  readonly #line = new Line<Arrival>();
  #isCalling = false;

  constructor(most: number) {
    this.#most = most;
  }

  /** True where there is room; otherwise it is told later. */
  enter(arrival: Arrival): boolean {
    if (this.#inside < this.#most && this.#line.length === 0) {
      this.#inside++;
      return true;
    }
    this.#line.push(arrival);
    return false;
  }

  /** To be called once for each that was let in; who leaves as soon as it is let in makes room for the next in line. */
  leave(): void {
    this.#inside--;
    if (this.#isCalling) return;
    this.#isCalling = true;
    try {
      this.#callIn();
    } finally {
      // One that throws all the same must not shut out whoever stands behind it: nobody in line has a deadline.
      this.#isCalling = false;
    }
  }

  #callIn(): void {
    while (this.#inside < this.#most) {
      const next = this.#line.shift();
      if (next === undefined) return;
      this.#inside++;
      next.entered();
    }
  }
}
