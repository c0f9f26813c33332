import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CREDENTIAL_KINDS } from '../../src/session/claim.ts';
import { ORIGIN_JOINS, UNKNOWN_REASONS } from '../../src/session/origin.ts';
import { BASELINES, SOURCE_VERDICTS } from '../../src/session/source-verdicts.ts';

const document = readFileSync(new URL('../../docs/session-origin.md', import.meta.url), 'utf8');

test.each([
  ['kind of credential', CREDENTIAL_KINDS],
  ['join', ORIGIN_JOINS],
  ['reason', UNKNOWN_REASONS],
  ['verdict', SOURCE_VERDICTS],
  ['baseline', BASELINES],
])('docs/session-origin.md says what each %s means', (_what, values) => {
  expect(values.filter((value) => !document.includes(`\`${value}\``))).toEqual([]);
});

test('docs/session-origin.md numbers its facts, steps and verdicts once each, and cites only those', () => {
  const own = [...document.matchAll(/^(?:- \*\*|\| )([FJV]\d+[ab]?)(?:\.\*\*| \|)/gm)].map(
    ([, name = '']) => name,
  );
  expect(own).toContain('F1');
  expect(new Set(own).size).toBe(own.length);
  const cited = [...document.matchAll(/\b[FJV]\d+[ab]?\b/g)].map(([name]) => name);
  const known = [...own, ...own.map((name) => name.replace(/[ab]$/, ''))];
  expect(cited.filter((name) => !known.includes(name))).toEqual([]);
  expect(document).not.toMatch(/\(\d{1,2}(?:, \d{1,2})*\)/);
});
