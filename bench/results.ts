import type { Measure } from './measure.ts';

/** The last run of one bench. */
export interface BenchRun {
  /** As `npm run bench -- NAME` calls it. */
  readonly bench: string;
  /** YYYY-MM-DD */
  readonly date: string;
  readonly node: string;
  readonly machine: string;
  readonly measures: readonly Measure[];
}

/** What was known with the new runs in the place of their own; what did not run, or failed, stays as it was. */
export function withRuns(
  known: readonly BenchRun[],
  fresh: readonly BenchRun[],
  order: readonly string[],
): readonly BenchRun[] {
  const runs = new Map([...known, ...fresh].map((run) => [run.bench, run]));
  return order.flatMap((bench) => runs.get(bench) ?? []);
}
