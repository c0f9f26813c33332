import { LONGEST_WAIT_MILLISECONDS } from './connection-limits.ts';

/** Some eighty usual events, more than Logstash has under way; some 250 new connections are taken in a second. */
const SHARE_MILLISECONDS = 4;
/** Of bodies in line. Above that nothing is put off: what is not read then waits in the kernel, and in the sender. */
const MOST_BYTES = 64 * 1024 * 1024;

interface Waiting {
  readonly bytes: number;
  /** `performance.now()` when the request was read. */
  readonly head: number;
  readonly run: (isOverdue: boolean) => void;
}

/**
 * Shares each turn of the event loop between answering and everything else. libuv takes one new connection a turn,
 * and a turn reads every socket that has something: were all of it answered at once, a thousand busy connections
 * would keep a new one waiting for minutes, and no timer would run. What does not fit into a turn's share stands in
 * line, first come first served, and is told when it has stood there for too long.
 */
export class Pace {
  /** When this turn's share is used up; 0 while no turn has begun. */
  #until = 0;
  #line: Waiting[] = [];
  #first = 0;
  #bytes = 0;

  /** Requests in line. */
  get waiting(): number {
    return this.#line.length - this.#first;
  }

  /** Whether a request may be answered at once. */
  hasTime(): boolean {
    const now = performance.now();
    if (this.#until === 0) {
      this.#until = now + SHARE_MILLISECONDS;
      setImmediate(this.#nextTurn);
    }
    return (now < this.#until && this.waiting === 0) || this.#bytes > MOST_BYTES;
  }

  /** Puts a request in line; `run` is told whether it has waited for too long to be worth any work. */
  later(waiting: Waiting): void {
    this.#line.push(waiting);
    this.#bytes += waiting.bytes;
  }

  #nextTurn = (): void => {
    this.#until = performance.now() + SHARE_MILLISECONDS;
    for (let now = performance.now(); now < this.#until && this.waiting > 0; now = performance.now()) {
      const next = this.#line[this.#first++] as Waiting;
      this.#bytes -= next.bytes;
      next.run(now - next.head > LONGEST_WAIT_MILLISECONDS);
    }
    if (this.#first === this.#line.length || this.#first > 1024) {
      if (this.#first > 0) this.#line = this.#line.slice(this.#first);
      this.#first = 0;
    }
    if (this.waiting > 0) setImmediate(this.#nextTurn);
    else this.#until = 0;
  };
}
