import { type CallRows, callRows } from './call-rows.ts';
import type { ServiceCaller } from './harmless-calls.ts';
import {
  type ParameterPath,
  type ParameterTest,
  type ParameterTestRow,
  parameterPath,
  parameterTest,
} from './parameter-test.ts';
import type { RiskCategory, RiskLevel } from './risk-table.ts';

/**
 * One row of data/curated/telling-calls.json: calls whose parameters say that they do more, or less, than the name of
 * the call tells. What is harmless by all its parameters stands in harmless-calls.json.
 */
export interface TellingCallRow {
  /** As the partition aws writes it. */
  readonly eventSource: string;
  /** Without a version suffix. */
  readonly events: readonly string[];
  /** Where given: only calls that a service makes in a session of its own role. */
  readonly by?: ServiceCaller;
  /** A parameter that may hold JSON as text: all rows of the call look into it as if it were an object or a list. */
  readonly jsonText?: string;
  /** All must hold: each for one value at its place. */
  readonly tests: readonly TellingTestRow[];
  /** Dotted path of a list: all tests must hold for the same element of it, and their paths begin there. */
  readonly within?: string;
  /** Of `within`, of which there must be one: the tests hold for every element, or for none. Left out: for some. */
  readonly elements?: 'every' | 'none';
  /** Whether an AWS service made the call (userIdentity.type AWSService), or must not have. Left out: whoever did. */
  readonly byService?: boolean;
  readonly less?: LessRow;
  readonly more?: MoreRow;
  /** The call is a sign of what went before: it counts whatever the policy allows that comes with it. */
  readonly alarm?: true;
  /** What it tells is what the policy in the call does: where that could be read, it says more than the row. */
  readonly ofPolicy?: true;
  /** Names the parameter, for the reader of the answer. */
  readonly reason: string;
  readonly reference: string;
}

export type TellingTestRow = TestedParameter & (ValueAsked | NumberAsked | AccountAsked | PrefixAsked);

interface TestedParameter {
  /** Dotted path; lists on the way are looked through. */
  readonly parameter: string;
  /** For no value at its place. */
  readonly not?: true;
}

type ValueAsked = Omit<ParameterTestRow, 'parameter' | 'networks'>;

/** For numbers, also those written as text: with one limit or both. */
type NumberAsked =
  | { readonly atLeast: number; readonly atMost?: number }
  | { readonly atLeast?: number; readonly atMost: number };

interface AccountAsked {
  /** The id, or an ARN, of an account other than the one that the event is of. */
  readonly otherAccount: true;
}

interface PrefixAsked {
  /** For a range of addresses: a prefix at most so long, whatever the bits behind it are. */
  readonly prefixAtMost: PrefixLengths;
}

/** Lengths of a prefix, in bits. */
export interface PrefixLengths {
  readonly ipv4: number;
  readonly ipv6: number;
}

/** What such a call is not, though others of its name are. */
export interface LessRow {
  /** At most. */
  readonly level?: RiskLevel;
  readonly categories?: readonly RiskCategory[];
  readonly techniques?: readonly string[];
}

/** What such a call is besides. */
export interface MoreRow {
  /** At least. */
  readonly level?: RiskLevel;
  readonly categories?: readonly RiskCategory[];
  readonly techniques?: readonly { readonly technique: string; readonly tactics: readonly string[] }[];
}

export interface TellingTest {
  readonly path: ParameterPath;
  readonly asked: AskedOfValue;
  readonly not: boolean;
}

/** What one value at the place must be. */
export type AskedOfValue =
  | { readonly kind: 'value'; readonly test: ParameterTest }
  | { readonly kind: 'number'; readonly atLeast: number; readonly atMost: number }
  | { readonly kind: 'other_account' }
  | { readonly kind: 'prefix'; readonly atMost: PrefixLengths };

export interface TellingCall {
  readonly by: ServiceCaller | undefined;
  readonly tests: readonly TellingTest[];
  readonly within: ParameterPath | undefined;
  readonly elements: 'some' | 'every' | 'none';
  readonly byService: boolean | undefined;
  readonly alarm: boolean;
  readonly ofPolicy: boolean;
  readonly less: LessRow;
  readonly more: MoreRow;
  readonly reason: string;
}

/** The rows of one call. Which of them hold is the same list each time, so that answers can be shared by it. */
export class TellingRows {
  readonly calls: readonly TellingCall[];
  /** Of parameters that may hold JSON as text; as good as always empty. */
  readonly jsonTexts: readonly string[];
  readonly #holding = new Map<number, readonly TellingCall[]>();

  /** Throws an Error where there are more rows than a number has bits to say which of them hold. */
  constructor(calls: readonly TellingCall[], jsonTexts: readonly string[]) {
    if (calls.length > MOST_ROWS) throw new Error(`telling-calls: more than ${MOST_ROWS} rows of one call`);
    this.calls = calls;
    this.jsonTexts = jsonTexts;
  }

  /** @param bits the bit of each row that holds, the first row's the lowest */
  holding(bits: number): readonly TellingCall[] {
    const known = this.#holding.get(bits);
    if (known !== undefined) return known;
    const held = this.calls.filter((_, row) => (bits & (1 << row)) !== 0);
    this.#holding.set(bits, held);
    return held;
  }
}

const MOST_ROWS = 16;

/** Which calls can tell more or less by what their parameters say; whether one does, the record tells. */
export function tellingCalls(rows: readonly TellingCallRow[]): CallRows<TellingRows> {
  return callRows(
    rows,
    (known: TellingRows | undefined, row) =>
      new TellingRows(
        [...(known?.calls ?? []), compiled(row)],
        [...new Set([...(known?.jsonTexts ?? []), ...keysOf(row.jsonText)])],
      ),
  );
}

function keysOf(parameter: string | undefined): readonly string[] {
  const [keys = []] = parameter === undefined ? [] : parameterPath(parameter);
  return keys === '*' ? [] : keys;
}

function compiled({
  by,
  tests,
  within,
  elements,
  byService,
  alarm,
  ofPolicy,
  less = {},
  more = {},
  reason,
}: TellingCallRow): TellingCall {
  return {
    by,
    tests: tests.map(compiledTest),
    within: within === undefined ? undefined : parameterPath(within),
    elements: elements ?? 'some',
    byService,
    alarm: alarm === true,
    ofPolicy: ofPolicy === true,
    less,
    more,
    reason,
  };
}

function compiledTest(row: TellingTestRow): TellingTest {
  return { path: parameterPath(row.parameter), asked: askedBy(row), not: row.not === true };
}

function askedBy(row: TellingTestRow): AskedOfValue {
  if ('otherAccount' in row) return { kind: 'other_account' };
  if ('prefixAtMost' in row) return { kind: 'prefix', atMost: row.prefixAtMost };
  if ('atLeast' in row || 'atMost' in row) {
    const { atLeast = -Infinity, atMost = Infinity } = row;
    return { kind: 'number', atLeast, atMost };
  }
  return { kind: 'value', test: parameterTest(row) };
}
