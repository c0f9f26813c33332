import type { Histogram } from 'prom-client';
import type { Metrics } from './metrics.ts';
import { Tally } from './tally.ts';

const TIMES_AT_ONCE = 128;

/** Counts and times the answers of one route, by its pattern: paths made up by callers add no label. */
class RouteMeter {
  readonly #codes: Tally;
  readonly #timer: Histogram.Internal<'route'>;
  /** Seconds, yet to be observed: one by one they would cost a fiftieth of a request each. */
  readonly #times = new Float64Array(TIMES_AT_ONCE);
  #timed = 0;

  constructor(metrics: Metrics, route: string) {
    this.#codes = new Tally(
      { inc: (labels, count) => metrics.requests.inc({ route, ...labels }, count) },
      'code',
    );
    this.#timer = metrics.duration.labels({ route });
  }

  /** @param began `performance.now()` at the head of the request */
  answered(code: number, began: number): void {
    this.#codes.add(code === 200 ? '200' : String(code));
    this.#times[this.#timed++] = (performance.now() - began) / 1000;
    if (this.#timed === TIMES_AT_ONCE) this.#observe();
  }

  #observe(): void {
    for (const seconds of this.#times.subarray(0, this.#timed)) this.#timer.observe(seconds);
    this.#timed = 0;
  }

  flush(): void {
    this.#codes.flush();
    this.#observe();
  }
}

/** The meters of all routes. */
export class RequestMeter {
  readonly #metrics: Metrics;
  readonly #routes = new Map<string, RouteMeter>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  route(pattern: string): RouteMeter {
    let meter = this.#routes.get(pattern);
    if (meter === undefined) {
      meter = new RouteMeter(this.#metrics, pattern);
      this.#routes.set(pattern, meter);
    }
    return meter;
  }

  flush(): void {
    for (const meter of this.#routes.values()) meter.flush();
  }
}
