import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyze, findingsOf, policy } from '../analyzer.ts';

/** Statements of an identity policy, and all methods of escalation that are found. */
interface OwnUserCase {
  readonly name: string;
  readonly statements: readonly Readonly<Record<string, unknown>>[];
  readonly methods: readonly string[];
  /** Of the policy language: the newest where it is left out, none where it is null. */
  readonly version?: string | null;
}

const cases = JSON.parse(
  readFileSync(new URL('own-user.cases.json', import.meta.url), 'utf8'),
) as readonly OwnUserCase[];

describe('rights over the own user', () => {
  test.each(cases)('$name', ({ statements, methods, version = '2012-10-17' }) => {
    const document = { ...policy(...statements), Version: version };
    expect(findingsOf(analyze(document))).toEqual(methods);
  });

  test('are found in the statement that gives them', () => {
    const statements = cases[0]?.statements ?? [];
    const [finding] = analyze(policy({ ...statements[0], Effect: 'Deny' }, ...statements.slice(1))).findings;
    expect(finding).toBeUndefined();
    expect(analyze(policy(...statements)).findings.map((found) => found.statements)).toEqual([[0], [0]]);
  });
});
