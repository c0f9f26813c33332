import { type CallRows, callRows } from './call-rows.ts';
import { type ParameterTest, parameterTest } from './parameter-test.ts';

/** Fields of the record in which an event without an error code says what came of it. */
export const TELLING_FIELDS = ['responseElements', 'additionalEventData', 'serviceEventDetails'] as const;
export type TellingField = (typeof TELLING_FIELDS)[number];

/**
 * One row of data/curated/failed-events.json: events that bear no error code, and say by a field that AWS documents, or
 * by their name, that what they tell of has failed.
 */
export type FailedEventRow = FailedEvents & (ToldByName | ToldByText | ToldByNumber);

interface FailedEvents {
  /** As the partition aws writes it. */
  readonly eventSource: string;
  /** Without a version suffix. */
  readonly events: readonly string[];
  readonly reason: string;
  readonly reference: string;
}

interface ToldByName {
  readonly field?: never;
}

interface ToldByField {
  readonly field: TellingField;
  /** Dotted path in that field. */
  readonly parameter: string;
}

interface ToldByText extends ToldByField {
  /** Text without regard to case; also for numbers and truth values. */
  readonly equals: readonly string[];
}

interface ToldByNumber extends ToldByField {
  /** For numbers, also those written as text. */
  readonly atLeast: number;
}

/** By what an event tells that it failed: `by_name` where its name says so, whatever its fields hold. */
export type FailureTest = 'by_name' | FieldTest;

export interface FieldTest {
  readonly field: TellingField;
  readonly test: ParameterTest;
  /** `undefined` where the test decides alone. */
  readonly atLeast: number | undefined;
}

/** Which events can tell of a failure, and where; whether one does, the record tells. */
export function failedEvents(rows: readonly FailedEventRow[]): CallRows<readonly FailureTest[]> {
  return callRows(rows, (known: readonly FailureTest[] = [], row) => [...known, testOf(row)]);
}

function testOf(row: FailedEventRow): FailureTest {
  if (row.field === undefined) return 'by_name';
  const { field } = row;
  return 'atLeast' in row
    ? { field, test: parameterTest({ parameter: row.parameter }), atLeast: row.atLeast }
    : { field, test: parameterTest(row), atLeast: undefined };
}
