import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { FileReader } from '../../src/cli/read-files.ts';

const example = new URL('../../examples/create-policy-version.json', import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), 'detrails-read-'));
afterAll(() => rmSync(directory, { recursive: true }));

const fileAt = (path: string) => ({ path, bytes: 0 });

describe('the reading of files', () => {
  const reader = new FileReader();

  test('says what cannot be read to its end, and goes on', async () => {
    const unreadable: string[] = [];
    const gone = join(directory, 'gone.json');
    const counts = await reader.read([fileAt(gone), fileAt(example)], {
      output: 'enrichment',
      onUnreadable: (path, code) => unreadable.push(`${path}: ${code}`),
    });
    expect([counts, unreadable]).toEqual([{ records: 1, failed: 1 }, [`${gone}: ENOENT`]]);
  });

  test('counts an archive that is broken as a record that failed', async () => {
    const broken = join(directory, 'broken.json.gz');
    writeFileSync(broken, Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff]));
    const failures: unknown[] = [];
    const { failed } = await reader.read([fileAt(broken)], {
      output: 'enrichment',
      onFailures: (...failure) => failures.push(failure),
    });
    expect([failed, failures]).toEqual([1, [[broken, 1]]]);
  });

  test('does not pass a bug of ours off as a file that cannot be read', async () => {
    const bug = new TypeError('a bug of ours');
    const reading = reader.read([fileAt(example)], {
      output: 'enrichment',
      onAnswer: () => {
        throw bug;
      },
    });
    await expect(reading).rejects.toBe(bug);
  });
});
