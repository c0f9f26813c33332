import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { Presets, SingleBar } from 'cli-progress';
import { loadConfig } from '../config.ts';
import { createContext } from '../context.ts';
import type { EnrichmentContext } from '../enrichment/enrich.ts';
import { enrichStream, StreamEnricher, type StreamOutput } from '../enrichment/enrich-stream.ts';
import { decompressed } from '../event/byte-source.ts';
import { type CloudTrailFile, findFiles } from './cloudtrail-files.ts';

/**
 * Enriches files to standard output, one line a record, however large they are. Returns the exit code: 0 done, 1 some
 * records failed, 2 a file is not there. What failed is counted on standard error, never shown.
 */
export async function enrichFiles(paths: readonly string[], output: StreamOutput): Promise<number> {
  let files: CloudTrailFile[];
  try {
    files = await findFiles(paths);
  } catch (error) {
    console.error((error as Error).message);
    return 2;
  }
  const config = loadConfig(process.env);
  // Files are read from begin to end by one process, which needs nobody else's memory.
  const { enrichment } = createContext({ ...config, redis: undefined });
  const progress = new Progress(files);
  let records = 0;
  let failed = 0;
  for (const file of files) {
    try {
      const done = await enrichFile(file, enrichment, output, config.bodyLimitBytes, progress);
      records += done.records;
      failed += done.failed;
    } catch (error) {
      console.error(`${file.path}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be read'}`);
      failed++;
    }
  }
  progress.stop();
  console.error(`${records} records in ${files.length} files, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

async function enrichFile(
  file: CloudTrailFile,
  context: EnrichmentContext,
  output: StreamOutput,
  recordLimitBytes: number,
  progress: Progress,
): Promise<StreamEnricher> {
  const enricher = new StreamEnricher(context, { output, recordLimitBytes, asLines: true });
  const source = file.path === '-' ? process.stdin : createReadStream(file.path);
  for await (const text of enrichStream(decompressed(counted(source, progress)), enricher)) {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  }
  return enricher;
}

async function* counted(source: AsyncIterable<Buffer>, progress: Progress): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    progress.advance(chunk.length);
    yield chunk;
  }
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
