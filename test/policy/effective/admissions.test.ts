import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyze, findingsOf, policy } from '../analyzer.ts';

/** A Deny beside an Allow of s3:GetObject for everyone, and what is then found. */
interface DenyCase {
  readonly name: string;
  /** `arn:aws:s3:::example/*` where it is left out. */
  readonly allowed?: string | readonly string[];
  /** Elements of the Allow besides its effect, principal, action and resource, or in their place. */
  readonly allow?: Readonly<Record<string, unknown>>;
  /** One statement or several, of s3:* where they do not say else. */
  readonly deny: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];
  readonly public: boolean;
  readonly findings: readonly string[];
}

const cases = JSON.parse(
  readFileSync(new URL('admissions.cases.json', import.meta.url), 'utf8'),
) as readonly DenyCase[];

describe('a public bucket and', () => {
  test.each(cases)(
    '$name',
    ({ allowed = 'arn:aws:s3:::example/*', allow = {}, deny, public: open, findings }) => {
      const opened = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: allowed, ...allow };
      const denials = [deny].flat().map((denial) => ({ Effect: 'Deny', Action: 's3:*', ...denial }));
      const analysis = analyze(policy(opened, ...denials), 'resource');
      expect(findingsOf(analysis)).toEqual(findings);
      expect(analysis.public).toBe(open);
    },
  );
});
