import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { codeOfError } from './thrown.ts';

/**
 * What is remembered as a file, so that a restart forgets nothing: lines of JSON, first what it is, last how many rows
 * it has and their SHA-256. It holds ARNs, addresses and clients, and no secret, since none is ever remembered.
 */
const FORMAT = 'detrails-sessions';
/** Raised when the rows change their shape; a snapshot of another version is set aside. */
const VERSION = 2;

/** A memory that can be written down, row by row, and read back. */
export interface Remembered {
  dump(): Iterable<unknown>;
  /** False where it is no row of this memory, which then stays as it was. */
  restore(row: unknown, now: number): boolean;
}

interface Header {
  readonly format: string;
  readonly version: number;
}

interface Footer {
  readonly rows: number;
  readonly sha256: string;
}

/** Rows between two breaths: events are answered while a snapshot is written. */
const ROWS_A_TURN = 500;

/** Writes beside the old snapshot and puts the new one in its place at once: there is always one whole file. */
export async function saveSnapshot(store: Remembered, path: string): Promise<{ rows: number }> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(draft, 'w', 0o600);
    let rows: number;
    try {
      await file.chmod(0o600);
      rows = await writeRows(store, (text) => file.write(text));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    return { rows };
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function writeRows(store: Remembered, write: (text: string) => Promise<unknown>): Promise<number> {
  const hash = createHash('sha256');
  await write(`${JSON.stringify({ format: FORMAT, version: VERSION } satisfies Header)}\n`);
  let rows = 0;
  let lines = '';
  for (const row of store.dump()) {
    lines += `${JSON.stringify(row)}\n`;
    if (++rows % ROWS_A_TURN !== 0) continue;
    hash.update(lines);
    await write(lines);
    lines = '';
    await nextTurn();
  }
  hash.update(lines);
  const footer: Footer = { rows, sha256: hash.digest('hex') };
  await write(`${lines}${JSON.stringify(footer)}\n`);
  return rows;
}

export type Restored =
  | { readonly status: 'none' }
  /**
   * Something else than a file has that name: a directory must not be renamed, and no snapshot could take its place.
   */
  | { readonly status: 'not_a_file' }
  /** Rows that were left out are no rows of the memory, though the file is as it was written. */
  | { readonly status: 'restored'; readonly rows: number; readonly leftOut: number }
  /**
   * The file was renamed to `setAside`, for a person to look at; undefined where the file system refused that. The
   * service starts with what it learns. `reason` holds nothing of the file.
   */
  | { readonly status: 'broken'; readonly reason: string; readonly setAside: string | undefined };

/** What is wrong with a snapshot, in words of our own: the parser's would repeat what stands in it. */
class SnapshotError extends Error {}

/** Never throws for what the file holds, or what the file system refuses. */
export async function restoreSnapshot(store: Remembered, path: string, now: number): Promise<Restored> {
  await removeDrafts(path, now);
  try {
    if (!(await stat(path)).isFile()) return { status: 'not_a_file' };
    const footer = await verify(path);
    const rows = await restoreRows(path, footer.rows, (row) => store.restore(row, now));
    return { status: 'restored', rows, leftOut: footer.rows - rows };
  } catch (error) {
    const code = codeOfError(error);
    if (code === 'ENOENT') return { status: 'none' };
    const reason =
      error instanceof SnapshotError ? error.message : (code ?? 'it is not as a snapshot is written');
    return { status: 'broken', reason, setAside: await setAside(path, now) };
  }
}

/**
 * Of processes that were killed while they wrote: each would stay for ever, and a loop of them fills the disk. A
 * younger one may be written at this moment, by the process that this one follows.
 */
async function removeDrafts(path: string, now: number): Promise<void> {
  const files = await readdir(dirname(path)).catch(() => []);
  const drafts = files
    .filter((file) => isDraft(file, basename(path)))
    .map((file) => join(dirname(path), file));
  for (const draft of drafts) {
    const known = await stat(draft).catch(() => undefined);
    if (known !== undefined && now - known.mtimeMs > OLD_MILLISECONDS)
      await rm(draft, { force: true }).catch(() => undefined);
  }
}

const OLD_MILLISECONDS = 3_600_000;

function isDraft(file: string, name: string): boolean {
  return file.startsWith(`${name}.`) && /^\d+\.tmp$/.test(file.slice(name.length + 1));
}

async function setAside(path: string, now: number): Promise<string | undefined> {
  const place = `${path}.broken-${now}`;
  try {
    await rename(path, place);
    return place;
  } catch {
    return undefined;
  }
}

/** Reads all of it before any of it is believed: half a snapshot would answer `not_seen` for what it had seen. */
async function verify(path: string): Promise<Footer> {
  const hash = createHash('sha256');
  let header: Header | undefined;
  let last: string | undefined;
  let rows = 0;
  for await (const line of linesOf(path)) {
    if (header === undefined) {
      header = JSON.parse(line) as Header;
      if (header.format !== FORMAT) throw new SnapshotError('it is not a snapshot of the memory');
      if (header.version !== VERSION) throw new SnapshotError('it is a snapshot of another version');
      continue;
    }
    if (last !== undefined) {
      hash.update(`${last}\n`);
      rows++;
    }
    last = line;
  }
  if (last === undefined) throw new SnapshotError('it is not whole');
  const footer = JSON.parse(last) as Footer;
  if (footer.rows !== rows || footer.sha256 !== hash.digest('hex'))
    throw new SnapshotError('it is not whole');
  return footer;
}

/** How many of them were taken. */
async function restoreRows(path: string, rows: number, take: (row: unknown) => boolean): Promise<number> {
  let line = -1;
  let taken = 0;
  for await (const text of linesOf(path)) {
    line++;
    if (line > 0 && line <= rows && take(rowOf(text))) taken++;
  }
  return taken;
}

/** Undefined, which is no row, where it is not JSON. */
function rowOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const input = createReadStream(path, 'utf8');
  // readline swallows an error of its input that comes before the first line: wait for the file to open.
  await new Promise((resolve, reject) => {
    input.once('open', resolve);
    input.once('error', reject);
  });
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}
