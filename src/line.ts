/** So many places of those who have left are kept before the line is cut: each cut copies it. */
const MOST_LEFT = 1024;

/** First come first served. Who has left is not held: what is answered must not outlive the young generation. */
export class Line<Waiting extends object> {
  #all: (Waiting | undefined)[] = [];
  #first = 0;

  get length(): number {
    return this.#all.length - this.#first;
  }

  push(waiting: Waiting): void {
    this.#all.push(waiting);
  }

  shift(): Waiting | undefined {
    const next = this.#all[this.#first];
    if (next === undefined) return undefined;
    this.#all[this.#first++] = undefined;
    if (this.#first === this.#all.length || this.#first > MOST_LEFT) {
      this.#all = this.#all.slice(this.#first);
      this.#first = 0;
    }
    return next;
  }
}
