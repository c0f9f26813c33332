import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ResourcePattern } from '../../../src/policy/patterns/resource-pattern.ts';
import { wildcardTest } from '../../../src/policy/patterns/wildcard.ts';

const pattern = fc.array(fc.constantFrom('a', 'b', ':', '/', '*', '?')).map((units) => units.join(''));

describe('a pattern that was taken apart', () => {
  test('takes in no pattern that fits more', () => {
    const text = fc.array(fc.constantFrom('a', 'b', ':', '/')).map((units) => units.join(''));
    fc.assert(
      fc.property(pattern, pattern, text, (wide, narrow, fitting) => {
        fc.pre(wildcardTest(narrow)(fitting) && !wildcardTest(wide)(fitting));
        expect(new ResourcePattern(wide).takesIn(new ResourcePattern(narrow))).toBe(false);
      }),
      { maxSkipsPerRun: 1000 },
    );
  });

  test('may meet whatever has a resource in common with it', () => {
    const name = fc.array(fc.constantFrom('a', 'b', '/')).map((units) => units.join(''));
    const widened = name.chain((text) =>
      fc
        .array(fc.constantFrom('*', '?', 'same'), { minLength: text.length, maxLength: text.length })
        .map((marks) => [...text].map((unit, at) => (marks[at] === 'same' ? unit : marks[at])).join('')),
    );
    fc.assert(
      fc.property(widened, widened, name, (one, other, text) => {
        fc.pre(wildcardTest(one)(text) && wildcardTest(other)(text));
        const [first, second] = [one, other].map((end) => new ResourcePattern(`arn:aws:iam::*:role/${end}`));
        expect(first?.mayMeet(second ?? first)).toBe(true);
      }),
      { maxSkipsPerRun: 100_000, numRuns: 200 },
    );
  });

  test.each([
    ['arn:aws:lambda:*:111122223333:function:dev-*', 'arn:aws:lambda:us-east-1:*:function:prod-*', false],
    ['arn:aws:iam::111122223333:role/app-*', 'arn:aws:iam::111122223333:role/*-svc', true],
    ['arn:aws:iam::111122223333:role/app-*', 'arn:aws:iam::111122223333:role/app', false],
    ['*-svc', 'arn:aws:iam::111122223333:role/app-*', true],
  ])('%s and %s: %s', (one, other, meets) => {
    expect(new ResourcePattern(one).mayMeet(new ResourcePattern(other))).toBe(meets);
    expect(new ResourcePattern(other).mayMeet(new ResourcePattern(one))).toBe(meets);
  });
});
