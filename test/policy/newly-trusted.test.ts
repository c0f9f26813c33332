import { describe, expect, test } from 'vitest';
import { newlyTrusted } from '../../src/policy/newly-trusted.ts';
import { changeOf, trustsAnew } from '../../src/policy/policy-summary.ts';
import { analyzer, policy } from './analyzer.ts';
import cases from './newly-trusted.cases.json' with { type: 'json' };

/** Two versions of the trust policy of a role in account 111122223333, and whom the second one trusts. */
interface TrustCase {
  readonly name: string;
  /** Allow statements, for all actions that begin a session. */
  readonly before: readonly Readonly<Record<string, unknown>>[];
  readonly after: readonly Readonly<Record<string, unknown>>[];
  readonly trusted: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Whether the score is told of somebody new who is of no other account. */
  readonly newly: boolean;
}

const ACTIONS = ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'];

function summaryOf(statements: TrustCase['before']) {
  const whole = statements.map((statement) => ({ ...statement, Effect: 'Allow', Action: ACTIONS }));
  const { summary } = analyzer.analyze(policy(...whole), 'trust', { account: '111122223333' });
  if (summary === undefined) throw new Error('the policy was refused');
  return summary;
}

/** Names of the trusted among those of a change. */
function trustedIn(names: readonly string[]): string[] {
  return names.filter((name) => name.startsWith('trust:')).map((name) => name.slice('trust:'.length));
}

describe('a role comes to trust', () => {
  test.each(cases as readonly TrustCase[])('$name: newly $newly', (one) => {
    const { analysis } = summaryOf(one.after);
    const change = changeOf(summaryOf(one.before), analysis);
    expect(analysis.trusted).toEqual(one.trusted);
    expect(trustedIn(change.added)).toEqual(one.added);
    expect(trustedIn(change.removed)).toEqual(one.removed);
    expect(trustsAnew(change, analysis)).toBe(one.newly);
  });
});

test('who is new is found behind more new findings than an answer names', () => {
  const strangers = Array.from({ length: 150 }, (_, at) => `${444455556000 + at}`);
  const dev = { Principal: { AWS: 'arn:aws:iam::111122223333:user/dev' } };
  const { analysis } = summaryOf([{ Principal: { AWS: strangers } }, dev]);
  const change = changeOf(summaryOf([{ Principal: { Service: 'ec2.amazonaws.com' } }]), analysis);
  expect(trustsAnew(change, analysis)).toBe(true);
});

test('the most names that are kept are held against as many patterns in a moment', () => {
  const patterns = Array.from({ length: 299 }, (_, at) => `arn:aws:iam::*:role/${'a*'.repeat(50)}${at}`);
  const names = Array.from(
    { length: 300 },
    (_, at) => `arn:aws:iam::111122223333:role/${'a'.repeat(400)}x${at}`,
  );
  const cost = () => {
    const before = performance.now();
    newlyTrusted(names, patterns);
    return performance.now() - before;
  };
  expect(Math.min(cost(), cost(), cost()), 'milliseconds').toBeLessThan(200);
});
