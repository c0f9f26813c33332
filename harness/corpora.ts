import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Real CloudTrail records for tests lie beside the project, where they are at all: their licences keep them out of
 * it. A test on them says that it was skipped where they are not.
 */
const DIRECTORY = fileURLToPath(new URL('../../shared/corpora/', import.meta.url));

export const hasCorpora = existsSync(DIRECTORY);

/** Every record of every corpus, as the line it stands in. */
export function corpusLines(): string[] {
  const files = readdirSync(DIRECTORY).filter((file) => file.endsWith('.ndjson'));
  return files.flatMap((file) =>
    readFileSync(DIRECTORY + file, 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );
}

/** The envelopes as they were found: files of S3, EventBridge, LookupEvents, a digest. */
export function corpusEnvelopes(): { readonly name: string; readonly bytes: Buffer }[] {
  return readdirSync(`${DIRECTORY}raw`).map((name) => ({
    name,
    bytes: readFileSync(`${DIRECTORY}raw/${name}`),
  }));
}
