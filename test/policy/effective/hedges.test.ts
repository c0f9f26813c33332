import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PolicyStatement, readDocument } from '../../../src/policy/document/policy-document.ts';
import { admitsEveryone } from '../../../src/policy/document/principals.ts';
import { Hedges } from '../../../src/policy/effective/hedges.ts';
import type { NamedStatement } from '../../../src/policy/effective/statement-actions.ts';
import { ActionSet } from '../../../src/policy/patterns/action-set.ts';
import { readPattern, takesIn } from '../../../src/policy/patterns/resource-cover.ts';
import { matchesEverything } from '../../../src/policy/patterns/wildcard.ts';
import { WorkBudget } from '../../../src/policy/patterns/work-budget.ts';
import { allow, analyzer, deny, policy } from '../analyzer.ts';

const data = analyzer.effective;
const outsiders = { Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-example' } } };

function named(...statements: Record<string, unknown>[]): NamedStatement[] {
  return readDocument(policy(...statements), '', 'resource').statements.map((statement, at) => {
    const actions = ActionSet.empty(data.table.all.length);
    const written = statements[at]?.['Action'] as readonly string[];
    for (const pattern of written) actions.addEach(data.patterns.find(pattern).indices);
    return { statement, actions };
  });
}

/** The same question put to every Deny, for each action on each resource. */
function hedgeByAll(allowed: NamedStatement, denials: readonly NamedStatement[]): string {
  const met = denials.filter(
    ({ statement, actions }) => actions.meets(allowed.actions) && statement.principals.length > 0,
  );
  const { resources } = allowed.statement;
  const asked = resources.length === 0 ? [undefined] : resources;
  const isClosed = (action: number, resource: string | undefined) =>
    met.some(({ statement, actions }) => actions.has(action) && closes(statement, resource));
  const strongly = allowed.actions
    .indices()
    .every((action) => asked.every((resource) => isClosed(action, resource)));
  return strongly && met.length > 0 ? 'strongly' : met.length > 0 ? 'partly' : 'no';
}

function closes(statement: PolicyStatement, resource: string | undefined): boolean {
  if (!admitsEveryone(statement) || statement.otherResources) return false;
  if (statement.conditions.some(({ key }) => key !== 'aws:principalorgid')) return false;
  const everywhere = statement.resources.length === 0 || statement.resources.some(matchesEverything);
  return (
    everywhere ||
    (resource !== undefined &&
      statement.resources.some((wide) => takesIn(readPattern(wide), readPattern(resource))))
  );
}

describe('what Deny statements of a part leave of an Allow', () => {
  const actions = fc.uniqueArray(fc.constantFrom('s3:GetObject', 's3:Put*', 'sqs:*'), { minLength: 1 });
  const resources = fc.uniqueArray(fc.constantFrom('a', 'b', 'ab', 'a*', '**'));
  const conditions = fc.constantFrom({}, outsiders, {
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
  const principals = fc.constantFrom({ Principal: '*' }, { Principal: { AWS: '444455556666' } }, {});
  const denial = fc
    .tuple(actions, resources, conditions, principals, fc.boolean())
    .map(([action, resource, condition, principal, others]) => {
      const what = others ? { NotResource: resource } : { Resource: resource };
      return { Effect: 'Deny', Action: action, ...what, ...condition, ...principal };
    });

  test('is what asking every one of them says', () => {
    fc.assert(
      fc.property(fc.array(denial, { maxLength: 6 }), actions, resources, (some, action, resource) => {
        const denials = named(...some);
        const [allowed] = named(allow(action, resource, { Principal: '*' }));
        if (allowed === undefined) throw new Error('the statement was not read');
        const hedges = new Hedges(denials, data, data.table.all.length, new WorkBudget());
        expect(hedges.of(allowed.statement, allowed.actions)).toBe(hedgeByAll(allowed, denials));
      }),
      { numRuns: 1_000 },
    );
  });

  test('is asked of those that name the same resource only', () => {
    const costs: number[] = [];
    const budget = { spend: (cost: number) => costs.push(cost) > 0 } as unknown as WorkBudget;
    const each = Array.from({ length: 500 }, (_, at) => `bucket-${at}`);
    const denials = named(...each.map((name) => deny(['s3:*'], name, { Principal: '*', ...outsiders })));
    const hedges = new Hedges(denials, data, data.table.all.length, budget);
    for (const { statement, actions: wanted } of named(...each.map((name) => allow(['s3:*'], name)))) {
      expect(hedges.of(statement, wanted)).toBe('strongly');
    }
    expect(costs.reduce((sum, cost) => sum + cost, 0)).toBeLessThan(20 * each.length);
  });

  test('is not looked for once the work of a policy is done', () => {
    const names = Array.from({ length: 8_000 }, (_, at) => `b${at}*`);
    const denials = named(deny(['s3:*'], names.toReversed(), { Principal: '*', ...outsiders }));
    const [allowed] = named(
      allow(
        ['s3:*'],
        names.map((name) => `${name}a`),
      ),
    );
    if (allowed === undefined) throw new Error('the statement was not read');
    const started = performance.now();
    const hedges = new Hedges(denials, data, data.table.all.length, new WorkBudget());
    expect(hedges.of(allowed.statement, allowed.actions)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
