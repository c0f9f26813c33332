import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { loadConfig } from '../config.ts';
import { createContext } from '../context.ts';
import type { Answer, EnrichmentContext } from '../enrichment/enrich.ts';
import { enrichStream, StreamEnricher } from '../enrichment/enrich-stream.ts';
import { decompressed } from '../event/byte-source.ts';
import { renderPage } from '../report/render-report.ts';
import { ReportData } from '../report/report-data.ts';
import { type CloudTrailFile, findFiles } from './cloudtrail-files.ts';

/**
 * Reads files of CloudTrail records, enriched before or not, and writes one page about them. Files are read twice: the
 * record that issued a credential may stand after its uses, or in a later file, and the second reading knows it.
 * Returns the exit code: 0 done, 1 some records failed, 2 a file is not there.
 */
export async function reportFiles(paths: readonly string[], page: string): Promise<number> {
  let files: CloudTrailFile[];
  try {
    files = await findFiles(paths);
  } catch (error) {
    console.error((error as Error).message);
    return 2;
  }
  const config = loadConfig(process.env);
  const { enrichment } = createContext(config);
  const data = new ReportData();
  const canReadAgain = files.every(({ path }) => path !== '-');
  if (canReadAgain) await readAll(files, enrichment, config.bodyLimitBytes, () => {});
  const failed = await readAll(files, enrichment, config.bodyLimitBytes, (answer) => {
    if (answer.ok) data.add(answer);
  });
  await writeFile(page, renderPage(data, { madeAt: Date.now() }));
  console.error(`${data.events} events in ${files.length} files, ${failed} failed: ${page} written`);
  return failed > 0 ? 1 : 0;
}

/** How many records, or whole files, could not be read. */
async function readAll(
  files: readonly CloudTrailFile[],
  context: EnrichmentContext,
  recordLimitBytes: number,
  onAnswer: (answer: Answer) => void,
): Promise<number> {
  let failed = 0;
  for (const { path } of files) {
    const enricher = new StreamEnricher(context, {
      output: 'enrichment',
      recordLimitBytes,
      asLines: true,
      onAnswer,
    });
    const source: AsyncIterable<Buffer> = path === '-' ? process.stdin : createReadStream(path);
    try {
      for await (const _ of enrichStream(decompressed(source), enricher));
      failed += enricher.failed;
    } catch (error) {
      console.error(`${path}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be read'}`);
      failed++;
    }
  }
  return failed;
}
