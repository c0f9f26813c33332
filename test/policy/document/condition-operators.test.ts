import { describe, expect, test } from 'vitest';
import {
  deniesWithout,
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
