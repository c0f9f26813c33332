import { PolicyAnalyzer } from '../../src/policy/policy-analyzer.ts';
import type { PolicyAnalysis } from '../../src/policy/policy-findings.ts';
import type { PolicyKind } from '../../src/tables/policy-events.ts';
import { tables } from '../shipped-tables.ts';

/** One analyzer with the project's own tables for all tests of a file. */
export const analyzer = new PolicyAnalyzer(tables);

/** What a document really allows; fails where the analysis was refused. */
export function analyze(
  document: unknown,
  kind: PolicyKind = 'identity',
  account: string | undefined = '111122223333',
): PolicyAnalysis {
  const { summary } = analyzer.analyze(document as Record<string, unknown>, kind, { account });
  if (summary === undefined) throw new Error('the policy was refused');
  return summary.analysis;
}

/** `{Effect: Allow, Action, Resource}` and the like as a whole document. */
export function policy(...statements: readonly Record<string, unknown>[]): Record<string, unknown> {
  return { Version: '2012-10-17', Statement: statements };
}

export function allow(action: unknown, resource: unknown = '*', more: Record<string, unknown> = {}) {
  return { Effect: 'Allow', Action: action, Resource: resource, ...more };
}

export function deny(action: unknown, resource: unknown = '*', more: Record<string, unknown> = {}) {
  return { Effect: 'Deny', Action: action, Resource: resource, ...more };
}

/** `risk:name confidence` of each finding, a name for each method, action or principal. */
export function findingsOf({ findings }: PolicyAnalysis): string[] {
  return findings.flatMap(({ risk, method, actions, principals, confidence }) =>
    (method === undefined ? (principals ?? actions) : [method]).map(
      (name) => `${risk}:${name} ${confidence}`,
    ),
  );
}
