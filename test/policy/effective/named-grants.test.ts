import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyze, policy } from '../analyzer.ts';

/** An identity policy, and the methods that it opens with their confidence. */
interface NamedCase {
  readonly name: string;
  /** Of the holder; 111122223333 where left out. */
  readonly account?: string;
  readonly statements: readonly Readonly<Record<string, unknown>>[];
  readonly methods: readonly string[];
}

const cases = JSON.parse(
  readFileSync(new URL('named-grants.cases.json', import.meta.url), 'utf8'),
) as readonly NamedCase[];

describe('resources of some names are enough where any name will do', () => {
  test.each(cases)('$name', ({ statements, account, methods }) => {
    const { findings } = analyze(policy(...statements), 'identity', account);
    const found = findings.filter(({ method }) => method !== undefined);
    expect(found.map(({ method, confidence }) => `${method} ${confidence}`)).toEqual(methods);
  });
});
