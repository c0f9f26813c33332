import type { Deadline, Expiring } from '../shared-rows/deadlines.ts';
import type { Arrival } from '../shared-rows/gate.ts';
import type { Waiter } from '../shared-rows/row-calls.ts';
import { learnedRows, type SharedRow } from './learned-rows.ts';
import { NotedRows } from './noted-rows.ts';
import type { SessionExchange, SessionView } from './session-store.ts';
import { learnAlone, type SharedMemories } from './shared-memories.ts';

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

/**
 * What became of what the event adds: it is still to be merged in this replica's memory; it was, and something was new
 * there, or nothing; or nothing is left to do, because it is on its way to the server or there was nothing.
 */
type Learning = 'due' | 'added' | 'known' | 'done';

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

const NO_ROWS: readonly SharedRow[] = [];
const OPEN = { is: 'open' } as const;
const isHeld = (row: SharedRow): boolean => row.held !== undefined;

/**
 * One event on its way. It is read off this replica's memory first, which tells the rows that it rests on; when these
 * were fetched, and nothing of them was new, the answer stands.
 */
export class SharedEvent<Answer, Told> implements Waiter, Expiring, Arrival {
  readonly #exchange: SessionExchange;
  readonly #answerOf: (view: SessionView) => Answer;
  readonly #toldOf: (answer: Answer) => Told;
  readonly #options: SharedMemories;
  /** Noted since the event last added something. */
  readonly #noted: NotedRows;
  #learnedRows = NO_ROWS;
  /** Undefined where there is none yet, or one to be read again. */
  #reading: Reading<Answer> | undefined;
  #learning: Learning;
  #place: Place = 'outside';
  #rounds = 0;
  #deadline: Deadline | undefined;
  #outcome: Outcome<Told> = OPEN;

  /** `read` and `tell` as SessionStore is given them. */
  constructor(
    exchange: SessionExchange,
    read: (view: SessionView) => Answer,
    tell: (answer: Answer) => Told,
    options: SharedMemories,
    isCurrent: boolean,
  ) {
    this.#exchange = exchange;
    this.#answerOf = read;
    this.#toldOf = tell;
    this.#options = options;
    this.#noted = new NotedRows(options, isCurrent);
    this.#learning = exchange.learnedTime === undefined ? 'done' : 'due';
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
      this.#learnAlone();
      this.#tell(this.#answerOf(this.#options.memory));
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
    const missing = this.#noted.missing();
    if (missing.length > 0) this.#ask({ isPut: false, rows: missing });
    else if (this.#learning === 'done' || !this.#learn()) {
      this.#end();
      this.#tell(answer);
    }
  }

  /** Again only where something has changed since. */
  #read(): Reading<Answer> {
    const { rows, memory } = this.#options;
    const before = this.#reading;
    if (before !== undefined && !this.#noted.changedSince(before.stamp)) return before;
    this.#noted.renew();
    const { stamp } = rows;
    // What has expired since the last event is not there for this one, also where it learns nothing.
    memory.passTo(this.#exchange.now);
    if (this.#learning === 'due') this.#noteLearned();
    const reading = { stamp, answer: this.#answerOf(this.#noted) };
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
    const told = this.#toldOf(answer);
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
    if (this.#learning === 'due') this.#merge();
    const isKnown = this.#learning === 'known';
    this.#learning = 'done';
    // A row that the server has lost is written again, though nothing was added to it.
    if (isKnown && this.#learnedRows.every(isHeld)) return false;
    const ahead = this.#learnedRows.filter((row) => rows.isAhead(row));
    if (ahead.every((row) => this.#isAskedLater(row))) {
      for (const row of ahead) rows.put(row).catch(() => undefined);
      return false;
    }
    this.#noted.clear();
    this.#reading = undefined;
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
    const { rows } = this.#options;
    if (this.#learning === 'due') learnAlone(this.#exchange, this.#options);
    else if (this.#learning !== 'done') for (const row of this.#learnedRows) rows.putLater(row);
  }

  #merge(): void {
    this.#learning = this.#options.memory.learn(this.#exchange) ? 'added' : 'known';
  }

  #noteLearned(): void {
    this.#learnedRows = learnedRows(this.#exchange, this.#options, this.#noted);
    for (const row of this.#learnedRows) if (!this.#isAskedLater(row)) this.#noted.note(row);
    // Of rows that were seen on the server nothing can come that makes another use of this one; of others an issuance
    // may.
    if (this.#learnedRows.every(isHeld)) this.#merge();
  }

  /** `GET /sessions/{key}` alone reads this row; no answer to an event does, so that nobody waits for its write. */
  #isAskedLater(row: SharedRow): boolean {
    return row.kind === this.#options.kinds.sessionOfKey;
  }
}
