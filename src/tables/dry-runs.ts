import { type ParameterTest, parameterTest } from './parameter-test.ts';

/**
 * One row of data/curated/dry-runs.json: calls that by a parameter only ask what they would do, and that AWS answers as
 * a success. EC2, KMS and others answer theirs with an error code, which error-outcomes.json knows.
 */
export interface DryRunRow {
  /** As the partition aws writes it. */
  readonly eventSource: string;
  /** Without a version suffix. */
  readonly events: readonly string[];
  /** Dotted path. */
  readonly parameter: string;
  /** Text without regard to case; also for truth values. */
  readonly equals: readonly string[];
  readonly reference: string;
}

/** Which calls can be dry runs by what their parameters say; whether one is, the record tells. */
export class DryRuns {
  readonly #tests = new Map<string, ParameterTest[]>();

  constructor(rows: readonly DryRunRow[]) {
    for (const { eventSource, events, parameter, equals } of rows) {
      const test = parameterTest({ parameter, equals });
      for (const event of events) {
        const key = keyOf(eventSource, event);
        this.#tests.set(key, [...(this.#tests.get(key) ?? []), test]);
      }
    }
  }

  /** Names as KnownCalls hands them over: of the partition aws, and without a version. */
  find(eventSource: string, eventName: string): readonly ParameterTest[] | undefined {
    return this.#tests.get(keyOf(eventSource, eventName));
  }
}

function keyOf(eventSource: string, eventName: string): string {
  return `${eventSource} ${eventName}`.toLowerCase();
}
