import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { saveSnapshot } from '../../src/memory-snapshot.ts';
import { CANARY, SECRET_EVENTS } from './secret-events.ts';
import { ask, newStore } from './trail.ts';

test('a secret beside what is read is in no answer, no row and no snapshot', async () => {
  const store = newStore();
  for (let round = 0; round < 2; round++) {
    for (const event of SECRET_EVENTS)
      expect(JSON.stringify(ask(store, event)), `${event['eventName']}`).not.toContain(CANARY);
  }
  expect(store.entries, 'the records were learned from').toBeGreaterThan(8);
  const directory = mkdtempSync(`${tmpdir()}/canary-`);
  try {
    await saveSnapshot(store, `${directory}/sessions`);
    const snapshot = readFileSync(`${directory}/sessions`, 'utf8');
    expect(snapshot).toContain('AIDAEXAMPLEALICE');
    expect(snapshot).not.toContain(CANARY);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
