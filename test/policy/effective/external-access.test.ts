import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { composeAnalysis } from '../../../src/enrichment/compose-policy.ts';
import { composeEffectiveAnalysis } from '../../../src/enrichment/compose-policy-analysis.ts';
import type { PolicyAnalysis } from '../../../src/policy/policy-findings.ts';
import { MOST_NAMED } from '../../../src/policy/policy-findings.ts';
import { changeOf } from '../../../src/policy/policy-summary.ts';
import type { PolicyKind } from '../../../src/tables/policy-events.ts';
import { analyze, analyzer, findingsOf, policy } from '../analyzer.ts';

/** A policy of account 111122223333, and the other accounts that get in. */
interface AccessCase {
  readonly name: string;
  readonly kind: PolicyKind;
  readonly statements: readonly Readonly<Record<string, unknown>>[];
  readonly external_accounts: readonly string[];
  readonly findings: readonly string[];
  /** Of the first finding. */
  readonly why?: string;
}

const cases = JSON.parse(
  readFileSync(new URL('external-access.cases.json', import.meta.url), 'utf8'),
) as readonly AccessCase[];

const accounts = (count: number) => Array.from({ length: count }, (_, at) => `${200_000_000_000 + at}`);
const shared = (names: readonly string[], more: Record<string, unknown> = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: names },
  NotAction: 's3:GetObject',
  Resource: '*',
  ...more,
});
const external = ({ findings }: PolicyAnalysis) => findings.filter(({ risk }) => risk === 'external_access');
const account = '111122223333';

/** As /enrich asks for it. */
function listingFew(document: Record<string, unknown>): PolicyAnalysis {
  const options = { account, mostActions: MOST_NAMED };
  const { summary } = analyzer.analyze(document, 'resource', options);
  if (summary === undefined) throw new Error('the policy was refused');
  return summary.analysis;
}

describe('another account is let in', () => {
  test.each(cases)('$name', ({ kind, statements, external_accounts, findings, why }) => {
    const analysis = analyze(policy(...statements), kind);
    expect(analysis.externalAccounts).toEqual(external_accounts);
    expect(findingsOf(analysis)).toEqual(findings);
    if (why !== undefined) expect(analysis.findings[0]?.why).toBe(why);
  });
});

describe('accounts that are let in', () => {
  test('have a finding each, with every action, as long as they are few', () => {
    const few = analyze(policy(shared(accounts(3))), 'resource');
    expect(external(few).map(({ principals }) => principals)).toEqual(accounts(3).map((name) => [name]));
    const all = analyzer.tables.actions.all.length - 1;
    expect(external(few).map(({ actions }) => actions.length)).toEqual([all, all, all]);
    expect(composeEffectiveAnalysis(few)).not.toHaveProperty('left_out');
  });

  test.each([
    ['by one statement', (names: string[]) => policy(shared(names))],
    ['by a statement each', (names: string[]) => policy(...names.map((name) => shared([name])))],
  ])('are all named and counted, and the answer stays small: %s', (_name, document) => {
    const names = accounts(1_000);
    const whole = analyze(document(names), 'resource');
    expect([whole.externalAccounts, whole.counts.external_access]).toEqual([names, 1_000]);
    expect(external(whole)).toHaveLength(50);
    expect(Math.min(...external(whole).map(({ actions }) => actions.length))).toBe(100);
    const listed = external(whole).reduce((sum, { actions }) => sum + actions.length, 0);
    const count = analyzer.tables.actions.all.length - 1;
    expect(composeEffectiveAnalysis(whole)).toMatchObject({
      left_out: { findings: 950, actions: 50 * count - listed },
    });
    expect(JSON.stringify(composeEffectiveAnalysis(whole)).length).toBeLessThan(5_000_000);
    expect(JSON.stringify(composeAnalysis(listingFew(document(names)))).length).toBeLessThan(250_000);
  });

  test.each([
    ['StringEquals', (at: number) => `${300_000_000_000 + at}`],
    ['StringLike', (at: number) => `3*${at}*9*9`],
  ])('are not held one by one against thousands of values of %s', (operator, value) => {
    const values = Array.from({ length: 4_000 }, (_, at) => value(at));
    const document = policy(
      shared(accounts(4_000), { Condition: { [operator]: { 'aws:PrincipalAccount': values } } }),
    );
    const before = performance.now();
    listingFew(document);
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  test.each([
    [100, []],
    [101, accounts(1)],
  ])('are held against %i wildcards of a condition that leaves them out: %j are told', (count, told) => {
    const patterns = Array.from({ length: count }, (_, at) => `${900 + at}*`);
    const guarded = { Condition: { StringLike: { 'aws:PrincipalAccount': patterns } } };
    expect(analyze(policy(shared(accounts(1), guarded)), 'resource').externalAccounts).toEqual(told);
  });

  test('are told of by the gravest findings where they are many', () => {
    const strangers = accounts(200);
    const guarded = { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-example' } } };
    const open = strangers.slice(150, 160);
    const findings = external(analyze(policy(shared(strangers, guarded), shared(open)), 'resource'));
    expect(findings).toHaveLength(50);
    const grave = findings.filter(({ severity }) => severity === 'high');
    expect(grave.flatMap(({ principals }) => principals)).toEqual(open);
  });

  test('are compared with those of an earlier version, with or without a finding', () => {
    const before = { analysis: listingFew(policy(shared(accounts(200)))), allows: true };
    const after = listingFew(policy(shared(accounts(201))));
    expect(changeOf(before, after)).toEqual({
      knownBefore: true,
      added: [`external_access:${accounts(201).at(-1)}`],
      removed: [],
    });
  });

  test('may read data out, whichever actions the findings list', () => {
    const reader = { ...shared(accounts(1)), NotAction: 's3:PutObject' };
    expect(external(listingFew(policy(reader)))[0]?.actions).not.toContain('s3:GetObject');
    expect(listingFew(policy(reader)).categories).toEqual(['resource_exposure', 'data_exfiltration']);
  });
});
