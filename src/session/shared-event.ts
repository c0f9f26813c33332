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

/** Who waits for the answer. */
interface Recipient<Told> {
  readonly resolve: (told: Told) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * An answer that always looks at yet another row is not waited for; none of ours needs more than a lineage has steps.
 */
const MOST_ROUNDS = 24;
/** Longer than any key that is ever stored: what an event says may be of any length. */
const LONGEST_KEY = 2200;

const NO_ROWS: readonly SharedRow[] = [];
const isHeld = (row: SharedRow): boolean => row.held !== undefined;

/**
 * One event on its way. It is read off this replica's memory first, which tells the rows that it rests on; when these
 * were fetched, and nothing of them was new, the answer stands.
 */
export class SharedEvent<Answer, Told> implements SessionView, Waiter, Expiring, Arrival, RowFinder {
  readonly isComplete = true;
  #isDone = false;
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
  #answer: Answer | undefined;
  /** When the answer was read; none yet, or one to be read again, is undefined. */
  #stamp: number | undefined;
  /** Whether it added something to this replica's memory; undefined before it is merged there. */
  #merged: boolean | undefined;
  /** Whether what it adds is on its way to the server. */
  #isLearned: boolean;
  /** What the server is asked once this event is let in: rows to fetch, or to put where it has learned. */
  #asking: readonly SharedRow[] = NO_ROWS;
  #isPutDue = false;
  #hasEntered = false;
  #rounds = 0;
  #deadline: Deadline | undefined;
  #told: Told | undefined;
  #recipient: Recipient<Told> | undefined;

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
    if (this.#isDone) return this.#told as Told;
    return new Promise((resolve, reject) => {
      this.#recipient = { resolve, reject };
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
      this.#recipient?.reject(error);
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
      this.#recipient?.reject(error);
    }
  }

  expire(since: number): void {
    this.#options.circuit.timedOut(since);
    this.fail();
  }

  #advance(): void {
    const { rows, memory } = this.#options;
    if (this.#stamp === undefined || rows.changedSince(this.#stamp, this.#rows)) {
      if (this.#rows.length > 0) this.#rows = this.#rows.map((row) => row.current());
      this.#stamp = rows.stamp;
      // What has expired since the last event is not there for this one, also where it learns nothing.
      memory.passTo(this.#exchange.now);
      if (!this.#isLearned) this.#noteLearned();
      this.#answer = this.#asker.read(this);
    }
    const missing = this.#missing();
    if (missing.length > 0) this.#ask(missing);
    else if (this.#isLearned || !this.#learn()) this.#finish();
  }

  #ask(about: readonly SharedRow[]): void {
    this.#asking = about;
    if (this.#hasEntered || this.#options.gate.enter(this)) this.entered();
  }

  /** Its time begins here: to wait for its turn tells nothing of the server. */
  entered(): void {
    const { rows, deadlines, circuit } = this.#options;
    this.#hasEntered = true;
    const asking = this.#asking;
    const isPut = this.#isPutDue;
    this.#isPutDue = false;
    if (!circuit.isUp) {
      if (isPut) for (const row of asking) rows.putLater(row);
      this.fail();
      return;
    }
    this.#deadline = deadlines.add(this);
    if (isPut) this.#put(asking);
    else rows.fetch(asking, this);
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

  #end(): void {
    this.#isDone = true;
    this.#deadline?.met();
    if (this.#hasEntered) this.#options.gate.leave();
  }

  #finish(): void {
    this.#end();
    this.#tell(this.#answer as Answer);
  }

  #tell(answer: Answer): void {
    const told = this.#asker.tell(answer);
    if (this.#recipient === undefined) this.#told = told;
    else this.#recipient.resolve(told);
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
    this.#stamp = undefined;
    this.#isCurrent = false;
    this.#isPutDue = true;
    this.#ask(ahead);
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
