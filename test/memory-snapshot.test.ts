import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { NOW } from '../harness/session-events.ts';
import { restoreSnapshot, saveSnapshot } from '../src/memory-snapshot.ts';
import { HISTORY } from './session/history.ts';
import { ask, newStore } from './session/trail.ts';

const directory = mkdtempSync(`${tmpdir()}/snapshot-`);
const path = `${directory}/sessions.ndjson`;
afterAll(() => rmSync(directory, { recursive: true }));

function dumped(store: ReturnType<typeof newStore>): string[] {
  return [...store.dump()].map((row) => JSON.stringify(row));
}

test('a restart forgets nothing', async () => {
  await fc.assert(
    fc.asyncProperty(HISTORY, async ({ events }) => {
      const store = newStore();
      for (const event of events) ask(store, event);
      const { rows } = await saveSnapshot(store, path);
      const restored = newStore();
      expect(await restoreSnapshot(restored, path, NOW)).toEqual({ status: 'restored', rows, leftOut: 0 });
      expect(dumped(restored)).toEqual(dumped(store));
      for (const event of events) expect(ask(restored, event)).toEqual(ask(store, event));
      expect(dumped(restored), 'a duplicate after the restart changes nothing').toEqual(dumped(store));
    }),
    { numRuns: 40 },
  );
});

test('the file is for its owner alone, and nothing is left beside it', async () => {
  await saveSnapshot(newStore(), path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual(['sessions.ndjson']);
});

test('what a killed process was writing is removed at the next start, and nothing else', async () => {
  const own = mkdtempSync(`${tmpdir()}/drafts-`);
  const name = `${own}/killed`;
  const others = [`${name}.tmp`, `${name}.1.tmp.txt`, `${own}/other.1.tmp`];
  for (const file of [...others, `${name}.4711.tmp`, `${name}.4712.tmp`]) writeFileSync(file, 'half');
  const dayAgo = new Date(Date.now() - 86_400_000);
  for (const file of [...others, `${name}.4711.tmp`]) utimesSync(file, dayAgo, dayAgo);
  await restoreSnapshot(newStore(), name, Date.now());
  expect(existsSync(`${name}.4711.tmp`)).toBe(false);
  const left = [...others, `${name}.4712.tmp`];
  expect(left.map((file) => existsSync(file))).toEqual(left.map(() => true));
  rmSync(own, { recursive: true });
});

test('without a file the service starts empty', async () => {
  expect(await restoreSnapshot(newStore(), `${directory}/none`, NOW)).toEqual({ status: 'none' });
});

test.each([
  ['empty', () => ''],
  ['cut off', (text: string) => text.slice(0, -20)],
  ['a line short', (text: string) => text.split('\n').toSpliced(1, 1).join('\n')],
  ['changed in one letter', (text: string) => text.replace('203.0.113', '203.0.114')],
  ['of another version', (text: string) => text.replace('"version":2', '"version":1')],
  ['of something else', () => '{"hello":1}\n{}\n'],
  ['no JSON', () => '<html>SECRET\n<p>\n'],
  ['no JSON at its end', (text: string) => `${text}SECRET`],
  ['of null', () => 'null\nnull\n'],
  ['of an end that is null', (text: string) => `${text.trim().split('\n').slice(0, -1).join('\n')}\nnull\n`],
  ['binary', () => '\0\u0001\ufffe'.repeat(1000)],
])('a snapshot that is %s is set aside, and the service starts empty', async (_, broken) => {
  const store = newStore();
  ask(store, {
    eventTime: '2026-11-24T10:05:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    sourceIPAddress: '203.0.113.10',
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:one',
      accessKeyId: 'ASIAEXAMPLE000000001',
    },
  });
  await saveSnapshot(store, path);
  writeFileSync(path, broken(readFileSync(path, 'utf8')));
  const restored = newStore();
  const result = await restoreSnapshot(restored, path, NOW);
  expect(result).toMatchObject({ status: 'broken', setAside: `${path}.broken-${NOW}` });
  expect(JSON.stringify(result)).not.toMatch(/SECRET|SE\.\.\./);
  expect(dumped(restored)).toEqual(dumped(newStore()));
  expect(readdirSync(directory)).toEqual([`sessions.ndjson.broken-${NOW}`]);
  rmSync(`${path}.broken-${NOW}`);
});

const CLAIM: readonly unknown[] = [1, 'event', null, 'assumed_role', 'sts:AssumeRole'];
const GOOD_ROWS = [
  ['claims', 'ASIAEXAMPLE000000001', [CLAIM], 4e7, 'one', false],
  ['session', 'AROAEXAMPLE:one 1', [], 4e7, 'one', false],
];

