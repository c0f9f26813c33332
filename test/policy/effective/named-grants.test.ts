import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyze, policy } from '../analyzer.ts';

/** An identity policy in account 111122223333, and the methods that it opens with their confidence. */
interface NamedCase {
  readonly name: string;
  readonly statements: readonly Readonly<Record<string, unknown>>[];
  readonly methods: readonly string[];
}

const cases = JSON.parse(
  readFileSync(new URL('named-grants.cases.json', import.meta.url), 'utf8'),
) as readonly NamedCase[];

describe('resources of some names are enough where any name will do', () => {
  test.each(cases)('$name', ({ statements, methods }) => {
    const { findings } = analyze(policy(...statements));
    const found = findings.filter(({ method }) => method !== undefined);
    expect(found.map(({ method, confidence }) => `${method} ${confidence}`)).toEqual(methods);
  });
});
