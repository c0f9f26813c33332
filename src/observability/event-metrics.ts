import type { Answer } from '../enrichment/enrich.ts';
import { BoundCounter, BoundPairCounter, type Metrics } from './metrics.ts';

/** Counts what was answered about events: levels, verdicts and codes, never an identity. */
export class EventMetrics {
  readonly #metrics: Metrics;
  readonly #now: () => number;
  readonly #events: BoundCounter;
  readonly #actions: BoundCounter;
  readonly #unknown: BoundCounter;
  readonly #risk: BoundCounter;
  readonly #problems: BoundCounter;
  readonly #origins: BoundPairCounter;
  readonly #verdicts: BoundCounter;
  readonly #policies: BoundCounter;
  #lag = 0;
  #evictions = 0;

  constructor(metrics: Metrics, now: () => number) {
    this.#metrics = metrics;
    this.#now = now;
    this.#events = new BoundCounter(metrics.events, 'result');
    this.#actions = new BoundCounter(metrics.actions, 'access_level');
    this.#unknown = new BoundCounter(metrics.unknownActions, 'service');
    this.#risk = new BoundCounter(metrics.riskEvents, 'level');
    this.#problems = new BoundCounter(metrics.problems, 'code');
    this.#origins = new BoundPairCounter(metrics.originLookups, 'status', 'join');
    this.#policies = new BoundCounter(metrics.policyAnalyses, 'kind');
    this.#verdicts = new BoundCounter(metrics.sourceVerdicts, 'verdict');
  }

  count(answer: Answer): void {
    if (!answer.ok) {
      this.#events.inc(answer.refusal.code);
      return;
    }
    const { action, risk, problems, origin, source_check: check, policy } = answer.enrichment;
    this.#events.inc('enriched');
    if (action.access_level !== undefined) this.#actions.inc(action.access_level);
    if (action.mapping === 'unknown') this.#unknown.inc(action.service ?? 'unknown');
    this.#risk.inc(risk.level);
    if (origin !== undefined) this.#origins.inc(origin.status, origin.join ?? 'none');
    if (policy?.analysed) this.#policies.inc(policy.kind);
    if (check !== undefined) this.#verdicts.inc(check.verdict);
    if (problems !== undefined) for (const { code } of problems) this.#problems.inc(code);
    const { eventTime } = answer.record;
    if (eventTime !== undefined) this.#lag = (this.#now() - eventTime) / 1000;
  }

  /** What is read off rather than counted is set when it is asked for, not per event. */
  refresh(memory: SessionMemory): void {
    const { eventLag, sessionEntries, sessionEvictions, warm } = this.#metrics;
    eventLag.set(this.#lag);
    sessionEntries.set(memory.entries);
    sessionEvictions.inc({ reason: 'capacity' }, memory.evictions - this.#evictions);
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
