import type { Circuit } from '../shared-rows/circuit.ts';
import { Deadlines } from '../shared-rows/deadlines.ts';
import type { SharedRows } from '../shared-rows/shared-rows.ts';
import type { Claim } from './claim.ts';
import type { MemoryStore, StoredRow } from './memory-store.ts';
import type { SessionFacts } from './session-facts.ts';
import { claimsKey, EARLIEST, keyOfKey, sessionRowKey } from './session-rows.ts';
import type { SessionExchange, SessionStore, SessionView } from './session-store.ts';
import { sizeOf, textsOf } from './small-set.ts';

export interface SharedStoreOptions {
  /** This replica's own memory: where rows are merged, and what answers when the others' cannot be reached. */
  readonly memory: MemoryStore;
  readonly rows: SharedRows<StoredRow>;
  readonly circuit: Circuit;
  /** The longest that an event waits for the server, milliseconds. */
  readonly timeout: number;
}

/** Requesters above a credential, as in the lineage that is told of it. */
const MOST_PARENTS = 8;
/** An answer that always looks at yet another row is not waited for; none of ours needs more than a lineage has steps. */
const MOST_ROUNDS = 24;

/**
 * The memory of several replicas. Each event takes in what the server holds of the rows that it is about, is merged in
 * this replica's memory by the same code as ever, and puts there what it added: so that a credential issued in a record
 * that one replica was given is known to all others once that record is answered.
 */
export class SharedStore implements SessionStore {
  readonly #options: SharedStoreOptions;
  readonly #deadlines: Deadlines;
  readonly #alone: SessionView;

  constructor(options: SharedStoreOptions) {
    this.#options = options;
    this.#deadlines = new Deadlines(options.timeout);
    this.#alone = new AloneView(options.memory);
  }

  exchange<Answer>(exchange: SessionExchange, read: (view: SessionView) => Answer): Answer | Promise<Answer> {
    const event = new SharedEvent(exchange, this.#options);
    const { circuit } = this.#options;
    if (!circuit.isUp) return this.#answerAlone(event, read);
    return this.#deadlines.race(event.answer(read), (isLate) => {
      if (isLate) circuit.timedOut();
      return this.#answerAlone(event, read);
    });
  }

  #answerAlone<Answer>(event: SharedEvent, read: (view: SessionView) => Answer): Answer {
    event.learnAlone();
    return read(this.#alone);
  }
}

/** Longer than any key that is ever stored: what an event says may be of any length. */
const LONGEST_ROW_KEY = 2200;
const LONGEST_ACCESS_KEY = 128;

function isKeyLong(accessKeyId: string | undefined): boolean {
  return accessKeyId !== undefined && accessKeyId.length > LONGEST_ACCESS_KEY;
}

/** One event on its way: which rows it needs, which of them were fetched, and whether it was learned. */
class SharedEvent implements SessionView {
  readonly isComplete = true;
  readonly #exchange: SessionExchange;
  readonly #memory: MemoryStore;
  readonly #rows: SharedRows<StoredRow>;
  /** Rows taken in for this event since it last added something. */
  readonly #fetched = new Set<string>();
  #missing: string[] = [];
  #isLearned: boolean;

  constructor(exchange: SessionExchange, { memory, rows }: SharedStoreOptions) {
    this.#exchange = exchange;
    this.#memory = memory;
    this.#rows = rows;
    this.#isLearned = exchange.learnedTime === undefined;
  }

