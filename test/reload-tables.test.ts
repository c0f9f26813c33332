import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import type { EnrichmentContext } from '../src/enrichment/enrich.ts';
import { learnStream } from '../src/enrichment/learn-stream.ts';
import { withoutLearning } from '../src/enrichment/without-learning.ts';
import type { Turn } from '../src/event/byte-source.ts';
import { reloadTables } from '../src/reload-tables.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

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

test('tables of before a reload are freed, though no guest asks after it and a stream goes on', async () => {
  const context = createContext(loadConfig({ DETRAILS_LOG_LEVEL: 'silent' }));
  const { enrichment } = context;
  const guest = withoutLearning(enrichment);
  const asked = (enrichments: readonly EnrichmentContext[]) =>
    enrichments.flatMap(({ knowledge }) =>
      [knowledge, knowledge.tables, knowledge.session].map((one) => new WeakRef(one)),
    );
  const before = asked([enrichment, guest]);
  let left: number | undefined;
  async function* reloaded(): AsyncGenerator<Turn> {
    yield [Buffer.from('{"eventName":"AssumeRole"}\n')];
    expect(reloadTables(context)).toBe(true);
    // What a turn of the event loop has looked at by a WeakRef lives until its end.
    await setImmediate();
    collect();
    left = before.filter((one) => one.deref() !== undefined).length;
  }
  await learnStream(reloaded(), enrichment, 1000);
  expect(left).toBe(0);
});
