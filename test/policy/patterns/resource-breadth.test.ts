import { describe, expect, test } from 'vitest';
import { allow, analyze, analyzer, policy } from '../analyzer.ts';

const { breadth, table } = analyzer.effective;
const rows = analyzer.tables.policies.resourceTypes;

describe('actions that are limited by a NotResource', () => {
  test.each(['arn:*', 'arn:aws:ec2:*', 'arn:aws:s3:::*', 'arn:aws:iam::*:role/*', 'arn:*:function:*'])(
    '%s: those that take none but the resources it names',
    (pattern) => {
      const covered = new Set(breadth.covered(pattern).types);
      const types = new Set([...covered].map((type) => `${rows[type]?.[0]} ${rows[type]?.[1]}`));
      const limited = table.all.filter(
        ({ service, resourceTypes }) =>
          resourceTypes.length > 0 && resourceTypes.every((type) => types.has(`${service} ${type}`)),
      );
      const found = breadth.limitedTo(covered).sort((a, b) => a - b);
      expect(found).toEqual(limited.map(({ index }) => index));
      expect(breadth.limitedTo(covered)).toHaveLength(found.length);
    },
  );
});

test("as many NotResource as fit into a role's inline policies are counted", () => {
  const statement = { Effect: 'Allow', Action: '*', NotResource: 'arn:*' };
  const document = policy(...Array.from({ length: 190 }, () => statement));
  expect(JSON.stringify(document).length).toBeGreaterThan(10_240);
  expect(analyze(document).counts).toEqual(analyze(policy(statement)).counts);
});

test('a pattern that is there a thousand times means what it means once', () => {
  const often = Array.from({ length: 1_000 }, () => 'arn:*');
  expect(analyze(policy(allow('*', often)))).toEqual(analyze(policy(allow('*', 'arn:*'))));
  const actions = Array.from({ length: 9_000 }, () => 'ec2:*');
  expect(analyze(policy(allow(actions)))).toEqual(analyze(policy(allow('ec2:*'))));
});
