/**
 * A test on a call's requestParameters, as the curated tables write it. Without startsWith, endsWith or includes
 * it asks only whether the parameter is given. Text is compared without regard to case.
 */
export interface ParameterTestRow {
  /** Dotted path; lists on the way are looked through. */
  readonly parameter: string;
  readonly startsWith?: readonly string[];
  readonly endsWith?: readonly string[];
  readonly includes?: readonly string[];
}

export interface ParameterTest {
  readonly path: ParameterPath;
  readonly startsWith: readonly string[];
  readonly endsWith: readonly string[];
  readonly includes: readonly string[];
  readonly anyValue: boolean;
}

/**
 * A path into requestParameters: for each step the keys that may stand there. CloudTrail writes most names in
 * camelCase, some services write them as the API does (`RoleArn`).
 */
export type ParameterPath = readonly (readonly string[])[];

export function parameterPath(text: string): ParameterPath {
  return text.split('.').map((name) => {
    const head = name.slice(0, 1);
    const rest = name.slice(1);
    return [...new Set([name, head.toLowerCase() + rest, head.toUpperCase() + rest])];
  });
}

export function parameterTest(row: ParameterTestRow): ParameterTest {
  const startsWith = lowered(row.startsWith);
  const endsWith = lowered(row.endsWith);
  const includes = lowered(row.includes);
  const anyValue = startsWith.length + endsWith.length + includes.length === 0;
  return { path: parameterPath(row.parameter), startsWith, endsWith, includes, anyValue };
}

function lowered(texts: readonly string[] | undefined): readonly string[] {
  return (texts ?? []).map((text) => text.toLowerCase());
}
