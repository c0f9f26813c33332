import { type Ipv4Range, ipv4Range } from './ipv4-range.ts';

/**
 * A test on a call's requestParameters, as the curated tables write it. Without equals, startsWith, endsWith,
 * includes or networks it asks only whether the parameter is given. Text is compared without regard to case.
 */
export interface ParameterTestRow {
  /** Dotted path; lists on the way are looked through. */
  readonly parameter: string;
  /** Also for numbers and truth values, as text. */
  readonly equals?: readonly string[];
  readonly startsWith?: readonly string[];
  readonly endsWith?: readonly string[];
  readonly includes?: readonly string[];
  /** For a range of IPv4 addresses: within one of these, as `10.0.0.0/8`. */
  readonly networks?: readonly string[];
}

export interface ParameterTest {
  readonly path: ParameterPath;
  readonly equals: readonly string[];
  readonly startsWith: readonly string[];
  readonly endsWith: readonly string[];
  readonly includes: readonly string[];
  readonly networks: readonly Ipv4Range[];
  readonly anyValue: boolean;
}

/** A path into requestParameters: for each step the keys that may stand there, or `*` for any key. */
export type ParameterPath = readonly (readonly string[] | '*')[];

/** CloudTrail writes most names in camelCase, some services as their API does: `roleArn`, `RoleArn`, `roleARN`. */
export function parameterPath(text: string): ParameterPath {
  return text.split('.').map((name) => (name === '*' ? '*' : spellings(name)));
}

function spellings(name: string): string[] {
  const rest = name.slice(1);
  const cased = [name.slice(0, 1).toLowerCase() + rest, name.slice(0, 1).toUpperCase() + rest];
  const acronyms = cased.flatMap((word) => [
    word,
    word.replace(/Arn(s?)$/, 'ARN$1'),
    word.replace(/ARN(s?)$/, 'Arn$1'),
  ]);
  return [...new Set([name, ...acronyms])];
}

export function parameterTest(row: ParameterTestRow): ParameterTest {
  const equals = lowered(row.equals);
  const startsWith = lowered(row.startsWith);
  const endsWith = lowered(row.endsWith);
  const includes = lowered(row.includes);
  const networks = (row.networks ?? []).map(knownRange);
  const asked = [equals, startsWith, endsWith, includes, networks];
  const anyValue = asked.every((texts) => texts.length === 0);
  return { path: parameterPath(row.parameter), equals, startsWith, endsWith, includes, networks, anyValue };
}

function lowered(texts: readonly string[] | undefined): readonly string[] {
  return (texts ?? []).map((text) => text.toLowerCase());
}

/** Throws an Error where a table holds what is no range: the schema sees its form only. */
function knownRange(text: string): Ipv4Range {
  const range = ipv4Range(text);
  if (range === undefined) throw new Error(`no range of IPv4 addresses: ${text}`);
  return range;
}
