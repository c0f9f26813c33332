import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * The memory store as a file, so that a restart forgets nothing: lines of JSON, first what it is, last how many rows
 * it has and their SHA-256. It holds ARNs, addresses and clients, and no secret, since none is ever in the store.
 */
const FORMAT = 'detrails-sessions';
/** Raised when the rows change their shape; a snapshot of another version is set aside. */
const VERSION = 1;

/** A memory that can be written down, row by row, and read back. */
export interface Remembered {
  dump(): Iterable<unknown>;
  restore(row: unknown, now: number): void;
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
  | { readonly status: 'restored'; readonly rows: number }
  /** The file was renamed to `setAside`, for a person to look at; the service starts with what it learns. */
  | { readonly status: 'broken'; readonly reason: string; readonly setAside: string };

/** Never throws for what the file holds; only where the file system refuses to let a broken one be set aside. */
export async function restoreSnapshot(store: Remembered, path: string, now: number): Promise<Restored> {
  try {
    const footer = await verify(path);
    await readLines(path, footer.rows, (row) => store.restore(row, now));
    return { status: 'restored', rows: footer.rows };
  } catch (error) {
    if (isMissing(error)) return { status: 'none' };
    const setAside = `${path}.broken-${now}`;
    await rename(path, setAside);
    return { status: 'broken', reason: error instanceof Error ? error.message : 'unreadable', setAside };
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
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
      if (header.format !== FORMAT) throw new Error('it is not a snapshot of sessions');
      if (header.version !== VERSION) throw new Error('it is a snapshot of another version');
      continue;
    }
    if (last !== undefined) {
      hash.update(`${last}\n`);
      rows++;
    }
    last = line;
  }
  if (last === undefined) throw new Error('it is not whole');
  const footer = JSON.parse(last) as Footer;
  if (footer.rows !== rows || footer.sha256 !== hash.digest('hex')) throw new Error('it is not whole');
  return footer;
}

async function readLines(path: string, rows: number, take: (row: unknown) => void): Promise<void> {
  let line = -1;
  for await (const text of linesOf(path)) {
    line++;
    if (line > 0 && line <= rows) take(JSON.parse(text));
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
