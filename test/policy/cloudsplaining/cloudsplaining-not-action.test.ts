import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { analyzeCloudsplaining } from '../../../src/policy/cloudsplaining/analyze-cloudsplaining.ts';
import { ActionSet } from '../../../src/policy/patterns/action-set.ts';
import { allow, analyzer, policy } from '../analyzer.ts';

const everything = analyze(allow('*'));

function analyze(statement: Record<string, unknown>) {
  const answer = analyzeCloudsplaining(policy(statement), analyzer.cloudsplaining);
  if ('code' in answer) throw new Error('the policy was refused');
  return answer;
}

const names = fc.constantFrom(
  'iam:PassRole',
  'IAM:passrole',
  'iam:putuserpolicy',
  'S3:GetObject',
  's3:getobjecT',
  's3:NoSuchAction',
  'no-such:GetObject',
  'a:b',
  'ec2:RunInstances',
);

test('a NotAction leaves what it does not name in any spelling', () => {
  fc.assert(
    fc.property(fc.array(names, { minLength: 1, maxLength: 6 }), (excluded) => {
      const lower = new Set(excluded.map((name) => name.toLowerCase()));
      const left = (actions: readonly string[]) => actions.filter((name) => !lower.has(name.toLowerCase()));
      const answer = analyze({ Effect: 'Allow', NotAction: excluded, Resource: '*' });
      expect(answer.infrastructureModification).toEqual(left(everything.infrastructureModification));
      expect(answer.resourceExposure).toEqual(left(everything.resourceExposure));
      expect(answer.dataExfiltration).toEqual(left(everything.dataExfiltration));
    }),
  );
});

test('a NotAction of a name that nothing has does not ask every action of the table', () => {
  const asked = vi.spyOn(ActionSet, 'of');
  expect(analyze({ Effect: 'Allow', NotAction: 'a:b', Resource: '*' })).toMatchObject({
    resourceExposure: everything.resourceExposure,
  });
  expect(asked).not.toHaveBeenCalled();
});
