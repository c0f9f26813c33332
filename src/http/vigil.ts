import { availableParallelism } from 'node:os';

/** Milliseconds. Logstash's http filter takes some 0.2 ms from an answer to the next request of the same worker. */
const LONGEST = 0.3;
const MOST_SKIPPED = 512;

/**
 * Waits without going to sleep for the next request of an only client, or of two. Such a client does nothing until
 * it has its answer, so its rate is one over the latency, and a process that sleeps is woken late and with cold
 * caches: half of all the time of a request (docs/decisions/0005). The core is free meanwhile, since an only client has
 * another, and two mostly do (0015). Where the next request does not come in time, the vigil is kept after ever fewer
 * answers, so that it costs next to nothing.
 */
export class Vigil {
  readonly #isPossible: boolean;
  #end = 0;
  #isKept = false;
  #hasCome = true;
  #missed = 0;
  #toSkip = 0;

  constructor(cores: number = availableParallelism()) {
    this.#isPossible = cores > 1;
  }

  get isKept(): boolean {
    return this.#isKept;
  }

  /** An answer was sent to the only client, or to one of two. */
  begin(): void {
    if (!this.#isPossible) return;
    if (this.#toSkip > 0) {
      this.#toSkip--;
      return;
    }
    this.#hasCome = false;
    this.#end = performance.now() + LONGEST;
    if (this.#isKept) return;
    this.#isKept = true;
    setImmediate(this.#look);
  }

  /** A request came, from whomever. */
  end(): void {
    this.#hasCome = true;
    if (this.#isKept) this.#missed = 0;
  }

  /** Each turn of the loop asks the sockets, and does not wait for them while an immediate is set. */
  readonly #look = (): void => {
    if (!this.#hasCome && performance.now() < this.#end) {
      setImmediate(this.#look);
      return;
    }
    this.#isKept = false;
    if (this.#hasCome) return;
    this.#missed++;
    this.#toSkip = Math.min(2 ** this.#missed, MOST_SKIPPED);
  };
}
