import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyzeCloudsplainingTrust } from '../../src/policy/cloudsplaining/analyze-cloudsplaining-trust.ts';
import { analyze, findingsOf, policy } from './analyzer.ts';

interface TrustCase {
  readonly name: string;
  readonly statement: Record<string, unknown>;
  readonly cloudsplaining: Readonly<Record<string, unknown>>;
  readonly effective: readonly string[];
}

const cases = JSON.parse(
  readFileSync(new URL('trust.cases.json', import.meta.url), 'utf8'),
) as readonly TrustCase[];

describe('a role in account 111122223333 that trusts', () => {
  test.each(cases)('$name', ({ statement, cloudsplaining, effective }) => {
    const document = policy(statement);
    const context = { currentAccountId: '111122223333', knownAccounts: [], computeServices: ['lambda'] };
    expect(analyzeCloudsplainingTrust(document, context)).toMatchObject(cloudsplaining);
    expect(findingsOf(analyze(document, 'trust'))).toEqual(effective);
  });
});