test.each<[string, unknown]>([
  ['no list', null],
  ['of another kind', ['other', 'ASIAEXAMPLE000000002']],
  ['without a key', ['evicted', null]],
  ['of the earliest time as a text', ['earliest', 'soon']],
  ['of a key without its session', ['key', 'ASIAEXAMPLE000000002', [null]]],
  ['without claims', ['claims', 'ASIAEXAMPLE000000002', null, 4e7, 'one', false]],
  ['of no claim', ['claims', 'ASIAEXAMPLE000000002', [], 4e7, 'one', false]],
  ['of a claim without a time', ['creator', 'AKIAEXAMPLE000000002', [CLAIM.with(0, null)]]],
  ['of a claim without an action', ['creator', 'AKIAEXAMPLE000000002', [CLAIM.with(4, 1)]]],
  ['of a session that is no list', ['session', 'AROAEXAMPLE:two 1', {}, 4e7, 'one', false]],
  ['with a time that is none', ['claims', 'ASIAEXAMPLE000000002', [CLAIM], null, 'one', false]],
  ['without an owner', ['claims', 'ASIAEXAMPLE000000002', [CLAIM], 4e7, null, false]],
  ['whose segment is not told', ['session', 'AROAEXAMPLE:two 1', [], 4e7, 'one', null]],
])('a row %s is left out, and all others are restored', async (_, row) => {
  const rows = [GOOD_ROWS[0], row, GOOD_ROWS[1]];
  await saveSnapshot({ dump: () => rows, restore: () => false }, path);
  const restored = newStore();
  expect(await restoreSnapshot(restored, path, NOW)).toEqual({ status: 'restored', rows: 2, leftOut: 1 });
  expect(restored.entries).toBe(2);
  rmSync(path);
});

const NO_FACTS: readonly unknown[] = [null, null, null, [], 0, [], [], 0, []];

test.each<[string, readonly unknown[]]>([
  ['a claim of no kind', [CLAIM.with(3, null), CLAIM]],
  ['an ARN that is a number', [[...CLAIM, null, null, null, 7]]],
])('%s is left out of its row', async (_, claims) => {
  const row = (said: unknown) => ['creator', 'AKIAEXAMPLE000000002', said];
  expect(await restoredOf(row(claims))).toEqual(await restoredOf(row([CLAIM])));
});

test.each<[string, readonly unknown[]]>([
  ['clients that are none', NO_FACTS.with(8, [1])],
  ['addresses that are none', NO_FACTS.with(3, [1, null])],
  ['uses without an address', NO_FACTS.with(1, [1, 'event', null])],
])('%s are left out of the session', async (_, facts) => {
  const row = (said: unknown) => ['session', 'AROAEXAMPLE:two 1', said, 4e7, 'one', false];
  expect(await restoredOf(row(facts))).toEqual(await restoredOf(row(NO_FACTS)));
});

async function restoredOf(row: unknown): Promise<string[]> {
  await saveSnapshot({ dump: () => [row], restore: () => false }, path);
  const restored = newStore();
  expect(await restoreSnapshot(restored, path, NOW)).toEqual({ status: 'restored', rows: 1, leftOut: 0 });
  rmSync(path);
  return dumped(restored);
}

test.each([
  ['a directory', () => directory],
  ['a device', () => '/dev/null'],
])('%s is no snapshot, and stays where it is', async (_, other) => {
  expect(await restoreSnapshot(newStore(), other(), NOW)).toEqual({ status: 'not_a_file' });
  expect(existsSync(other())).toBe(true);
});

test('what the file system refuses is told, and is no reason not to start', async () => {
  writeFileSync(path, '');
  const result = await restoreSnapshot(newStore(), `${path}/below-a-file`, NOW);
  expect(result).toEqual({ status: 'broken', reason: 'ENOTDIR', setAside: undefined });
  rmSync(path);
});

test('events are answered while a snapshot is written', async () => {
  const store = newStore(5000);
  const event = (i: number) => ({
    eventTime: '2026-11-24T10:05:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    sourceIPAddress: '203.0.113.10',
    userIdentity: { type: 'AssumedRole', accessKeyId: `ASIAEXAMPLE${String(i).padStart(9, '0')}` },
  });
  for (let i = 0; i < 3000; i++) ask(store, event(i));
  let isSaved = false;
  const saving = saveSnapshot(store, path).then(() => {
    isSaved = true;
  });
  let answered = 0;
  while (!isSaved) {
    ask(store, event(answered++ % 4000));
    await new Promise(setImmediate);
  }
  await saving;
  expect(answered).toBeGreaterThan(3);
  expect((await restoreSnapshot(newStore(5000), path, NOW)).status).toBe('restored');
});
