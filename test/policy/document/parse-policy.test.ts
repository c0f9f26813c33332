import { describe, expect, test } from 'vitest';
import { MAX_DEPTH, MAX_KEYS } from '../../../src/event/json-limits.ts';
import { LONGEST_DOCUMENT, parseDocument } from '../../../src/policy/document/parse-policy.ts';

const long = 'a'.repeat(LONGEST_DOCUMENT);
const deep = `${'{"a":'.repeat(MAX_DEPTH + 1)}1${'}'.repeat(MAX_DEPTH + 1)}`;
const listed = JSON.stringify({ Action: Array.from({ length: MAX_KEYS }, () => '') });

describe('a document beyond any policy', () => {
  test.each([
    ['a text that is too long', JSON.stringify({ Sid: long })],
    ['an object that is too large', { Sid: long }],
    ['a text that is nested too deeply', deep],
    ['a text that lists too much', listed],
  ])('is too large: %s', (_name, value) => {
    const path = 'requestParameters.policyDocument';
    const parsed = parseDocument({ value, path });
    expect(parsed).toMatchObject({ problem: { code: 'policy_too_large', path } });
  });
});

describe('a list where a document stands', () => {
  const document = { Version: '2012-10-17', Statement: [] };
  const parsed = (value: unknown) => parseDocument({ value, path: 'requestParameters.bucketPolicy' });

  test('is the document where it holds one', () => {
    expect(parsed([document])).toMatchObject({ document });
  });

  test.each([[[document, document]], [[]]])('is refused where it does not hold one: %j', (value) => {
    expect(parsed(value)).toMatchObject({ problem: { code: 'policy_invalid' } });
  });
});
