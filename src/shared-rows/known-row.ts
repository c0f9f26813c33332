import { Generations } from '../generations.ts';

/** What the server was seen to hold of a row; `row` is absent where this release cannot read it. */
export interface Held<Row> {
  readonly head: string;
  readonly row: Row | undefined;
}

/**
 * What is known here of one row of the server. There is one of these for each key, so that an event looks a row up
 * once, however often it then asks about it.
 */
export class KnownRow<Row> {
  readonly kind: RowKind<Row>;
  readonly key: string;
  /** The stamp of its last change: changes are counted over all rows. */
  changed = 0;
  /** The number of the latest command that asks for it; 0 where it changed on the server since. */
  askedIn = 0;
  /** The watch (`RowServer.watch`) in which it was fetched, and during which nobody has changed it; 0: none. */
  watchedIn = 0;
  /** Of its kind, when it was last looked up. */
  generation: number;
  #held: Held<Row> | undefined = undefined;
  #name: string | undefined = undefined;

  constructor(kind: RowKind<Row>, key: string) {
    this.kind = kind;
    this.key = key;
    this.generation = kind.generation;
  }

  /** The key on the server. */
  get name(): string {
    this.#name ??= `${this.kind.prefix}${this.key}`;
    return this.#name;
  }

  /** Undefined where the server holds nothing as far as is known, or where this was forgotten. */
  get held(): Held<Row> | undefined {
    return this.isCurrent ? this.#held : undefined;
  }

  set held(held: Held<Row> | undefined) {
    this.#held = held;
  }

  /** False where whoever looks the row up now gets another one, which is what later changes are noted in. */
  get isCurrent(): boolean {
    return this.generation >= this.kind.generation - 1;
  }

  /** What is on its way of it, and what was fetched, may not be how it is any more. */
  unwatch(): void {
    this.askedIn = 0;
    this.watchedIn = 0;
  }

  current(): KnownRow<Row> {
    return this.isCurrent ? this : this.kind.of(this.key);
  }
}

/** The rows of one kind, by key. Bounded (see generations.ts), and what is asked for is young again. */
export class RowKind<Row> {
  readonly letter: string;
  /** Begins the keys of these rows on the server. */
  readonly prefix: string;
  readonly #rows: Generations<string, KnownRow<Row>>;

  /**
   * @param prefix of all rows on the server
   * @param most of both halves together
   */
  constructor(letter: string, prefix: string, most: number) {
    this.letter = letter;
    this.prefix = `${prefix}${letter}:`;
    this.#rows = new Generations(Math.ceil(most / 2));
  }

  get generation(): number {
    return this.#rows.number;
  }

  of(key: string): KnownRow<Row> {
    const young = this.#rows.young(key);
    if (young !== undefined) return young;
    const row = this.#rows.old(key) ?? new KnownRow(this, key);
    this.#rows.set(key, row);
    row.generation = this.#rows.number;
    return row;
  }

  /** @param name of a row that has changed on the server, as its key is there */
  unwatch(name: string): void {
    this.peek(name.slice(this.prefix.length))?.unwatch();
  }

  /** The row where there is one: does not make it young. */
  peek(key: string): KnownRow<Row> | undefined {
    return this.#rows.peek(key);
  }
}
