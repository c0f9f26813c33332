import { describe, expect, test } from 'vitest';
import { analyzeDocument } from '../../../src/enrichment/analyze-document.ts';
import type { PolicyMode } from '../../../src/tables/policy-tables.ts';
import { allow, analyzer, deny, findingsOf, policy } from '../analyzer.ts';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const pairs = LETTERS.flatMap((one) => LETTERS.map((other) => one + other));
const triples = LETTERS.flatMap((one) => pairs.map((pair) => one + pair));

/** `iam:*` among as many of these patterns as the document has room for. */
function hidden(patterns: readonly string[], characters: number) {
  const document = (count: number) =>
    policy(allow([...patterns.slice(0, count / 2), 'iam:*', ...patterns.slice(count / 2, count)]));
  let count = 0;
  let length = JSON.stringify(document(0)).length;
  for (const pattern of patterns) {
    length += pattern.length + 3;
    if (length > characters) break;
    count++;
  }
  return document(count);
}

const decoys: [string, readonly string[]][] = [
  ['endings', [...LETTERS, ...pairs, ...triples].map((end) => `ec2:*${end}`)],
  ['the same ending', triples.map(() => 'ec2:*q')],
  ['letters anywhere', [...LETTERS, ...pairs, ...triples].map((part) => `ec2:*${part}*`)],
  ['letters apart', pairs.flatMap(([a, b]) => LETTERS.map((c) => `ec2:*${a}*${b}?${c}*`))],
  ['long patterns', triples.map((part) => `ec2:*e*e*e*e*e*e*e*e*e*e*e*e*e*${part}*`)],
  ['the whole service', triples.map(() => 'ec2:*')],
];
const classes: [string, readonly string[]][] = [
  ['classes', triples.map((part) => `ec2:*[${part}]q*`)],
  ['one class of many members', [`ec2:*[${'_'.repeat(10_000)}]`]],
];
/** Only Cloudsplaining takes them for classes: IAM's actions have letters, digits and wildcards. */
const MOST_WITH_CLASSES = 10_240;
const quotas = [
  ['a managed policy', 6_144],
  ["a role's inline policies", 10_240],
  ['an endpoint policy', 20_480],
] as const;
const analysed = (document: unknown, mode: PolicyMode) =>
  analyzeDocument({ policy: document, kind: 'identity', mode }, analyzer);

function expectWildcard(document: unknown): void {
  const answer = analysed(document, 'cloudsplaining');
  expect(answer).toMatchObject({ ok: true, problems: [] });
  expect(answer.ok && answer.analysis).toHaveProperty('service_wildcard', expect.arrayContaining(['iam']));
}

describe.each(quotas)('what fits the quota of %s, %i characters, is analysed', (_name, characters) => {
  test.each(decoys)('iam:* among %s', (_what, patterns) => {
    const document = hidden(patterns, characters);
    const answer = analysed(document, 'effective');
    if (!answer.ok || answer.findings === undefined) throw new Error('the policy was refused');
    expect(findingsOf(answer.findings)).toContain('privilege_escalation:PutUserPolicy high');
  });

  test.each(decoys)('iam:* among %s, in mode cloudsplaining', (_what, patterns) => {
    expectWildcard(hidden(patterns, characters));
  });
});

test.each(classes)('mode cloudsplaining finds iam:* among %s', (_what, patterns) => {
  expectWildcard(hidden(patterns, MOST_WITH_CLASSES));
});

describe('a Deny of everything but resources by wildcards, as many as fit an inline policy', () => {
  // IAM refuses a wildcard in the place of the service.
  const spared = pairs.map((end) => `arn:*:ec2:*:*:*${end}`).slice(0, 500);
  const passing = pairs.map((end) => `arn:*:iam::*:role/${end}*`).slice(0, 150);

  test('is analysed', () => {
    const document = policy(allow('*'), { Effect: 'Deny', Action: '*', NotResource: spared });
    const answer = analysed(document, 'effective');
    expect(answer).toMatchObject({ ok: true, problems: [] });
    expect(answer.ok && answer.findings?.counts.privilege_escalation).toBeLessThan(20);
  });

  test('functions of as many names are analysed', () => {
    const functions = pairs.map((end) => `arn:aws:lambda:*:*:function:${end}*`).slice(0, 250);
    const document = policy(
      allow('iam:PassRole'),
      allow('lambda:CreateFunction', functions),
      allow('lambda:InvokeFunction', functions.toReversed()),
    );
    const answer = analysed(document, 'effective');
    expect(answer).toMatchObject({ ok: true, problems: [] });
    expect(answer.ok && answer.findings?.findings.map(({ method }) => method)).toContain(
      'PassExistingRoleToNewLambdaThenInvoke',
    );
  });

  test('as many roles that can be passed are held against those that cannot', () => {
    const document = policy(
      allow('iam:PassRole', passing),
      deny('iam:PassRole', passing.toReversed()),
      allow('lambda:*'),
    );
    const answer = analysed(document, 'effective');
    expect(answer).toMatchObject({ ok: true, problems: [] });
    expect(answer.ok && answer.findings?.findings.map(({ method }) => method)).not.toContain(
      'PassExistingRoleToNewLambdaThenInvoke',
    );
  });
});

