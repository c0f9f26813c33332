import type { Deadline, Expiring } from '../shared-rows/deadlines.ts';
import type { Arrival } from '../shared-rows/gate.ts';
import type { RowKind } from '../shared-rows/known-row.ts';
import type { Waiter } from '../shared-rows/row-calls.ts';
import type { Claim } from './claim.ts';
import { EARLIEST, learnedRows, type RowFinder, type SharedRow } from './learned-rows.ts';
import type { StoredRow } from './memory-rows.ts';
import type { SessionFacts } from './session-facts.ts';
import type { SessionExchange, SessionView } from './session-store.ts';
import { learnAlone, type SharedMemories } from './shared-memories.ts';

/** What is made of what is known. */
export interface Asker<Answer, Told> {
  readonly read: (view: SessionView) => Answer;
  readonly tell: (answer: Answer) => Told;
}

interface Reading<Answer> {
  /** Of the rows, when it was read. */
  readonly stamp: number;
  readonly answer: Answer;
}

/** What the server is asked next. */
interface Due {
  readonly isPut: boolean;
  readonly rows: readonly SharedRow[];
}

/** Where the event stands to the gate: before it, in line with what it will ask for, let in, or done. */
type Place = 'outside' | Due | 'inside' | 'left';

type Outcome<Told> =
  | { readonly is: 'open' }
  | {
      readonly is: 'awaited';
      readonly resolve: (told: Told) => void;
      readonly reject: (error: unknown) => void;
    }
  | { readonly is: 'told'; readonly told: Told };

/**
 * An answer that always looks at yet another row is not waited for; none of ours needs more than a lineage has steps.
 */
const MOST_ROUNDS = 24;
/** Longer than any key that is ever stored: what an event says may be of any length. */
const LONGEST_KEY = 2200;

const OPEN = { is: 'open' } as const;
const NO_ROWS: readonly SharedRow[] = [];
const isHeld = (row: SharedRow): boolean => row.held !== undefined;

/**
 * One event on its way. It is read off this replica's memory first, which tells the rows that it rests on; when these
 * were fetched, and nothing of them was new, the answer stands.
 */
export class SharedEvent<Answer, Told> implements SessionView, Waiter, Expiring, Arrival, RowFinder {
  readonly isComplete = true;
  readonly #exchange: SessionExchange;
  readonly #asker: Asker<Answer, Told>;
  readonly #options: SharedMemories;
  readonly #alone: SessionView;
  /** Whether all changes of rows that are watched are known that were made before this event came. */
  #isCurrent: boolean;
  /** Rows fetched for this event since it last added something, and from `#asked` on those still to fetch. */
  #rows: SharedRow[] = [];
  #asked = 0;
  #learnedRows: readonly SharedRow[] = [];
  /** Undefined where there is none yet, or one to be read again. */
  #reading: Reading<Answer> | undefined;
  /** Whether it added something to this replica's memory; undefined before it is merged there. */
  #merged: boolean | undefined;
  /** Whether what it adds is on its way to the server. */
  #isLearned: boolean;
  #place: Place = 'outside';
  #rounds = 0;
  #deadline: Deadline | undefined;
  #outcome: Outcome<Told> = OPEN;

  constructor(
    exchange: SessionExchange,
    asker: Asker<Answer, Told>,
    options: SharedMemories,
    alone: SessionView,
    isCurrent: boolean,
  ) {
    this.#exchange = exchange;
    this.#asker = asker;
    this.#options = options;
    this.#alone = alone;
    this.#isCurrent = isCurrent;
    this.#isLearned = exchange.learnedTime === undefined;
  }

  /** A promise where something has to be asked of the server. To be called once. */
  answer(): Told | Promise<Told> {
    this.#advance();
    const outcome = this.#outcome;
    if (outcome.is === 'told') return outcome.told;
    return new Promise((resolve, reject) => {
      this.#outcome = { is: 'awaited', resolve, reject };
    });
  }

