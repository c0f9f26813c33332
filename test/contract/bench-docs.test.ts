import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import results from '../../bench/results.json' with { type: 'json' };
import { type BenchRun, withRuns } from '../../bench/results.ts';
import { withBenchTable } from '../../bench/table.ts';

const runOf = (bench: string, date: string, ours: number): BenchRun => ({
  bench,
  date,
  node: 'v24.0.0',
  machine: '2 x a processor',
  measures: [{ what: bench, unit: 's', ours }],
});

test('a bench that runs alone takes the place of its own last run, and of no other', () => {
  const known = [runOf('start', '2026-11-01', 1), runOf('growth', '2026-11-01', 2)];
  const all = withRuns(known, [runOf('growth', '2026-11-02', 3)], ['start', 'peers', 'growth']);
  expect(all).toEqual([runOf('start', '2026-11-01', 1), runOf('growth', '2026-11-02', 3)]);
  const text = withBenchTable(page, all);
  expect(text).toMatch(/2026-11-01, .*\n(?:.*\n)*\| start .*\n\n2026-11-02, .*\n(?:.*\n)*\| growth /);
});

const page = readFileSync(new URL('../../bench/README.md', import.meta.url), 'utf8');

test('the tables of bench/README.md are those of the last runs', () => {
  expect(withBenchTable(page, results)).toBe(page);
});

const runs: readonly BenchRun[] = results;
const measured = (name: string) =>
  runs.flatMap(({ measures }) => measures).find(({ what }) => what.trim() === name);
const rounded = (figure = 0) => (Math.round(figure / 100) * 100).toLocaleString('en-US');
const textOf = (name: string) =>
  readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');

test.each(['README.md', 'docs/operations.md'])('%s gives the speed of the last run', (name) => {
  const { ours = 0, theirs } = measured('/enrich, 50 connections') ?? {};
  expect(textOf(name)).toContain(`about ${rounded(ours)} events a second on one core`);
  expect(textOf(name)).toContain(`${(ours / (theirs ?? 1)).toFixed(2)} of what a Fastify route answers`);
  expect(ours / (theirs ?? 1)).toBeGreaterThanOrEqual(0.85);
});

test('docs/operations.md sizes a machine by the last run', () => {
  const text = textOf('docs/operations.md');
  const million = (measured('1,000,000 sessions, memory')?.ours ?? 0) / 1000;
  expect(text).toContain(`An idle process takes ${Math.round(measured('memory when idle')?.ours ?? 0)} MB`);
  expect(text).toContain(`a million sessions take ${million.toFixed(1)} GB`);
  const one = rounded(measured('as the http filter, 1 worker')?.ours);
  const eight = rounded(measured('as the http filter, 8 workers')?.ours);
  expect(text).toContain(`${one} events a second with one worker and ${eight} with eight`);
});
