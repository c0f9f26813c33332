import type { Metrics } from './metrics.ts';

/** What a store that replicas share says of itself. */
export interface SharedStoreFacts {
  /** Whether events are answered with what all replicas know. */
  readonly isUp: boolean;
  /** Whether the store takes what is written. */
  readonly isWritable: boolean;
  /** Whether the store tells which rows change, so that not each has to be asked for. */
  readonly isWatching: boolean;
  /** Rows that wait to be written. */
  readonly queued: number;
  /** Rows that were given up because too many waited, since the start. */
  readonly dropped: number;
}

/** Read off when metrics are asked for. A process that is alone is its own store, and always up. */
export class StoreMetrics {
  readonly #metrics: Metrics;
  #dropped = 0;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  refresh(shared: SharedStoreFacts | undefined): void {
    const { storeUp, storeWritable, storeWatching, storeQueue, storeDropped } = this.#metrics;
    storeUp.set(shared === undefined || shared.isUp ? 1 : 0);
    storeWritable.set(shared === undefined || shared.isWritable ? 1 : 0);
    storeWatching.set(shared?.isWatching === true ? 1 : 0);
    storeQueue.set(shared?.queued ?? 0);
    storeDropped.inc((shared?.dropped ?? 0) - this.#dropped);
    this.#dropped = shared?.dropped ?? 0;
  }
}
