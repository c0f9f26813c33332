import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allow, analyze, findingsOf, policy } from '../analyzer.ts';

/** Operator, key and value of the only condition of a bucket policy that lets everyone in. */
type ConditionCase = readonly [operator: string, key: string, value: string | readonly string[]];

const cases = JSON.parse(
  readFileSync(new URL('condition-values.cases.json', import.meta.url), 'utf8'),
) as Readonly<Record<'limit_nothing' | 'limit', readonly ConditionCase[]>>;

function bucketFor([operator, key, value]: ConditionCase) {
  const statement = allow('s3:GetObject', 'arn:aws:s3:::example/*', {
    Principal: '*',
    Condition: { [operator]: { [key]: value } },
  });
  return analyze(policy(statement), 'resource');
}

describe('values of conditions', () => {
  test.each(cases.limit_nothing)(
    '%s %s %s is met by anyone, so that the bucket is public',
    (...condition) => {
      const analysis = bucketFor(condition);
      expect(analysis.public).toBe(true);
      expect(findingsOf(analysis)).toContain('public_access:* medium');
    },
  );

  test.each(cases.limit)('%s %s %s limits who gets in', (...condition) => {
    const analysis = bucketFor(condition);
    expect(analysis.public).toBe(false);
    expect(findingsOf(analysis).filter((name) => name.startsWith('public_access'))).toEqual([]);
  });

  test('networks that take in the world only together are met by anyone too', () => {
    const networks = Array.from({ length: 256 }, (_, first) => `${first}.0.0.0/8`);
    expect(bucketFor(['IpAddress', 'aws:SourceIp', networks]).public).toBe(true);
  });
});
