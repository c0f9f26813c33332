import { type CallRows, callRows } from './call-rows.ts';
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
  readonly reason: string;
  readonly reference: string;
}

/** Which calls can be dry runs by what their parameters say; whether one is, the record tells. */
export function dryRuns(rows: readonly DryRunRow[]): CallRows<readonly ParameterTest[]> {
  return callRows(rows, (known: readonly ParameterTest[] = [], { parameter, equals }) => [
    ...known,
    parameterTest({ parameter, equals }),
  ]);
}
