import { writeFile } from 'node:fs/promises';
import { renderPage } from '../report/render-report.ts';
import { ReportData } from '../report/report-data.ts';
import { type CloudTrailFile, findFiles } from './cloudtrail-files.ts';
import { FileReader } from './read-files.ts';

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
  const reader = new FileReader();
  const data = new ReportData();
  const canReadAgain = files.every(({ path }) => path !== '-');
  if (canReadAgain) await reader.read(files, { output: 'enrichment' });
  const { failed } = await reader.read(files, {
    output: 'enrichment',
    onAnswer: (answer) => {
      if (answer.ok) data.add(answer);
    },
  });
  await writeFile(page, renderPage(data, { madeAt: Date.now() }));
  console.error(`${data.events} events in ${files.length} files, ${failed} failed: ${page} written`);
  return failed > 0 ? 1 : 0;
}
