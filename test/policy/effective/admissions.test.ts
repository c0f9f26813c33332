import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyze, findingsOf, policy } from '../analyzer.ts';

/** A Deny beside an Allow of s3:GetObject for everyone, and what is then found. */
interface DenyCase {
  readonly name: string;
  /** `arn:aws:s3:::example/*` where it is left out. */
  readonly allowed?: string | readonly string[];
  readonly deny: Readonly<Record<string, unknown>>;
  readonly public: boolean;
  readonly findings: readonly string[];
}

const cases = JSON.parse(
  readFileSync(new URL('admissions.cases.json', import.meta.url), 'utf8'),
) as readonly DenyCase[];

describe('a public bucket and', () => {
  test.each(cases)('$name', ({ allowed = 'arn:aws:s3:::example/*', deny, public: open, findings }) => {
    const allow = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: allowed };
    const analysis = analyze(policy(allow, { Effect: 'Deny', Action: 's3:*', ...deny }), 'resource');
    expect(findingsOf(analysis)).toEqual(findings);
    expect(analysis.public).toBe(open);
  });
});
