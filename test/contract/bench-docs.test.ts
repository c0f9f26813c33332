import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import results from '../../bench/results.json' with { type: 'json' };
import { withBenchTable } from '../../scripts/bench-table.ts';

const page = readFileSync(new URL('../../bench/README.md', import.meta.url), 'utf8');

test('the table of bench/README.md is that of the last run', () => {
  expect(withBenchTable(page, results)).toBe(page);
});

test.each(['README.md', 'docs/operations.md'])('%s promises no more speed than was measured', (name) => {
  const fastify = results.measures.find(({ what }) => what === '/enrich, 50 connections');
  const text = readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
  expect(text).toContain('nine tenths of');
  expect((fastify?.ours ?? 0) / (fastify?.theirs ?? 1)).toBeGreaterThanOrEqual(0.85);
});
