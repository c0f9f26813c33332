import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyze, findingsOf, policy } from '../analyzer.ts';

/** Statements of an identity policy, and all methods of escalation that are found. */
interface OwnUserCase {
  readonly name: string;
  readonly statements: readonly Readonly<Record<string, unknown>>[];
  readonly methods: readonly string[];
}

const cases = JSON.parse(
  readFileSync(new URL('own-user.cases.json', import.meta.url), 'utf8'),
) as readonly OwnUserCase[];

describe('rights over the own user', () => {
  test.each(cases)('$name', ({ statements, methods }) => {
    expect(findingsOf(analyze(policy(...statements)))).toEqual(methods);
  });

  test('are found in the statement that gives them', () => {
    const statements = cases[0]?.statements ?? [];
    const [finding] = analyze(policy({ ...statements[0], Effect: 'Deny' }, ...statements.slice(1))).findings;
    expect(finding).toBeUndefined();
    expect(analyze(policy(...statements)).findings.map((found) => found.statements)).toEqual([[0], [0]]);
  });
});
