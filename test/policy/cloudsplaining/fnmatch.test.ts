import { describe, expect, test } from 'vitest';
import { fnmatchTest } from '../../../src/policy/cloudsplaining/fnmatch.ts';

/** Answers of Python 3.11's fnmatch.fnmatchcase. */
describe("Python's fnmatch, as Cloudsplaining uses it,", () => {
  test.each([
    ['s3:get*', 's3:getobject', true],
    ['s3:get*', 's3:putobject', false],
    ['s3:*a*a*b', 's3:xaxaxb', true],
    ['s3:*a*a*b', 's3:xaxbx', false],
    ['s3:g?t*', 's3:getobject', true],
    ['s3:[gp]et*', 's3:getobject', true],
    ['s3:[!g]et*', 's3:getobject', false],
    ['s3:[!g]et*', 's3:petobject', true],
    ['s3:[a-c]*', 's3:bucket', true],
    ['s3:[c-a]*', 's3:bucket', false],
    ['s3:[!c-a]*', 's3:bucket', true],
    ['s3:[]a]*', 's3:abort', true],
    ['s3:[!]a]*', 's3:bucket', true],
    ['s3:[-b]*', 's3:bucket', true],
    ['s3:[b-]*', 's3:bucket', true],
    ['s3:[a-c-e]*', 's3:delete', false],
    ['s3:[a-c-e]*', 's3:enter', true],
    ['s3:[a--b]*', 's3:bucket', true],
    ['s3:[b*', 's3:bucket', false],
    ['s3:[]*', 's3:bucket', false],
    ['s3:[!]*', 's3:bucket', false],
    ['s3:[[b]*', 's3:bucket', true],
    ['s3:[\\b]*', 's3:bucket', true],
    ['s3:[z-a!q]etobject*', 's3:getobject', true],
    ['s3:[z-a!q]etobject*', 's3:qetobject', false],
    ['s3:[z-a!q]etobject*', 's3:!etobject', true],
    ['s3:[a!q]etobject*', 's3:getobject', false],
    ['s3:[z-a!]etobject*', 's3:getobject', true],
    ['s3:[z-a!-q]etobject*', 's3:getobject', true],
    ['s3:[z-a!-q]etobject*', 's3:-etobject', false],
    ['s3:[z-a!-q]etobject*', 's3:qetobject', false],
    ['s3:[z-a!!-]etobject*', 's3:-etobject', false],
    ['s3:[!z-a!q]etobject*', 's3:getobject', true],
    ['s3:[!z-a!q]etobject*', 's3:!etobject', false],
    ['s3:[z-ag!]etobject*', 's3:getobject', true],
    ['s3:[f-h\u00fc-\u{1f600}]etobject*', 's3:getobject', true],
    ['s3:[!f-\u{1f600}]etobject*', 's3:getobject', false],
  ])('%s on %s: %s', (pattern, name, expected) => {
    expect(fnmatchTest(pattern)(name)).toBe(expected);
  });

  test('a class of many members means what they mean once each', () => {
    const often = fnmatchTest(`s3:[${'a-c_z-q'.repeat(1_000)}]*`);
    const once = fnmatchTest('s3:[a-c_]*');
    for (const first of 'abcd_-qz')
      expect([first, often(`s3:${first}`)]).toEqual([first, once(`s3:${first}`)]);
  });

  test('a class that is never closed costs no more than its length', () => {
    const before = performance.now();
    expect(fnmatchTest(`s3:${'[a'.repeat(200_000)}*`)('s3:getobject')).toBe(false);
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});
