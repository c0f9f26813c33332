import { LONGEST_WAIT_MILLISECONDS } from './connection-limits.ts';

/**
 * Knows since when the event loop has been busy with one turn: a request that is only read now has waited as long in
 * the kernel. Being slow is better than refusing, since Logstash repeats nothing; but it waits no longer than 10 s,
 * and work for a client that has gone would make all others wait longer still.
 */
export class Backlog {
  #lastTurn = performance.now();
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.turn(performance.now()), 100);
    this.#timer.unref();
  }

  turn(now: number): void {
    this.#lastTurn = now;
  }

  /** @param head when the request was read, by `performance.now()` */
  isOverdue(head: number): boolean {
    return head - this.#lastTurn > LONGEST_WAIT_MILLISECONDS;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
