import { type CallRows, callRows } from './call-rows.ts';
import {
  type ParameterPath,
  type ParameterTest,
  type ParameterTestRow,
  parameterPath,
  parameterTest,
} from './parameter-test.ts';

/**
 * One row of data/curated/harmless-calls.json: calls that can do harm, and by their parameters set up or keep
 * what they could have ended, or give nothing to anyone.
 */
export interface HarmlessCallRow {
  /** As the partition aws writes it. */
  readonly eventSource: string;
  /** Without a version suffix. */
  readonly events: readonly string[];
  /**
   * Each must be given, unless it is `optional`, and hold for all values at its place. One is given, unless `by` is
   * there.
   */
  readonly tests?: readonly (ParameterTestRow & { readonly optional?: true })[];
  /** Dotted paths of the parameters that may say anything, with all below them. What no path names is not harmless. */
  readonly aside: readonly string[];
  /** Where given: only calls that a service makes in a session of its own role. */
  readonly by?: ServiceCaller;
  readonly reason: string;
  readonly reference: string;
}

export interface ServiceCaller {
  /** userIdentity.invokedBy */
  readonly invokedBy: string;
  /** What stands in the ARN of the session's role after the account: one of these. */
  readonly roles: readonly string[];
}

export interface HarmlessTest {
  readonly test: ParameterTest;
  readonly optional: boolean;
}

export interface HarmlessCall {
  readonly tests: readonly HarmlessTest[];
  readonly aside: readonly ParameterPath[];
  readonly by: ServiceCaller | undefined;
  readonly reason: string;
}

/** Which calls can be harmless by what their parameters say; whether one is, the record tells. */
export function harmlessCalls(rows: readonly HarmlessCallRow[]): CallRows<readonly HarmlessCall[]> {
  return callRows(rows, (known: readonly HarmlessCall[] = [], row) => [...known, compiled(row)]);
}

function compiled({ tests = [], aside, by, reason }: HarmlessCallRow): HarmlessCall {
  return {
    tests: tests.map((row) => ({ test: parameterTest(row), optional: row.optional ?? false })),
    aside: aside.map(parameterPath),
    by,
    reason,
  };
}