describe("resources by wildcards, as many as fit a role's inline policies", () => {
  const fitting = (statement: (patterns: readonly string[]) => unknown, patterns: readonly string[]) => {
    const longest = 10_000 - JSON.stringify(statement([])).length;
    let length = 0;
    const fits = (pattern: string) => {
      length += pattern.length + 3;
      return length <= longest;
    };
    return statement(patterns.filter(fits));
  };
  const ends = [...pairs, ...triples];
  const kinds: [string, readonly string[]][] = [
    ['of every service', ends.map((end) => `arn:aws:*:*:*:*${end}*`)],
    ['of every service, letters apart', triples.map(([a, b, c]) => `arn:aws:*:*:*:*${a}*${b}*${c}*`)],
    ['that end so', ends.map((end) => `*${end}`)],
    ['letters anywhere', ends.map((part) => `*${part}*`)],
    ['of roles', ends.map((name) => `arn:aws:iam::111122223333:role/${name}*`)],
    ['of functions', ends.map((name) => `arn:aws:lambda:*:*:function:${name}`)],
  ];
  const makers = ['iam:CreateRole', 'iam:AttachRolePolicy', 'iam:PutUserPolicy', 'lambda:*'];
  const methods = (document: unknown) => {
    const answer = analysed(document, 'effective');
    if (!answer.ok || answer.findings === undefined) throw new Error('the policy was refused');
    return findingsOf(answer.findings);
  };

  test.each(kinds)('hide no administrator: %s', (_what, patterns) => {
    const document = fitting((some) => policy(allow(makers, some), allow('*')), patterns);
    expect(methods(document)).toContain('privilege_escalation:PutUserPolicy high');
  });

  test.each(kinds)('may be denied: %s', (_what, patterns) => {
    const document = fitting((some) => policy(deny('*', some), allow('*')), patterns);
    expect(methods(document)).toContain('resource_exposure:s3:PutAccountPublicAccessBlock high');
  });

  test.each(kinds)('hide no role that is made under a name of its own: %s', (_what, patterns) => {
    const own = allow(['iam:CreateRole', 'iam:AttachRolePolicy'], 'arn:aws:iam::111122223333:role/app-*');
    const document = fitting((some) => policy(allow('iam:CreateRole', some), own), patterns);
    expect(methods(document).join()).toContain('privilege_escalation:CreateRoleThenAttachRolePolicy');
  });

  test('a policy with many more names than AWS accepts is analysed for the rest', () => {
    const some = triples.slice(0, 1_200);
    const document = policy(
      allow(
        'iam:CreateUser',
        some.map((name) => `arn:aws:iam::*:user/${name}*`),
      ),
      allow(
        'iam:PutUserPolicy',
        some.map((name) => `arn:aws:iam::*:user/?${name}*`),
      ),
      allow('iam:CreateAccessKey'),
    );
    expect(methods(document)).toContain('privilege_escalation:CreateAccessKey high');
  });
});

describe("a bucket's policy as long as S3 takes", () => {
  const bucket = 'arn:aws:s3:::b/';
  const patterns = Array.from({ length: 420 }, (_, at) => at);
  const denial = (more: Record<string, unknown>) =>
    deny('s3:GetObject', [...patterns.map((at) => `${bucket}*${at}`), `${bucket}*`], {
      Principal: '*',
      ...more,
    });
  const allowed = (who: unknown) =>
    allow(
      's3:*',
      patterns.map((at) => `${bucket}${at}*`),
      { Principal: who },
    );
  const insiders = { Condition: { StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } } };

  test.each([
    ['for everyone', '*', {}],
    ['for everyone, behind a Deny under a condition', '*', insiders],
    ['for another account', { AWS: '444455556666' }, insiders],
  ])('is analysed, however many patterns it holds against each other: %s', (_what, who, more) => {
    const document = policy(allowed(who), denial(more), allow('s3:*', '*', { Principal: '*' }));
    expect(JSON.stringify(document).length).toBeLessThan(20_480);
    const { summary, problems } = analyzer.analyze(document, 'resource', { account: '111122223333' });
    expect(problems).toEqual([]);
    expect(summary?.analysis.public).toBe(true);
  });
});

describe('what AWS would never take', () => {
  test.each(['effective', 'cloudsplaining'] as const)('is refused for what it costs: mode %s', (mode) => {
    const answer = analysed(hidden(decoys[2]?.[1] ?? [], 120_000), mode);
    expect(answer).toMatchObject({ ok: false, problem: { code: 'policy_too_complex', path: 'policy' } });
  });

  test('costs by its length, and not by its length for every name', () => {
    const cost = (members: number) =>
      analyzer.cloudsplaining.expander.expand(`ec2:*[${'_'.repeat(members)}]`).cost;
    const names = cost(100);
    expect(cost(120_000)).toBeGreaterThan(names);
    expect(cost(120_000)).toBeLessThan(names + 120_000);
  });
});
