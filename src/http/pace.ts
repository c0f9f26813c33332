import { Line } from '../line.ts';
import type { Moment } from '../session/session-store.ts';
import { LONGEST_WAIT_MILLISECONDS } from './connection-limits.ts';
import { LastConnections } from './last-connections.ts';
import { Vigil } from './vigil.ts';

/** Some two hundred usual events, more than Logstash has under way. */
const SHARE_MILLISECONDS = 4;
/** While connections come: libuv takes one a turn, and so some eight hundred a second. */
const SHARE_WHILE_CONNECTING = 0.5;
/** Of requests in line. Above that a turn goes on until there are fewer: what is not read then waits in the kernel. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What Node's and our objects of a request take beside its body. */
const REQUEST_BYTES = 4096;

/** A request whose body is there. */
export interface Waiting {
  /** The connection that it came over. */
  readonly connection: object;
  /** Of the body. */
  readonly bytes: number;
  /** `performance.now()` when the head was read. */
  readonly head: number;
  /**
   * Makes the answer and keeps it; never throws. False where it will be there later, when the pace is told so. Told
   * itself whether it waited for too long to be worth any work.
   */
  answer(isOverdue: boolean, pace: Pick<Pace, 'sendLater'>): boolean;
  /** Sends what `answer` made; never throws. */
  send(): void;
}

type CatchUp = () => Promise<Moment> | undefined;

const ANY_MOMENT: Moment = { run: (work) => work() };

/**
 * Divides each turn of the event loop: first every socket is read that has something, then what was read is answered,
 * then the answers are sent. Doing one thing for many requests, rather than many things for each, keeps it in the
 * processor's caches, and wakes a client once for many answers: with fifty connections it doubles what is answered
 * (docs/decisions/0005). Answering has no more than a share of a turn, since libuv takes one new connection a turn:
 * were all of it answered at once, a thousand busy connections would keep a new one waiting for minutes, and no timer
 * would run. What does not fit stands in line, first come first served, and is told when it has stood there too long.
 *
 * Where memory is shared, those in line are called up together once it is known what other replicas changed
 * (docs/decisions/0031); who comes meanwhile waits for the next call, which is made before those of this one are
 * answered.
 */
export class Pace {
  readonly #line = new Line<Waiting>();
  /** Requests that ever stood in line, those that were called up, and those that left it. */
  #joined = 0;
  #called = 0;
  #left = 0;
  #bytes = 0;
  readonly #catchUp: CatchUp;
  #isCatchingUp = false;
  #moment: Moment = ANY_MOMENT;
  #answered: Waiting[] = [];
  #isTurnSet = false;
  #isConnecting = false;
  readonly #lastConnections = new LastConnections();
  readonly #vigil: Pick<Vigil, 'begin' | 'end'>;

  /** @param catchUp is waited for once for all requests that are in line when it is called */
  constructor(catchUp: CatchUp = () => undefined, vigil: Pick<Vigil, 'begin' | 'end'> = new Vigil()) {
    this.#catchUp = catchUp;
    this.#vigil = vigil;
  }

  /** Requests in line. */
  get waiting(): number {
    return this.#line.length;
  }

  /** A connection was taken in this turn: more may stand in line. */
  connected(): void {
    this.#isConnecting = true;
  }

  join(waiting: Waiting): void {
    this.#vigil.end();
    this.#lastConnections.note(waiting.connection);
    if (this.#lastConnections.areOne && !this.#isTurnSet) {
      this.#answerNow(waiting);
      return;
    }
    this.#line.push(waiting);
    this.#joined++;
    this.#bytes += waiting.bytes + REQUEST_BYTES;
    this.#setTurn();
  }

  /** An only client has nobody to share a turn with. */
  #answerNow(waiting: Waiting): void {
    const caughtUp = this.#catchUp();
    if (caughtUp !== undefined) {
      void caughtUp.then((moment) => {
        if (moment.run(() => waiting.answer(false, this))) waiting.send();
      });
    } else if (waiting.answer(false, this)) {
      waiting.send();
      this.#vigil.begin();
    }
  }

  #setTurn(): void {
    if (this.#isTurnSet) return;
    this.#isTurnSet = true;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    this.#isTurnSet = false;
    this.#callUp();
    if (this.#isAnyoneDue) this.#moment.run(() => this.#answerShare());
    const answered = this.#answered;
    this.#answered = [];
    for (const each of answered) each.send();
    if (this.#isAnyoneDue) this.#setTurn();
    else if (answered.length > 0 && this.#mayLookOut) this.#vigil.begin();
  };

  /** Where memory is shared, the loop has Redis to wait for. */
  get #mayLookOut(): boolean {
    const isIdle = this.#line.length === 0 && this.#moment === ANY_MOMENT;
    return isIdle && this.#lastConnections.areAtMostTwo;
  }

  get #isAnyoneDue(): boolean {
    return this.#called > this.#left;
  }

  /** Before others are answered, so that what is waited for comes meanwhile. */
  #callUp(): void {
    const joined = this.#joined;
    if (this.#isCatchingUp || this.#called === joined) return;
    const caughtUp = this.#catchUp();
    if (caughtUp === undefined) {
      this.#called = joined;
      this.#moment = ANY_MOMENT;
      return;
    }
    this.#isCatchingUp = true;
    void caughtUp.then((moment) => {
      this.#isCatchingUp = false;
      this.#called = joined;
      this.#moment = moment;
      this.#setTurn();
    });
  }

  #answerShare(): void {
    let now = performance.now();
    const end = now + (this.#isConnecting ? SHARE_WHILE_CONNECTING : SHARE_MILLISECONDS);
    this.#isConnecting = false;
    for (; this.#isAnyoneDue && (now < end || this.#bytes > MOST_BYTES); now = performance.now()) {
      const next = this.#line.shift() as Waiting;
      this.#left++;
      this.#bytes -= next.bytes + REQUEST_BYTES;
      if (next.answer(now - next.head > LONGEST_WAIT_MILLISECONDS, this)) this.#answered.push(next);
    }
  }

  /** Answers that rest on the shared store come by the hundred too, with one packet of its. */
  sendLater(each: Waiting): void {
    this.#answered.push(each);
    this.#setTurn();
  }
}