  async answer<Answer>(read: (view: SessionView) => Answer): Promise<Answer> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const answer = read(this);
      if (!this.#isLearned) this.#noteLearned();
      if (this.#missing.length > 0) await this.#fetchMissing();
      else if (this.#isLearned) return answer;
      else await this.#learn();
    }
    throw new Error('an answer that looks at ever more rows');
  }

  /** Where the server cannot be asked, or not in time. What was learned waits for it. */
  learnAlone(): void {
    if (this.#isLearned) return;
    this.#isLearned = true;
    this.#memory.learn(this.#exchange);
    for (const key of this.#learnedKeys()) this.#rows.backlog.add(key);
  }

  /**
   * Who adds something reads again afterwards: of two replicas that learn two halves of a story at once, such as an
   * issuance and a use of what it issued, the later one sees both.
   */
  async #learn(): Promise<void> {
    this.#isLearned = true;
    this.#memory.learn(this.#exchange);
    const written: Promise<void>[] = [];
    for (const key of this.#learnedKeys()) {
      if (!this.#rows.isAhead(key)) continue;
      const put = this.#rows.put(key);
      // Only a question about that very key reads this, and no answer to an event.
      if (key.startsWith('k:')) put.catch(() => undefined);
      else written.push(put);
    }
    if (written.length === 0) return;
    await Promise.all(written);
    this.#fetched.clear();
  }

  async #fetchMissing(): Promise<void> {
    const missing = this.#missing;
    this.#missing = [];
    await this.#rows.fetch(missing);
  }

  #noteLearned(): void {
    for (const key of this.#learnedKeys()) if (!key.startsWith('k:')) this.#note(key);
  }

  /** The rows that learning the event may add to, as far as they are known by now. */
  #learnedKeys(): string[] {
    const { issuance, use } = this.#exchange;
    const keys = [EARLIEST];
    if (issuance !== undefined) {
      keys.push(claimsKey(issuance.subject));
      if (issuance.claim.session !== undefined) keys.push(sessionRowKey(issuance.claim.session));
      this.#addParents(keys, issuance.claim);
    }
    if (use === undefined) return keys;
    const { session } = use;
    const accessKeyId = isKeyLong(use.accessKeyId) ? undefined : use.accessKeyId;
    keys.push(sessionRowKey(session));
    if (accessKeyId !== undefined) keys.push(claimsKey(accessKeyId));
    const claims = accessKeyId === undefined ? undefined : this.#memory.claims(accessKeyId);
    if (claims !== undefined) {
      this.#addParents(keys, claims[0]);
      return keys;
    }
    if (accessKeyId !== undefined) keys.push(keyOfKey(accessKeyId));
    const facts = this.#memory.session(session);
    if (sizeOf(facts?.issued) > 0) for (const issued of textsOf(facts?.issued)) keys.push(claimsKey(issued));
    return keys;
  }

  /** Parents live as long as their children. */
  #addParents(keys: string[], claim: Claim | undefined): void {
    let parent = claim?.requester.accessKeyId;
    for (let step = 0; step < MOST_PARENTS && parent?.startsWith('ASIA') === true; step++) {
      keys.push(claimsKey(parent));
      parent = this.#memory.claims(parent)?.[0]?.requester.accessKeyId;
    }
  }

  #note(key: string): void {
    if (key.length > LONGEST_ROW_KEY || this.#fetched.has(key)) return;
    this.#fetched.add(key);
    this.#missing.push(key);
  }

  claims(subject: string): readonly Claim[] | undefined {
    this.#note(claimsKey(subject));
    return this.#memory.claims(subject);
  }

  session(key: string): SessionFacts | undefined {
    this.#note(sessionRowKey(key));
    return this.#memory.session(key);
  }

  sessionOfKey(accessKeyId: string): string | undefined {
    this.#note(keyOfKey(accessKeyId));
    return this.#memory.sessionOfKey(accessKeyId);
  }

  /** What this replica had to drop, the server still has. */
  wasEvicted(): boolean {
    return false;
  }

  get earliestLearned(): number {
    this.#note(EARLIEST);
    return this.#memory.earliestLearned;
  }
}

/** What this replica remembers by itself. */
class AloneView implements SessionView {
  readonly isComplete = false;
  readonly #memory: MemoryStore;

  constructor(memory: MemoryStore) {
    this.#memory = memory;
  }

  claims(subject: string): readonly Claim[] | undefined {
    return this.#memory.claims(subject);
  }

  session(key: string): SessionFacts | undefined {
    return this.#memory.session(key);
  }

  sessionOfKey(accessKeyId: string): string | undefined {
    return this.#memory.sessionOfKey(accessKeyId);
  }

  wasEvicted(key: string): boolean {
    return this.#memory.wasEvicted(key);
  }

  get earliestLearned(): number {
    return this.#memory.earliestLearned;
  }
}
