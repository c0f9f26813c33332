import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/event/json.ts';
import { analyzeCloudsplaining } from '../../src/policy/cloudsplaining/analyze-cloudsplaining.ts';
import { analyzeCloudsplainingTrust } from '../../src/policy/cloudsplaining/analyze-cloudsplaining-trust.ts';
import { parseDocument } from '../../src/policy/document/parse-policy.ts';
import { JointSteps } from '../../src/policy/effective/escalation-steps.ts';
import type { PolicyAnalysis } from '../../src/policy/policy-findings.ts';
import type { EscalationSteps } from '../../src/policy/policy-summary.ts';
import type { PolicyKind } from '../../src/tables/policy-events.ts';
import { allow, analyze, analyzer, deny, policy } from './analyzer.ts';

const actions = fc.constantFrom(
  '*',
  'iam:*',
  'iam:PassRole',
  'iam:Put*',
  'iam:CreateAccessKey',
  's3:*',
  's3:GetObject',
  's3:Get*',
  'ec2:RunInstances',
  'lambda:CreateFunction',
  'lambda:InvokeFunction',
  'lambda:UpdateFunctionCode',
  'sts:AssumeRole',
  'ecr:GetAuthorizationToken',
  'dynamodb:Scan',
  'kms:Decrypt',
  'sqs:AddPermission',
  'secretsmanager:GetSecretValue',
  'ssm:Get*',
  'no-such:Action',
);
const resources = fc.constantFrom(
  '*',
  '**',
  'arn:aws:s3:::*',
  'arn:aws:s3:::example/*',
  'arn:aws:iam::111122223333:role/*',
  'arn:aws:iam::111122223333:role/app',
  'arn:aws:lambda:eu-west-1:111122223333:function:*',
  'arn:*',
  'arn:aws:iam::*:user/self-*',
);
const conditions = fc.constantFrom<Record<string, unknown>>(
  {},
  { Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
  { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-example' } } },
  { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } },
);
const list = <T>(values: fc.Arbitrary<T>) => fc.array(values, { minLength: 1, maxLength: 4 });
const statement = fc
  .tuple(fc.boolean(), fc.boolean(), list(actions), fc.boolean(), list(resources), conditions)
  .map(([allowed, named, action, positive, resource, condition]) => ({
    Effect: allowed ? 'Allow' : 'Deny',
    [named ? 'Action' : 'NotAction']: action,
    [positive ? 'Resource' : 'NotResource']: resource,
    ...condition,
  }));
const statements = fc.array(statement, { maxLength: 4 });
const principal = fc.constantFrom<unknown>(
  '*',
  { AWS: '*' },
  { AWS: 'arn:aws:iam::444455556666:root' },
  { AWS: '111122223333' },
  { Service: 'sns.amazonaws.com' },
  { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' },
);

const widenings = fc.constantFrom(
  (one: JsonObject) => ({ ...one, Resource: '*' }),
  (one: JsonObject) => ({ ...one, Action: '*' }),
  (one: JsonObject) => ({ ...one, Action: [...(one['Action'] as string[]), 'iam:*'] }),
  (one: JsonObject) => ({ ...one, Condition: {} }),
);

/** Findings by what they say, whatever their confidence and the statements that they point to. */
function names({ findings }: PolicyAnalysis): Set<string> {
  return new Set(
    findings.flatMap(({ risk, method, actions: found, principals }) =>
      (method === undefined ? (principals ?? found) : [method]).map((name) => `${risk}:${name}`),
    ),
  );
}

/** `service_wildcard:*` stands for every service. */
function isWithin(smaller: Set<string>, larger: Set<string>): boolean {
  return [...smaller].every(
    (name) => larger.has(name) || (name.startsWith('service_wildcard:') && larger.has('service_wildcard:*')),
  );
}

describe('what always holds of mode effective', () => {
  test('a Deny of everything never adds a finding: it leaves none', () => {
    fc.assert(
      fc.property(statements, (some) => {
        expect(names(analyze(policy(...some, deny('*'))))).toEqual(new Set());
      }),
    );
  });

  test('a Deny never adds a finding', () => {
    fc.assert(
      fc.property(
        statements,
        list(actions),
        list(resources),
        conditions,
        (some, action, resource, condition) => {
          const more = policy(...some, deny(action, resource, condition));
          expect(isWithin(names(analyze(more)), names(analyze(policy(...some))))).toBe(true);
        },
      ),
    );
  });

  test('a Deny never lets anyone in', () => {
    const open = fc.tuple(statement, principal).map(([one, who]): JsonObject => ({ ...one, Principal: who }));
    fc.assert(
      fc.property(fc.array(open, { maxLength: 4 }), open, (some, denial) => {
        const more = policy(...some, { ...denial, Effect: 'Deny' });
        expect(isWithin(names(analyze(more, 'resource')), names(analyze(policy(...some), 'resource')))).toBe(
          true,
        );
      }),
    );
  });

  test('widening an Allow never takes a finding away', () => {
    fc.assert(
      fc.property(
        statements,
        list(actions),
        list(resources),
        conditions,
        widenings,
        (some, action, resource, condition, widen) => {
          const narrow = allow(action, resource, condition);
          const before = names(analyze(policy(...some, narrow)));
          expect(isWithin(before, names(analyze(policy(...some, widen(narrow)))))).toBe(true);
        },
      ),
    );
  });

  test('widening a policy of a bounded user never takes a method away from what all its policies do', () => {
    const stepsOf = (some: readonly Record<string, unknown>[]) =>
      analyzer.analyze(policy(...some), 'identity').summary?.steps as EscalationSteps;
    const methods = (policies: readonly EscalationSteps[], boundary: EscalationSteps) =>
      new JointSteps(policies, boundary).findings(analyzer.effective).map(({ method }) => method);
    const step = list(fc.constantFrom('iam:PassRole', 'lambda:CreateFunction', 'iam:Put*'));
    const role = list(fc.constantFrom('*', 'arn:aws:iam::111122223333:role/app'));
    const run = allow('lambda:*');
    const allowed = fc.tuple(step, role, conditions);
    const some = fc.array(allowed, { minLength: 1, maxLength: 3 });
    const allowing = (all: readonly (readonly [string[], string[], Record<string, unknown>])[]) =>
      stepsOf([run, ...all.map(([action, resource, condition]) => allow(action, resource, condition))]);
    const property = fc.property(some, some, allowed, widenings, (other, within, narrow, widen) => {
      const one = allow(...narrow);
      const boundary = allowing(within);
      const before = methods([allowing(other), stepsOf([one])], boundary);
      const after = methods([allowing(other), stepsOf([widen(one)])], boundary);
      expect(before.filter((method) => !after.includes(method))).toEqual([]);
    });
    fc.assert(property, { numRuns: 300 });
  });

  test('a policy alone opens the methods that its kept steps open', () => {
    const passing = fc.record({
      StringEquals: fc.record({
        'iam:PassedToService': list(fc.constantFrom('lambda.amazonaws.com', 'ec2.amazonaws.com')),
      }),
    });
    const boundary = fc.constant({
      StringEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::111122223333:policy/edge' },
    });
    const step = fc.tuple(
      fc.boolean(),
      list(
        fc.oneof(
          actions,
          fc.constantFrom('iam:*Role', 'iam:AttachUserPolicy', 'iam:DeleteRolePermissionsBoundary'),
        ),
      ),
      list(
        fc.oneof(
          resources,
          fc.constantFrom(`arn:aws:iam::*:user/\${aws:username}`, 'arn:aws:iam::*:role/dev-*'),
        ),
      ),
      fc.option(fc.oneof(passing, boundary), { nil: undefined }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (some) => {
        const document = policy(
          ...some.map(([allowed, action, resource, Condition]) =>
            (allowed ? allow : deny)(action, resource, Condition && { Condition }),
          ),
        );
        const summary = analyzer.analyze(document, 'identity').summary;
        const alone = summary?.analysis.findings.filter(({ risk }) => risk === 'privilege_escalation');
        const joint = new JointSteps([summary?.steps as EscalationSteps]).findings(analyzer.effective);
        expect(joint).toEqual(alone?.map((finding) => ({ ...finding, statements: [] })));
      }),
      { numRuns: 300 },
    );
  });

  test('the order of statements never matters', () => {
    const told = (analysis: PolicyAnalysis) => ({
      ...analysis,
      findings: analysis.findings.map((finding) => ({ ...finding, statements: finding.statements.length })),
    });
    fc.assert(
      fc.property(statements, (some) => {
        expect(told(analyze(policy(...some.toReversed())))).toEqual(told(analyze(policy(...some))));
      }),
    );
  });

  test('the case of action names never matters', () => {
    const cased = (one: JsonObject, change: (name: string) => string) =>
      Object.fromEntries(
        Object.entries(one).map(([element, value]) => [
          element,
          element.endsWith('Action') ? (value as string[]).map(change) : value,
        ]),
      );
    fc.assert(
      fc.property(statements, (some) => {
        const upper = some.map((one) => cased(one, (name) => name.toUpperCase()));
        const lower = some.map((one) => cased(one, (name) => name.toLowerCase()));
        expect(analyze(policy(...upper))).toEqual(analyze(policy(...lower)));
      }),
    );
  });

  test('the order of statements never matters to who gets in', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(statement, principal), { maxLength: 4 }), (some) => {
        const open = some.map(([one, who]) => ({ ...one, Principal: who }));
        const names1 = names(analyze(policy(...open), 'resource'));
        expect(names(analyze(policy(...open.toReversed()), 'resource'))).toEqual(names1);
      }),
    );
  });
});

describe('whatever JSON is sent', () => {
  const kinds = fc.constantFrom<PolicyKind>('identity', 'trust', 'resource');
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.record({ Statement: fc.jsonValue() }),
    fc.record({
      Statement: fc.array(
        fc.dictionary(
          fc.constantFrom(
            'Effect',
            'Action',
            'NotAction',
            'Resource',
            'NotResource',
            'Principal',
            'Condition',
            '__proto__',
          ),
          fc.oneof(fc.jsonValue(), fc.constantFrom('Allow', 'Deny', '*', 's3:*')),
        ),
      ),
    }),
  );

  test('neither mode throws', () => {
    fc.assert(
      fc.property(anything, kinds, (value, kind) => {
        const document = value as JsonObject;
        analyzeCloudsplaining(document, analyzer.cloudsplaining);
        analyzeCloudsplainingTrust(document, {
          currentAccountId: undefined,
          computeServices: ['ec2'],
        });
        const parsed = parseDocument({ path: 'policy', value });
        if ('document' in parsed) analyzer.analyze(parsed.document, kind);
      }),
    );
  });

  test('text is read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(Object.keys(parseDocument({ path: 'policy', value }))).toHaveLength(1);
      }),
    );
  });
});
