import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyze, analyzer, policy } from '../analyzer.ts';

/** Statements of an identity policy, and the methods that are found with their confidence. */
interface PassingCase {
  readonly name: string;
  /** Of the holder; 111122223333 where left out. */
  readonly account?: string;
  readonly statements: readonly Readonly<Record<string, unknown>>[];
  readonly methods: readonly string[];
}

const cases = JSON.parse(
  readFileSync(new URL('role-passing.cases.json', import.meta.url), 'utf8'),
) as readonly PassingCase[];

describe('a role that can be passed', () => {
  test.each(cases)('$name', ({ statements, account, methods }) => {
    const { findings } = analyze(policy(...statements), 'identity', account);
    const found = findings.filter(({ method }) => method !== undefined);
    expect(found.map(({ method, confidence }) => `${method} ${confidence}`)).toEqual(methods);
  });

  test('goes to a service that the table names, in every method that needs one', () => {
    const { escalations } = analyzer.tables.policies;
    const passing = escalations.filter(({ actions }) => actions.includes('iam:passrole'));
    expect(passing).toEqual(escalations.filter(({ passedTo }) => passedTo !== undefined));
  });
});
