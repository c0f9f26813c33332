import type { Claim, Issuance } from './claim.ts';
import type { SessionFacts } from './session-facts.ts';
import type { Use } from './use.ts';

/**
 * What is remembered of credentials: claims on who was given them, and rows of sessions in use.
 *
 * One event is one `exchange`: its facts are merged, and its answer is read off what is then known. A store in this
 * process answers at once; a shared one answers with a promise. All merges are minima, maxima and unions of bounded
 * sets, so that replicas and any order of delivery end in the same state.
 */
export interface SessionStore {
  /**
   * `read` only looks. A shared store calls it more than once: what it looks at tells which rows to fetch, and the
   * answer of the last call counts. `tell` is called once with that, when it stands.
   */
  exchange<Answer, Told>(
    exchange: SessionExchange,
    read: (view: SessionView) => Answer,
    tell: (answer: Answer) => Told,
  ): Told | Promise<Told>;
  /**
   * To be asked for once for many events, before they are exchanged: by then it is known which rows other replicas
   * have changed, so that most events need not wait each for itself. Undefined where there is nothing to wait for;
   * never rejected.
   */
  catchUp(): Promise<Moment> | undefined;
}

/** What is known at some time of what other replicas were told. */
export interface Moment {
  /** Exchanges that `work` begins before it returns rest on this. */
  run<Result>(work: () => Result): Result;
}

export interface SessionExchange {
  /** The service's clock, milliseconds since the epoch: it decides how long a row is kept, and nothing else. */
  readonly now: number;
  /** The event's own time; undefined where nothing of the event may be learned. */
  readonly learnedTime: number | undefined;
  /**
   * Merged before the use: an event that issues a key and uses it must not be listed as a use that waits for its
   * issuance.
   */
  readonly issuance: Issuance | undefined;
  readonly use: Use | undefined;
}

/** What an exchange reads its answer off. */
export interface SessionView {
  /** Claims on an access key or another subject of credential-key.ts, earliest first. */
  claims(subject: string): readonly Claim[] | undefined;
  session(key: string): SessionFacts | undefined;
  /** The session that an access key was seen in, where that is not the one that it was issued for. */
  sessionOfKey(accessKeyId: string): string | undefined;
  /** Whether this was known and had to make room before its time. */
  wasEvicted(subjectOrSession: string): boolean;
  /** The smallest eventTime learned: what was issued earlier cannot be known. */
  readonly earliestLearned: number;
  /** False where a shared store did not answer and this replica's own memory stands in for it. */
  readonly isComplete: boolean;
}
