import { type CallRows, callRows } from './call-rows.ts';
import { type ParameterTest, parameterTest } from './parameter-test.ts';

/** Fields of the record in which an event without an error code says what came of it. */
export const TELLING_FIELDS = ['responseElements', 'additionalEventData', 'serviceEventDetails'] as const;
export type TellingField = (typeof TELLING_FIELDS)[number];

/**
 * One row of data/curated/failed-events.json: events that bear no error code, and say by a field that AWS documents, or
 * by their name, that what they tell of has failed.
 */
export interface FailedEventRow {
  /** As the partition aws writes it. */
  readonly eventSource: string;
  /** Without a version suffix. */
  readonly events: readonly string[];
  /** Left out, with what follows: the name itself says it. */
  readonly field?: TellingField;
  /** Dotted path in that field. */
  readonly parameter?: string;
  /** Text without regard to case; also for numbers and truth values. */
  readonly equals?: readonly string[];
  /** In place of `equals`: for numbers, also those written as text. */
  readonly atLeast?: number;
  readonly reference: string;
}

/** `undefined`: the name of the event itself says that it failed. */
export interface FailureTest {
  readonly field: TellingField;
  readonly test: ParameterTest;
  /** `undefined` where the test decides alone. */
  readonly atLeast: number | undefined;
}

/** Which events can tell of a failure, and where; whether one does, the record tells. */
export function failedEvents(
  rows: readonly FailedEventRow[],
): CallRows<readonly (FailureTest | undefined)[]> {
  return callRows(rows, (known: readonly (FailureTest | undefined)[] = [], row) => [...known, testOf(row)]);
}

function testOf({ field, parameter, equals = [], atLeast }: FailedEventRow): FailureTest | undefined {
  if (field === undefined || parameter === undefined) return undefined;
  return { field, test: parameterTest({ parameter, equals }), atLeast };
}
