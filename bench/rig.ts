import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProcessUnderTest, startService } from './process-under-test.ts';
import { type Sample, sampleOf } from './records.ts';

/** A running service, with the records of a measurement and its answers to them, in memory and as files. */
export interface Rig extends Sample {
  readonly service: ProcessUnderTest;
  /** For the files of the measurement; gone after it. */
  readonly directory: string;
  readonly recordsFile: string;
  readonly answersFile: string;
}

export async function withRig<Result>(measure: (rig: Rig) => Promise<Result>): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'detrails-bench-'));
  const service = await startService();
  try {
    const sample = await sampleOf(service.url);
    const recordsFile = join(directory, 'records.ndjson');
    const answersFile = join(directory, 'answers.ndjson');
    writeFileSync(recordsFile, sample.records.join('\n'));
    writeFileSync(answersFile, sample.answers.join('\n'));
    return await measure({ ...sample, service, directory, recordsFile, answersFile });
  } finally {
    await service.stop();
    rmSync(directory, { recursive: true });
  }
}
