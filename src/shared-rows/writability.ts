/**
 * A server that is nearly full takes one write and refuses the next: it takes them again once it
 * has taken one and none was refused for so long.
 */
const REFUSING_MILLISECONDS = 10_000;

/** Whether a server that answers takes what is written, as far as was seen. */
export class Writability {
  readonly #tell: (isWritable: boolean, reason: string) => void;
  #isWritable = true;
  #refusedAt = 0;
  #hasTakenSince = true;

  /** @param tell is called when it begins to refuse, and when it takes writes again */
  constructor(tell: (isWritable: boolean, reason: string) => void) {
    this.#tell = tell;
  }

  get isWritable(): boolean {
    return this.#isWritable;
  }

  refused(reason: string): void {
    this.#refusedAt = performance.now();
    this.#hasTakenSince = false;
    if (!this.#isWritable) return;
    this.#isWritable = false;
    this.#tell(false, reason);
  }

  took(): void {
    this.#hasTakenSince = true;
  }

  /** To be called now and then: that nothing was refused for a while is no event. */
  settle(): void {
    const isQuiet = performance.now() - this.#refusedAt >= REFUSING_MILLISECONDS;
    if (this.#isWritable || !this.#hasTakenSince || !isQuiet) return;
    this.#isWritable = true;
    this.#tell(true, 'it takes what is written');
  }
}
