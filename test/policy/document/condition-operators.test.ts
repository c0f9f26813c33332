import { describe, expect, test } from 'vitest';
import {
  deniesWithout,
  isMetBy,
  sparesForwarded,
  sparesServices,
} from '../../../src/policy/document/condition-operators.ts';

describe('a condition on false', () => {
  const condition = (key: string, value: string) => ({ operator: 'boolifexists', key, values: [value] });

  test.each([
    ['false', true],
    ['False', true],
    ['FALSE', true],
    ['true', false],
    ['no', false],
  ])('is written as IAM reads it, in any case: %s', (value, isFalse) => {
    expect(sparesServices(condition('aws:principalisawsservice', value))).toBe(isFalse);
    expect(sparesForwarded(condition('aws:viaawsservice', value))).toBe(isFalse);
    expect(deniesWithout(condition('aws:multifactorauthpresent', value))).toBe(isFalse);
  });
});

describe('a request that has one value for the key', () => {
  test.each([
    ['stringequals', 'a', true],
    ['stringequals', 'b', false],
    ['stringlike', 'a*', true],
    ['stringequalsignorecase', 'A', true],
    ['stringlikeifexists', 'b', false],
    ['foranyvalue:stringlike', '?', true],
    ['forallvalues:stringlike', 'b', false],
    ['stringnotequals', 'a', false],
    ['forallvalues:stringnotlike', 'b*', true],
    ['null', 'true', false],
    ['null', 'False', true],
  ])('%s %s: %s', (operator, value, isMet) => {
    expect(isMetBy({ operator, key: 'example:key', values: [value] }, 'a')).toBe(isMet);
  });
});
