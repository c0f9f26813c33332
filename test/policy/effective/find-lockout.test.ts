import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PolicyKind } from '../../../src/tables/policy-events.ts';
import { analyze, policy } from '../analyzer.ts';

/** A policy of account 111122223333, and whether it shuts everyone out. */
interface LockoutCase {
  readonly name: string;
  readonly kind?: PolicyKind;
  readonly statements: readonly Readonly<Record<string, unknown>>[];
  /** The accounts that are spared, where everyone else is shut out. */
  readonly spared: readonly string[] | null;
}

const cases = JSON.parse(
  readFileSync(new URL('find-lockout.cases.json', import.meta.url), 'utf8'),
) as readonly LockoutCase[];

describe('whether everyone is shut out by', () => {
  test.each(cases)('$name', ({ kind = 'resource', statements, spared }) => {
    expect(analyze(policy(...statements), kind).lockout).toEqual(spared === null ? undefined : { spared });
  });
});
