import { RISK_LEVELS, type RiskLevel } from '../tables/risk-table.ts';

export type LevelCounts = Record<RiskLevel, number>;

export const noCounts = (): LevelCounts => ({ none: 0, low: 0, medium: 0, high: 0, critical: 0 });

export interface TimeBin extends LevelCounts {
  /** Milliseconds since the epoch. */
  readonly start: number;
}

/** Widths that people count in; each is a multiple of the one before it, so that bins can be merged. */
const WIDTHS = [1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400, 604_800, 2_419_200, 29_030_400].map(
  (seconds) => seconds * 1000,
);
const MOST_BINS = 160;

/**
 * Events by time and level, in at most 160 bins whatever the span: where more are needed, the bins become wider. The
 * span need not be known beforehand. Events without a time are counted apart.
 */
export class TimeBins {
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  #bins = new Map<number, LevelCounts>();
  #width = 0;
  withoutTime = 0;

  /** Width of a bin in milliseconds. */
  get width(): number {
    return WIDTHS[this.#width] as number;
  }

  add(time: number | undefined, level: RiskLevel): void {
    if (time === undefined) {
      this.withoutTime++;
      return;
    }
    this.#binAt(time)[level]++;
    while (this.#span() > MOST_BINS && this.#width < WIDTHS.length - 1) this.#widen();
  }

  /** All bins from the first to the last, empty ones too. */
  bins(): readonly TimeBin[] {
    const keys = [...this.#bins.keys()];
    if (keys.length === 0) return [];
    const first = Math.min(...keys);
    // An impossible time, such as one of the year 9999, leaves a gap that no chart can show: then only what is there.
    const count = Math.min(this.#span(), MOST_BINS);
    const all = Array.from({ length: count }, (_, index) => first + index);
    const shown = this.#span() > MOST_BINS ? keys.toSorted((a, b) => a - b).slice(0, MOST_BINS) : all;
    return shown.map((key) => ({ start: key * this.width, ...(this.#bins.get(key) ?? noCounts()) }));
  }

  #binAt(time: number): LevelCounts {
    const key = Math.floor(time / this.width);
    const known = this.#bins.get(key);
    if (known !== undefined) return known;
    const made = noCounts();
    this.#bins.set(key, made);
    this.#first = Math.min(this.#first, key);
    this.#last = Math.max(this.#last, key);
    return made;
  }

  #span(): number {
    return this.#last - this.#first + 1;
  }

  #widen(): void {
    const narrow = this.#bins;
    const before = this.width;
    this.#width++;
    this.#bins = new Map();
    this.#first = Number.POSITIVE_INFINITY;
    this.#last = Number.NEGATIVE_INFINITY;
    for (const [key, counts] of narrow) {
      const wide = this.#binAt(key * before);
      for (const level of RISK_LEVELS) wide[level] += counts[level];
    }
  }
}
