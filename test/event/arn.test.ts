import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountOfArn, isServiceLinkedRole, parseArn } from '../../src/event/arn.ts';

test('an ARN has six parts, of which the last may hold colons itself', () => {
  const part = fc.string({ unit: fc.constantFrom('a', '1', '/', '-', '*') });
  fc.assert(
    fc.property(
      fc.tuple(part, part, part, part),
      fc.array(part, { minLength: 1, maxLength: 3 }),
      (head, tail) => {
        const resource = tail.join(':');
        const [partition, service, region, account] = head;
        expect(parseArn(['arn', ...head, resource].join(':'))).toEqual({
          partition,
          service,
          region,
          account,
          resource,
        });
      },
    ),
  );
});

test.each([
  ['arn:aws:iam::111122223333:role/x', '111122223333'],
  ['arn:aws:s3:::bucket', undefined],
  ['arn:aws:iam::111122223333', undefined],
  ['arn:', undefined],
  ['arn:::::', undefined],
  ['urn:aws:iam::111122223333:role/x', undefined],
  ['', undefined],
  [undefined, undefined],
])('%s belongs to the account %s', (arn, account) => {
  expect(accountOfArn(arn)).toBe(account);
});

test.each([
  ['arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS', true],
  ['arn:aws:iam::111122223333:role/x:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS', false],
  ['arn:aws:iam::111122223333:role/AWSServiceRoleForECS', false],
  [undefined, false],
])('%s is a role of a service alone: %s', (arn, expected) => {
  expect(isServiceLinkedRole(arn)).toBe(expected);
});
