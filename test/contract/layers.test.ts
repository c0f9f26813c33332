import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  DIRECTORIES,
  DOOR_PACKAGES,
  forbiddenImports,
  importCycle,
  importsBelow,
  importsOfAll,
  importsUpward,
  loadedBy,
  unusedPermissions,
} from './layers.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const imports = importsBelow(`${ROOT}src`);
const allImports = importsOfAll(ROOT);

describe('the architecture shows itself', () => {
  test('imports go only downward through the layers', () => {
    expect(imports.length).toBeGreaterThan(30);
    expect(forbiddenImports(imports)).toEqual([]);
  });

  test('what a room may import it does import', () => {
    expect(unusedPermissions(imports)).toEqual([]);
  });

  test.each(['cli/enrich-files.ts', 'cli/report-files.ts'])('%s loads no part of a door', (file) => {
    const loaded = [...loadedBy(file, imports)];
    const doors = (to: string) => to.startsWith('http/') || DOOR_PACKAGES.some((name) => to.startsWith(name));
    expect(loaded).toContain('enrichment/enrich.ts');
    expect(loaded.filter(doors)).toEqual([]);
  });

  test('a token is made without a word on settings', () => {
    expect([...loadedBy('cli/make-token.ts', imports)]).not.toContain('config.ts');
  });

  test('no file imports itself through others', () => {
    expect(importCycle(allImports)).toEqual([]);
  });

  test('tests import benches, benches scripts, scripts the harness, and it the service, never the other way', () => {
    const files = globSync('*/**/*.ts', { cwd: ROOT, exclude: ['node_modules/**'] });
    expect(new Set(files.map((file) => file.split('/')[0]))).toEqual(new Set(DIRECTORIES));
    expect(importsUpward(allImports)).toEqual([]);
  });

  test.each([
    ['src/server.ts', 'harness/service-process.ts'],
    ['harness/service-process.ts', 'test/service.ts'],
    ['harness/corpora.ts', 'scripts/facts.ts'],
    ['scripts/fuzz.ts', 'test/corpora.ts'],
    ['scripts/fuzz.ts', 'bench/results.json'],
    ['bench/overload.ts', 'test/service.ts'],
    ['src/server.ts', 'tools/x.ts'],
    ['tools/x.ts', 'src/server.ts'],
  ])('%s that imports %s is found to go the wrong way', (from, to) => {
    expect(importsUpward([{ from, to }])).toEqual([`${from} imports ${to}`]);
  });

  test.each([
    ['event/parse-record.ts', 'http/schemas.ts'],
    ['session/session-origin.ts', 'policy/parse-policy.ts'],
    ['enrichment/enrich.ts', 'observability/metrics.ts'],
    ['action/identify-action.ts', 'fastify'],
    ['session/session-store.ts', 'ioredis'],
    ['policy/effective/grants.ts', 'policy/memory/policy-memory.ts'],
    ['policy/document/parse-policy.ts', 'policy/policy-analyzer.ts'],
    ['http/enrich-route.ts', 'app.ts'],
  ])('%s that imports %s is found', (from, to) => {
    expect(forbiddenImports([{ from, to }])).toEqual([`${from} imports ${to}`]);
  });

  test('a cycle is found', () => {
    const cycle = importCycle([
      { from: 'event/a.ts', to: 'event/b.ts' },
      { from: 'event/b.ts', to: 'event/c.ts' },
      { from: 'event/c.ts', to: 'event/b.ts' },
    ]);
    expect(cycle).toEqual(['event/b.ts', 'event/c.ts', 'event/b.ts']);
  });
});