  /** Called when the rows asked for are there. */
  proceed(): void {
    if (this.#isDone) return;
    this.#deadline?.met();
    if (++this.#rounds > MOST_ROUNDS) {
      this.fail();
      return;
    }
    try {
      this.#advance();
    } catch (error) {
      this.#end();
      this.#throw(error);
    }
  }

  /** The server did not answer; `expire`: not in time. */
  fail(): void {
    if (this.#isDone) return;
    this.#end();
    try {
      if (!this.#isLearned) this.#learnAlone();
      this.#tell(this.#asker.read(this.#alone));
    } catch (error) {
      this.#throw(error);
    }
  }

  expire(since: number): void {
    this.#options.circuit.timedOut(since);
    this.fail();
  }

  #advance(): void {
    const { answer } = this.#read();
    const missing = this.#missing();
    if (missing.length > 0) this.#ask({ isPut: false, rows: missing });
    else if (this.#isLearned || !this.#learn()) {
      this.#end();
      this.#tell(answer);
    }
  }

  /** Again only where something has changed since. */
  #read(): Reading<Answer> {
    const { rows, memory } = this.#options;
    const before = this.#reading;
    if (before !== undefined && !rows.changedSince(before.stamp, this.#rows)) return before;
    if (this.#rows.length > 0) this.#rows = this.#rows.map((row) => row.current());
    const { stamp } = rows;
    // What has expired since the last event is not there for this one, also where it learns nothing.
    memory.passTo(this.#exchange.now);
    if (!this.#isLearned) this.#noteLearned();
    const reading = { stamp, answer: this.#asker.read(this) };
    this.#reading = reading;
    return reading;
  }

  #ask(due: Due): void {
    if (this.#place === 'inside' || this.#options.gate.enter(this)) this.#askNow(due);
    else this.#place = due;
  }

  entered(): void {
    const due = this.#place;
    if (typeof due === 'object') this.#askNow(due);
  }

  /** Its time begins here: to wait for its turn tells nothing of the server. */
  #askNow({ isPut, rows: about }: Due): void {
    const { rows, deadlines, circuit } = this.#options;
    this.#place = 'inside';
    if (!circuit.isUp) {
      if (isPut) for (const row of about) rows.putLater(row);
      this.fail();
      return;
    }
    this.#deadline = deadlines.add(this);
    if (isPut) this.#put(about);
    else rows.fetch(about, this);
  }

  /** Those of its rows that have to be asked for. */
  #missing(): readonly SharedRow[] {
    const all = this.#rows;
    const asked = this.#asked;
    if (asked === all.length) return NO_ROWS;
    this.#asked = all.length;
    if (!this.#isCurrent) return asked === 0 ? all : all.slice(asked);
    const { rows } = this.#options;
    return all.filter((row, i) => i >= asked && !rows.isWatched(row));
  }

  get #isDone(): boolean {
    return this.#place === 'left';
  }

  #end(): void {
    this.#deadline?.met();
    const wasInside = this.#place === 'inside';
    this.#place = 'left';
    if (wasInside) this.#options.gate.leave();
  }

  #tell(answer: Answer): void {
    const told = this.#asker.tell(answer);
    if (this.#outcome.is === 'awaited') this.#outcome.resolve(told);
    else this.#outcome = { is: 'told', told };
  }

  /** Where nobody waits yet, to who asks. */
  #throw(error: unknown): void {
    if (this.#outcome.is !== 'awaited') throw error;
    this.#outcome.reject(error);
  }

  /**
   * False where the event adds nothing. Who adds something reads again afterwards: of two replicas that learn two
   * halves of a story at once, such as an issuance and a use of what it issued, the later one sees both.
   */
  #learn(): boolean {
    const { rows } = this.#options;
    this.#isLearned = true;
    // A row that the server has lost is written again, though nothing was added to it.
    if (!this.#merge() && this.#learnedRows.every(isHeld)) return false;
    const ahead = this.#learnedRows.filter((row) => rows.isAhead(row));
    if (ahead.every((row) => this.#isAskedLater(row))) {
      for (const row of ahead) rows.put(row).catch(() => undefined);
      return false;
    }
    this.#rows = [];
    this.#asked = 0;
    this.#reading = undefined;
    this.#isCurrent = false;
    this.#ask({ isPut: true, rows: ahead });
    return true;
  }

  #put(ahead: readonly SharedRow[]): void {
    const written: Promise<void>[] = [];
    for (const row of ahead) {
      const put = this.#options.rows.put(row);
      if (this.#isAskedLater(row)) put.catch(() => undefined);
      else written.push(put);
    }
    Promise.all(written).then(
      () => this.proceed(),
      () => this.fail(),
    );
  }

  #learnAlone(): void {
    if (this.#merged === undefined) learnAlone(this.#exchange, this.#options);
    else for (const row of this.#learnedRows) this.#options.rows.putLater(row);
  }

  #merge(): boolean {
    this.#merged ??= this.#options.memory.learn(this.#exchange);
    return this.#merged;
  }

  #noteLearned(): void {
    if (this.#merged !== undefined) return;
    this.#learnedRows = learnedRows(this.#exchange, this.#options, this);
    for (const row of this.#learnedRows) if (!this.#isAskedLater(row)) this.#note(row);
    // Of rows that were seen on the server nothing can come that makes another use of this one; of others an issuance
    // may.
    if (this.#learnedRows.every(isHeld)) this.#merge();
  }

  /** Where a key was seen is told to who asks about that very key, and no answer to an event rests on it. */
  #isAskedLater(row: SharedRow): boolean {
    return row.kind === this.#options.kinds.sessionOfKey;
  }

  /** Those of this event are few, and at hand. */
  rowOf(kind: RowKind<StoredRow>, key: string): SharedRow {
    const rows = this.#rows;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as SharedRow;
      if (row.kind === kind && row.key === key) return row;
    }
    return kind.of(key);
  }

  #noteKey(kind: RowKind<StoredRow>, key: string): void {
    if (key.length <= LONGEST_KEY) this.#note(this.rowOf(kind, key));
  }

  #note(row: SharedRow): void {
    if (!this.#rows.includes(row)) this.#rows.push(row);
  }

  claims(subject: string): readonly Claim[] | undefined {
    this.#noteKey(this.#options.kinds.claims, subject);
    return this.#options.memory.claims(subject);
  }

  session(key: string): SessionFacts | undefined {
    this.#noteKey(this.#options.kinds.session, key);
    return this.#options.memory.session(key);
  }

  sessionOfKey(accessKeyId: string): string | undefined {
    this.#noteKey(this.#options.kinds.sessionOfKey, accessKeyId);
    return this.#options.memory.sessionOfKey(accessKeyId);
  }

  /** What this replica had to drop, the server still has. */
  wasEvicted(): boolean {
    return false;
  }

  get earliestLearned(): number {
    this.#noteKey(this.#options.kinds.earliest, EARLIEST);
    return this.#options.memory.earliestLearned;
  }
}
