import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { recordOf } from '../../harness/session-events.ts';
import { saveSnapshot } from '../../src/memory-snapshot.ts';
import { ISSUING_CALLS, issuanceOf } from '../../src/session/issuance.ts';
import { PASSWORD_CALLS, SIGN_INS } from '../../src/session/made-credentials.ts';
import { CANARY, SECRET_EVENTS } from './secret-events.ts';
import { SESSION_CALLS } from './session-calls.ts';
import { ask, newStore } from './trail.ts';

test('every call that hands out a credential, signs in or sets a password is among them', () => {
  const signIns = [...SIGN_INS].map((name) => `signin:${name}`);
  const actions = SESSION_CALLS.map(([source, name]) => `${source.replace('.amazonaws.com', '')}:${name}`);
  expect(actions).toEqual(expect.arrayContaining([...ISSUING_CALLS.keys(), ...signIns, ...PASSWORD_CALLS]));
});

test('a secret beside what is read is in no answer, no row and no snapshot', async () => {
  const store = newStore();
  for (let round = 0; round < 2; round++) {
    for (const event of SECRET_EVENTS)
      expect(JSON.stringify(ask(store, event)), `${event['eventName']}`).not.toContain(CANARY);
  }
  for (const event of SECRET_EVENTS) {
    const isIssuance = issuanceOf(recordOf(event)) !== undefined;
    expect(isIssuance, `${event['eventName']} is learned from`).toBe(event['eventName'] !== 'ListBuckets');
  }
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
