import type { IncomingMessage } from 'node:http';
import { type Answer, type EnrichmentContext, enrich } from '../enrichment/enrich.ts';
import { stringifyEnrichment } from '../enrichment/stringify-enrichment.ts';
import { REFUSALS, type RefusalCode } from '../errors.ts';
import type { ParsedRecord } from '../event/parse-record.ts';
import { RETRY_AFTER_SECONDS } from './connection-limits.ts';
import { logFailure } from './log-failure.ts';
import type { Pace, Waiting } from './pace.ts';
import { PROBLEM_TYPE, problemDocument } from './problem-document.ts';
import { headOf } from './request-head.ts';
import type { ServiceContext } from './service-context.ts';

/** What /enrich writes, whichever way a request came in. */
export interface EnrichAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  /** Seconds, for Retry-After. */
  readonly retryAfter?: number;
}

/** Logstash parses an answer only where its type is application/json to the letter, and cannot do without one. */
const ENRICHMENT_TYPE = 'application/json; charset=utf-8';

/** A request to /enrich, from its body to its answer: all but how the bytes come in and go out. */
export abstract class EnrichExchange implements Waiting {
  protected readonly context: ServiceContext;
  readonly #enrichment: EnrichmentContext;
  readonly #wasLate: boolean;
  #found: Answer | undefined;
  #answer: EnrichAnswer | undefined;

  abstract readonly bytes: number;
  readonly head: number;
  readonly connection: object;

  constructor(request: IncomingMessage, context: ServiceContext, enrichment: EnrichmentContext) {
    this.context = context;
    this.#enrichment = enrichment;
    this.head = headOf(request);
    this.connection = request.socket;
    this.#wasLate = context.backlog.isOverdue(this.head);
  }

  protected abstract parsed(): ParsedRecord;
  protected abstract write(answer: EnrichAnswer): void;

  answer(isOverdue: boolean, pace: Pick<Pace, 'sendLater'>): boolean {
    if (isOverdue || this.#wasLate) {
      this.#refuseOverdue();
      return true;
    }
    try {
      const found = enrich(this.parsed(), this.#enrichment);
      if (found instanceof Promise) {
        this.#keepLate(found, pace);
        return false;
      }
      this.#keep(found);
    } catch (error) {
      this.#fail(error as Error);
    }
    return true;
  }

  /** What is counted is counted behind the caller's back, who waits for nothing else. */
  send(): void {
    const answer = this.#answer as EnrichAnswer;
    try {
      this.write(answer);
    } catch (error) {
      // Others wait for their answers behind this one.
      logFailure(error as Error, this.context.log);
    }
    this.context.requestMeter.route('/enrich').answered(answer.status, this.head);
    if (this.#found !== undefined) this.context.eventMetrics.count(this.#found);
    // Whoever holds the request until the next one comes is not to hold its answer.
    this.#found = undefined;
    this.#answer = undefined;
  }

  #keepLate(late: Promise<Answer>, pace: Pick<Pace, 'sendLater'>): void {
    const keep = (found: Answer): void => {
      this.#keep(found);
      pace.sendLater(this);
    };
    const fail = (error: Error): void => {
      this.#fail(error);
      pace.sendLater(this);
    };
    late.then(keep).catch(fail);
  }

  #keep(found: Answer): void {
    this.#answer = answerOf(found);
    this.#found = found;
  }

  #refuseOverdue(): void {
    this.context.metrics.overloadRefusals.inc({ reason: 'backlog' });
    this.#answer = { ...problemAnswer('overloaded'), retryAfter: RETRY_AFTER_SECONDS };
  }

  #fail(error: Error): void {
    logFailure(error, this.context.log);
    this.#answer = problemAnswer('internal');
  }
}

function answerOf(found: Answer): EnrichAnswer {
  if (!found.ok) return problemAnswer(found.refusal.code, found.refusal.path);
  return { status: 200, type: ENRICHMENT_TYPE, body: stringifyEnrichment(found) };
}

function problemAnswer(code: RefusalCode, path?: string): EnrichAnswer {
  const body = JSON.stringify(problemDocument(code, path));
  return { status: REFUSALS[code].status, type: PROBLEM_TYPE, body };
}
