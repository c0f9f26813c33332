import type { Answer } from '../enrichment/enrich.ts';
import type { Metrics } from './metrics.ts';
import { type Counted, PairTally, Tally } from './tally.ts';

/** Counts what was answered about events: levels, verdicts and codes, never an identity. */
export class EventMetrics {
  readonly #metrics: Metrics;
  readonly #now: () => number;
  readonly #events: Tally;
  readonly #actions: Tally;
  readonly #unknown: Tally;
  readonly #risk: Tally;
  readonly #problems: Tally;
  readonly #origins: PairTally;
  readonly #verdicts: Tally;
  readonly #policies: Tally;
  readonly #tallies: (Tally | PairTally)[] = [];
  /** Of the last event since the last refresh: a lag that grew while no event comes would tell of a quiet account. */
  #lastEventTime: number | undefined;
  #evictions = 0;

  constructor(metrics: Metrics, now: () => number) {
    this.#metrics = metrics;
    this.#now = now;
    this.#events = this.#tally(metrics.events, 'result');
    this.#actions = this.#tally(metrics.actions, 'access_level');
    this.#unknown = this.#tally(metrics.unknownActions, 'service');
    this.#risk = this.#tally(metrics.riskEvents, 'level');
    this.#problems = this.#tally(metrics.problems, 'code');
    this.#origins = new PairTally(metrics.originLookups, 'status', 'join');
    this.#tallies.push(this.#origins);
    this.#policies = this.#tally(metrics.policyAnalyses, 'kind');
    this.#verdicts = this.#tally(metrics.sourceVerdicts, 'verdict');
  }

  #tally(counter: Counted, label: string): Tally {
    const tally = new Tally(counter, label);
    this.#tallies.push(tally);
    return tally;
  }

  count(answer: Answer): void {
    if (!answer.ok) {
      this.#events.add(answer.refusal.code);
      return;
    }
    const { action, risk, problems, origin, source_check: check, policy } = answer.enrichment;
    this.#events.add('enriched');
    if (action.access_level !== undefined) this.#actions.add(action.access_level);
    if (action.mapping === 'unknown') this.#unknown.add(action.service ?? 'unknown');
    this.#risk.add(risk.level);
    if (origin !== undefined) this.#origins.add(origin.status, origin.join ?? 'none');
    if (policy?.analysed) this.#policies.add(policy.kind);
    if (check !== undefined) this.#verdicts.add(check.verdict);
    if (problems !== undefined) for (const { code } of problems) this.#problems.add(code);
    this.#lastEventTime = answer.record.eventTime ?? this.#lastEventTime;
  }

  /** What is read off rather than counted is set when it is asked for, not per event. */
  refresh(memory: SessionMemory, isShared: boolean): void {
    for (const tally of this.#tallies) tally.flush();
    const { eventLag, sessionEntries, sessionEvictions, warm } = this.#metrics;
    if (this.#lastEventTime !== undefined) eventLag.set((this.#now() - this.#lastEventTime) / 1000);
    this.#lastEventTime = undefined;
    sessionEntries.set(memory.entries);
    // What others hold too was not lost.
    const reason = isShared ? 'cache' : 'capacity';
    sessionEvictions.inc({ reason }, memory.evictions - this.#evictions);
    this.#evictions = memory.evictions;
    warm.set(this.#now() - memory.earliestLearned >= LONGEST_ROLE_SESSION ? 1 : 0);
  }
}

/** What the memory of credentials says of itself. */
export interface SessionMemory {
  readonly entries: number;
  readonly evictions: number;
  /** Milliseconds since the epoch of the earliest event learned. */
  readonly earliestLearned: number;
}

/** STS API reference, AssumeRole, DurationSeconds: at most twelve hours. */
const LONGEST_ROLE_SESSION = 12 * 3_600_000;
