import { fstatSync } from 'node:fs';
import { loadFileConfig } from '../config.ts';
import type { Answer, EnrichmentContext } from '../enrichment/enrich.ts';
import { enrichStream, StreamEnricher } from '../enrichment/enrich-stream.ts';
import type { StreamOutput } from '../enrichment/stream-output.ts';
import { createEnrichment } from '../enrichment-context.ts';
import { decompressed, type Turn } from '../event/byte-source.ts';
import { codeOfError } from '../thrown.ts';
import type { CloudTrailFile } from './cloudtrail-files.ts';
import { chunksOf } from './file-chunks.ts';

export interface FileReading {
  readonly output: StreamOutput;
  /** Called for each record, in order. */
  readonly onAnswer?: (answer: Answer) => void;
  /** Called with the answers as they come, as the bytes of lines; waited for. */
  readonly onLines?: (lines: Buffer) => Promise<void> | undefined;
  /** Called for each file that was read and had records that could not be. */
  readonly onFailures?: (path: string, failed: number) => void;
  /** Called for each file that could not be read to its end, with the code of the file system's error. */
  readonly onUnreadable?: (path: string, code: string) => void;
  /** Called with the number of bytes of each chunk that was read. */
  readonly onBytes?: (bytes: number) => void;
}

export interface ReadCounts {
  records: number;
  /** How many of them, or whole files, could not be read. */
  failed: number;
}

/** Reads files of CloudTrail records one after the other, and remembers across them what they tell of credentials. */
export class FileReader {
  readonly #context: EnrichmentContext;
  readonly #recordLimitBytes: number;

  /** Throws a ConfigError. */
  constructor() {
    const config = loadFileConfig(process.env);
    this.#context = createEnrichment(config);
    this.#recordLimitBytes = config.bodyLimitBytes;
  }

  async read(files: readonly CloudTrailFile[], reading: FileReading): Promise<ReadCounts> {
    let records = 0;
    let failed = 0;
    for (const file of files) {
      try {
        const done = await this.#readOne(file, reading);
        records += done.records;
        failed += done.failed;
        if (done.failed > 0) reading.onFailures?.(file.path, done.failed);
      } catch (error) {
        const code = codeOfError(error);
        if (code === undefined) throw error;
        reading.onUnreadable?.(file.path, code);
        failed++;
      }
    }
    return { records, failed };
  }

  async #readOne({ path }: CloudTrailFile, reading: FileReading): Promise<StreamEnricher> {
    const { output, onAnswer, onLines, onBytes } = reading;
    const options = { output, recordLimitBytes: this.#recordLimitBytes, asLines: true };
    const enricher = new StreamEnricher(this.#context, { ...options, ...(onAnswer && { onAnswer }) });
    const source: AsyncIterable<Buffer> = path === '-' ? standardInput() : chunksOf(path);
    for await (const lines of enrichStream(decompressed(turnsOf(source, onBytes)), enricher))
      await onLines?.(lines);
    return enricher;
  }
}

/** Node reads nothing from a directory, and no error either. Throws an error with the code EISDIR. */
function standardInput(): AsyncIterable<Buffer> {
  if (fstatSync(STANDARD_INPUT).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  return process.stdin;
}

const STANDARD_INPUT = 0;

/** Nobody else waits here: a turn is whatever chunk was read. */
async function* turnsOf(
  source: AsyncIterable<Buffer>,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<Turn> {
  for await (const chunk of source) {
    onBytes?.(chunk.length);
    yield [chunk];
  }
}
