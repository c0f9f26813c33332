import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import { findFiles } from '../../src/cli/cloudtrail-files.ts';

const MANY = 200_000;

function entry(name: string, isDirectory: boolean): Dirent {
  return { name, isDirectory: () => isDirectory, isFile: () => !isDirectory } as Dirent;
}

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

test('a directory may hold more files than a call takes arguments', async () => {
  // To make that many files would take longer than all other tests of this room.
  vi.spyOn(fs, 'readdir').mockImplementation((async (path: string) =>
    path.endsWith('day')
      ? Array.from({ length: MANY }, (_, i) => entry(`${i}.json.gz`, false))
      : [entry('day', true)]) as unknown as typeof fs.readdir);
  syncBuiltinESMExports();
  const files = await findFiles([tmpdir()]);
  expect(files).toHaveLength(MANY);
});
