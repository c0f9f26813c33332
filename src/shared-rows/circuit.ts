import { Deadlines } from './deadlines.ts';
import type { RowServer } from './row-server.ts';
import { Writability } from './writability.ts';

export interface CircuitOptions {
  readonly server: RowServer;
  /** The longest that an answer of the server may take, milliseconds. */
  readonly timeout: number;
  readonly news: CircuitNews;
}

/** What is said of the server; not for each event. */
export interface CircuitNews {
  /** At each change of state, and while it is down for each new reason. */
  changed(isUp: boolean, reason: string): void;
  /** When a server that answers begins to refuse what is written, and when it takes it again. */
  writable(isWritable: boolean, reason: string): void;
}

/** So many answers in a row, one asked for after the other, that did not come in time: one alone may be a pause. */
const MOST_TIMEOUTS = 3;
const PROBE_MILLISECONDS = 200;
/** A server that fails again within this time after it came back has to answer twice as many probes. */
const TRIAL_MILLISECONDS = 10_000;
const MOST_PROBES = 64;
/** A connection that was silent for so long is not waited for any more. */
const SILENCE_MILLISECONDS = 2000;

/**
 * Whether the server is asked at all. It opens when a connection is lost or answers are late, so that events do not
 * wait one by one for what does not come; it closes once the server answers a probe in time.
 */
export class Circuit {
  readonly #options: CircuitOptions;
  readonly #deadlines: Deadlines;
  readonly #listeners: (() => void)[] = [];
  #isUp = false;
  #isStarted = false;
  #upSince = 0;
  /** Probes still to be answered before it closes, and how many that are altogether. */
  #probesLeft = 1;
  #probesNeeded = 1;
  #timeouts = 0;
  #timedOutAt = 0;
  readonly #writability: Writability;
  /** Codes that were told of since it is down: what keeps a connection from coming back is known after it was lost. */
  readonly #toldOf = new Set<string>();
  /** Undefined before the start and after the stop. */
  #probe: NodeJS.Timeout | undefined;
  #askedAt: number | undefined;

  constructor(options: CircuitOptions) {
    this.#options = options;
    this.#deadlines = new Deadlines(options.timeout);
    this.#writability = new Writability((isWritable, reason) => options.news.writable(isWritable, reason));
    options.server.onDisconnect(() => this.failed('the connection was lost'));
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Whether the server takes what is written, as far as was seen. */
  get isWritable(): boolean {
    return this.#writability.isWritable;
  }

  /** Called at each probe that is answered in time. */
  onAnswer(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves as soon as the server answers, and after so many milliseconds in any case: a start waits for no one. */
  async start(milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds;
    this.#probe = setInterval(() => this.#ask(), PROBE_MILLISECONDS);
    this.#probe.unref();
    while (!this.#isUp && performance.now() < until) {
      this.#ask();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    if (!this.#isUp) this.#sayDown('no answer yet');
    this.#isStarted = true;
  }

  /** A connection that is closed on purpose is no news. */
  stop(): void {
    clearInterval(this.#probe);
    this.#probe = undefined;
    this.#isUp = false;
  }

  failed(reason: string): void {
    this.#timeouts = 0;
    if (!this.#isUp) return;
    this.#isUp = false;
    const isOnTrial = performance.now() - this.#upSince < TRIAL_MILLISECONDS;
    this.#probesNeeded = isOnTrial ? Math.min(MOST_PROBES, this.#probesNeeded * 2) : 1;
    this.#probesLeft = this.#probesNeeded;
    this.#sayDown(reason);
  }

  #sayDown(reason: string): void {
    const { server, news } = this.#options;
    if (server.trouble !== undefined) this.#toldOf.add(server.trouble);
    news.changed(false, server.trouble === undefined ? reason : `${reason} (${server.trouble})`);
  }

  /** Each code once, until it is up again: a client that tries by turns would fill the log. */
  #sayTrouble(): void {
    const { trouble } = this.#options.server;
    if (this.#isUp || trouble === undefined || this.#toldOf.has(trouble)) return;
    this.#sayDown('no new connection');
  }

  /** @param askedAt by `performance.now()`: many that were asked at once and are late together count once */
  timedOut(askedAt: number): void {
    if (askedAt < this.#timedOutAt) return;
    this.#timedOutAt = performance.now();
    if (++this.#timeouts >= MOST_TIMEOUTS) this.failed('answers took too long');
  }

  answered(): void {
    this.#timeouts = 0;
  }

  /** A write was refused by a server that answers: it is full, or read-only. */
  refused(reason: string): void {
    this.#writability.refused(reason);
  }

  took(): void {
    this.#writability.took();
  }

  #ask(): void {
    const { server } = this.#options;
    const now = performance.now();
    if (this.#askedAt !== undefined) {
      if (now - this.#askedAt < SILENCE_MILLISECONDS) return;
      this.#askedAt = undefined;
      this.failed('it does not answer');
      server.reconnect();
      return;
    }
    if (!server.isConnected) {
      if (this.#isStarted) this.#sayTrouble();
      return;
    }
    this.#askedAt = now;
    const answered = (isAnswer: boolean) => {
      this.#askedAt = undefined;
      return isAnswer;
    };
    const ping = server.ping().then(
      () => answered(true),
      () => answered(false),
    );
    void this.#deadlines.race(ping, () => false).then((isInTime) => this.#probed(isInTime));
  }

  #probed(isInTime: boolean): void {
    if (this.#probe === undefined) return;
    if (!isInTime) {
      this.#probesLeft = this.#probesNeeded;
      return;
    }
    if (!this.#isUp) {
      if (--this.#probesLeft > 0) return;
      this.#isUp = true;
      this.#toldOf.clear();
      this.#upSince = performance.now();
      this.#timeouts = 0;
      this.#options.news.changed(true, 'it answers');
    }
    this.#writability.settle();
    for (const listener of this.#listeners) listener();
  }
}
