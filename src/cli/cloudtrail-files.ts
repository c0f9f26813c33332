import { type Dirent, type Stats, statSync } from 'node:fs';
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
    else for (const file of await filesAt(path)) files.push(file);
  }
  return files;
}

async function filesAt(path: string): Promise<CloudTrailFile[]> {
  const stats = statsOf(path);
  if (!stats.isDirectory()) return [{ path, bytes: stats.size }];
  const files: CloudTrailFile[] = [];
  await addFiles(files, path, await readdir(path, { withFileTypes: true }));
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Into one list: an organisation's bucket has more files than a call takes arguments, so none are spread. */
async function addFiles(
  files: CloudTrailFile[],
  directory: string,
  entries: readonly Dirent[],
): Promise<void> {
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      const inside = await readdir(path, { withFileTypes: true }).catch(() => undefined);
      // What cannot be looked into is said and counted as a file is that cannot be read: by reading it.
      if (inside === undefined) files.push({ path, bytes: 0 });
      else await addFiles(files, path, inside);
    } else if (entry.isFile() && ENDINGS.some((ending) => entry.name.endsWith(ending))) {
      files.push({ path, bytes: statSync(path, { throwIfNoEntry: false })?.size ?? 0 });
    }
  }
}

function statsOf(path: string): Stats {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new Error(`${path}: no such file or directory`);
  return stats;
}
