import type { Answer } from '../enrichment/enrich.ts';
import { BoundCounter, type Metrics } from './metrics.ts';

/** Counts what was answered about events: levels, verdicts and codes, never an identity. */
export class EventMetrics {
  readonly #metrics: Metrics;
  readonly #now: () => number;
  readonly #events: BoundCounter;
  readonly #actions: BoundCounter;
  readonly #unknown: BoundCounter;
  readonly #risk: BoundCounter;
  readonly #problems: BoundCounter;
  #lag = 0;

  constructor(metrics: Metrics, now: () => number) {
    this.#metrics = metrics;
    this.#now = now;
    this.#events = new BoundCounter(metrics.events, 'result');
    this.#actions = new BoundCounter(metrics.actions, 'access_level');
    this.#unknown = new BoundCounter(metrics.unknownActions, 'service');
    this.#risk = new BoundCounter(metrics.riskEvents, 'level');
    this.#problems = new BoundCounter(metrics.problems, 'code');
  }

  count(answer: Answer): void {
    if (!answer.ok) {
      this.#events.inc(answer.refusal.code);
      return;
    }
    const { action, risk, problems } = answer.enrichment;
    this.#events.inc('enriched');
    if (action.access_level !== undefined) this.#actions.inc(action.access_level);
    if (action.mapping === 'unknown') this.#unknown.inc(action.service ?? 'unknown');
    this.#risk.inc(risk.level);
    if (problems !== undefined) for (const { code } of problems) this.#problems.inc(code);
    const { eventTime } = answer.record;
    if (eventTime !== undefined) this.#lag = (this.#now() - eventTime) / 1000;
  }

  /** Gauges are set when they are asked for, not per event. */
  refresh(): void {
    this.#metrics.eventLag.set(this.#lag);
  }
}
