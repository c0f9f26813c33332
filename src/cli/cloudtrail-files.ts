import { type Stats, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One file to read, or standard input where `path` is `-`. */
export interface CloudTrailFile {
  readonly path: string;
  /** 0 where it is not known. */
  readonly bytes: number;
}

/** The endings under which CloudTrail and its carriers store records. */
const ENDINGS = ['.json', '.json.gz', '.ndjson', '.ndjson.gz', '.jsonl', '.jsonl.gz', '.log', '.log.gz'];

/**
 * The files below the given paths. A directory is searched through and through, in the order of the names: those of
 * CloudTrail's files begin with account, region and time. Throws an Error that names a path that is not there.
 */
export async function findFiles(paths: readonly string[]): Promise<CloudTrailFile[]> {
  const files: CloudTrailFile[] = [];
  for (const path of paths) {
    if (path === '-') files.push({ path, bytes: 0 });
    else files.push(...(await filesAt(path)));
  }
  return files;
}

async function filesAt(path: string): Promise<CloudTrailFile[]> {
  const stats = statsOf(path);
  if (!stats.isDirectory()) return [{ path, bytes: stats.size }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && ENDINGS.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ path: file, bytes: statsOf(file).size }));
}

function statsOf(path: string): Stats {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new Error(`${path}: no such file or directory`);
  return stats;
}
