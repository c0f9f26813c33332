/**
 * Finds the next of something in bytes that grow at their end and are consumed from their begin, and looks at none
 * of them twice: a line of a mebibyte may be asked for its end at every few bytes of it.
 */
export class NextOf {
  readonly #what: number | Buffer;
  readonly #length: number;
  /** Bytes, up to the end, that are still to be looked at; the first of them is the last find, where there is one. */
  #ahead = 0;

  /** @param what one byte, or several */
  constructor(what: number | Buffer) {
    this.#what = what;
    this.#length = typeof what === 'number' ? 1 : what.length;
  }

  /** So many bytes were added. */
  grow(bytes: number): void {
    this.#ahead += bytes;
  }

  /** Where it stands; -1 where it does not. */
  in(bytes: Buffer): number {
    const found = bytes.indexOf(this.#what, Math.max(0, bytes.length - this.#ahead));
    this.#ahead = found === -1 ? Math.min(bytes.length, this.#length - 1) : bytes.length - found;
    return found;
  }
}
