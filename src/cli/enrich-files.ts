import { once } from 'node:events';
import { Presets, SingleBar } from 'cli-progress';
import type { StreamOutput } from '../enrichment/stream-output.ts';
import { type CloudTrailFile, findFiles } from './cloudtrail-files.ts';
import { FileReader, type FileReading, type ReadCounts } from './read-files.ts';

/**
 * Enriches files to standard output, one line a record, however large they are. Returns the exit code: 0 done, 1 some
 * records failed, 2 a file is not there. What failed is counted on standard error, for each of several files, and never
 * shown.
 */
export async function enrichFiles(paths: readonly string[], output: StreamOutput): Promise<number> {
  let files: CloudTrailFile[];
  try {
    files = await findFiles(paths);
  } catch (error) {
    console.error((error as Error).message);
    return 2;
  }
  const failures: string[] = [];
  const { records, failed } = await readWithProgress(files, {
    output,
    onLines: writeOut,
    onFailures: (path, failed) => failures.push(`${path}: ${failed} failed`),
    onUnreadable: (path, code) => console.error(`${path}: ${code}`),
  });
  if (files.length > 1) for (const line of failures) console.error(line);
  console.error(`${records} records in ${files.length} files, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

async function readWithProgress(files: readonly CloudTrailFile[], reading: FileReading): Promise<ReadCounts> {
  const reader = new FileReader();
  // Its timer keeps the process alive until it is stopped, so nothing may throw between the two.
  const progress = new Progress(files);
  try {
    return await reader.read(files, { ...reading, onBytes: (bytes) => progress.advance(bytes) });
  } finally {
    progress.stop();
  }
}

function writeOut(lines: Buffer): Promise<void> | undefined {
  return process.stdout.write(lines) ? undefined : once(process.stdout, 'drain').then(() => undefined);
}

/** A bar by bytes read, where a person looks at a terminal and the sizes are known. */
class Progress {
  readonly #bar: SingleBar | undefined;

  constructor(files: readonly CloudTrailFile[]) {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    if (!process.stderr.isTTY || bytes === 0) return;
    this.#bar = new SingleBar(
      { format: '{bar} {percentage}% | {eta} s left', stream: process.stderr },
      Presets.shades_classic,
    );
    this.#bar.start(bytes, 0);
  }

  advance(bytes: number): void {
    this.#bar?.increment(bytes);
  }

  stop(): void {
    this.#bar?.stop();
  }
}
