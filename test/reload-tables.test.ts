import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { withoutLearning } from '../src/enrichment/without-learning.ts';
import { reloadTables } from '../src/reload-tables.ts';

const directory = mkdtempSync(join(tmpdir(), 'tables-'));
cpSync('data', directory, { recursive: true });
afterAll(() => rmSync(directory, { recursive: true }));

test('tables, what is made of them and what sessions know of networks are swapped as one, or not at all', () => {
  const config = loadConfig({
    DETRAILS_LOG_LEVEL: 'silent',
    DETRAILS_TABLES_DIR: directory,
    DETRAILS_ALLOWED_NETWORKS: '192.0.2.0/24',
  });
  const now = () => 7;
  const context = createContext(config, now);
  const { enrichment } = context;
  const guest = withoutLearning(enrichment);
  const before = enrichment.knowledge;
  const ofGuest = guest.knowledge;
  expect(reloadTables(context)).toBe(true);
  const after = enrichment.knowledge;
  expect(after.tables).not.toBe(before.tables);
  expect(after.policyAnalyzer.tables).toBe(after.tables);
  expect(after.session.networks).toBe(after.tables.networks);
  expect(after.session).toMatchObject({ now, learn: true });
  expect(after.session.allowedNetworks).toBeDefined();
  expect(guest.knowledge).not.toBe(ofGuest);
  expect(guest.knowledge).toEqual({ ...after, session: { ...after.session, learn: false } });
  expect(guest.knowledge, 'made once, not for each event').toBe(guest.knowledge);

  writeFileSync(join(directory, 'curated', 'risk-levels.json'), '{');
  expect(reloadTables(context)).toBe(false);
  expect(enrichment.knowledge).toBe(after);
});
