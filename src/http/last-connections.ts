/** So many requests in a row over one connection, or over the same two, and they are taken for those of all clients. */
const SURE_AFTER = 16;

/** Which connections the last requests came over: one or two are Logstash with as many workers. */
export class LastConnections {
  #last: object | undefined;
  #other: object | undefined;
  #ofOne = 0;
  #ofTwo = 0;

  note(connection: object): void {
    if (connection === this.#last) {
      this.#ofOne++;
      this.#ofTwo++;
      return;
    }
    this.#ofOne = 0;
    this.#ofTwo = connection === this.#other ? this.#ofTwo + 1 : 0;
    this.#other = this.#last;
    this.#last = connection;
  }

  get areOne(): boolean {
    return this.#ofOne >= SURE_AFTER;
  }

  get areAtMostTwo(): boolean {
    return this.#ofTwo >= SURE_AFTER;
  }
}
