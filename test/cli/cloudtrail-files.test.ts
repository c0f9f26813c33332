import type { Dirent } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test, vi } from 'vitest';
import { findFiles } from '../../src/cli/cloudtrail-files.ts';

const MANY = 200_000;

// To make that many files would take longer than all other tests of this room.
vi.mock('node:fs/promises', () => ({
  readdir: async (path: string) =>
    path.endsWith('day')
      ? Array.from({ length: MANY }, (_, i) => entry(`${i}.json.gz`, false))
      : [entry('day', true)],
}));

function entry(name: string, isDirectory: boolean): Dirent {
  return { name, isDirectory: () => isDirectory, isFile: () => !isDirectory } as Dirent;
}

test('a directory may hold more files than a call takes arguments', async () => {
  const files = await findFiles([tmpdir()]);
  expect(files).toHaveLength(MANY);
});
