import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyzeCloudsplaining } from '../../src/policy/cloudsplaining/analyze-cloudsplaining.ts';
import { analyze, analyzer, findingsOf } from './analyzer.ts';

/** What Cloudsplaining says of a policy, and what it really allows: each case is a difference of the two modes. */
interface Weakness {
  readonly name: string;
  readonly policy: Record<string, unknown>;
  /** Fields of Cloudsplaining's answer, or of its problem. */
  readonly cloudsplaining: Readonly<Record<string, unknown>>;
  /** Categories of which Cloudsplaining still has findings. */
  readonly cloudsplainingFinds?: readonly string[];
  readonly effective: {
    readonly admin?: boolean;
    readonly includes?: readonly string[];
    readonly exactly?: readonly string[];
  };
}

const cases = JSON.parse(
  readFileSync(new URL('weaknesses.cases.json', import.meta.url), 'utf8'),
) as readonly Weakness[];

describe('where the two modes differ', () => {
  test.each(cases)('$name', ({ policy, cloudsplaining, cloudsplainingFinds = [], effective }) => {
    const answer = analyzeCloudsplaining(policy, analyzer.cloudsplaining);
    expect(answer).toMatchObject(cloudsplaining);
    for (const category of cloudsplainingFinds) {
      expect((answer as unknown as Record<string, unknown[]>)[category]).not.toEqual([]);
    }
    const analysis = analyze(policy);
    const findings = findingsOf(analysis);
    if (effective.exactly !== undefined) expect(findings).toEqual(effective.exactly);
    expect(findings).toEqual(expect.arrayContaining([...(effective.includes ?? [])]));
    if (effective.admin !== undefined) expect(analysis.admin).toBe(effective.admin);
  });
});
