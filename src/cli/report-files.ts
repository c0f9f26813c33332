import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { renderReport } from '../report/render-report.ts';
import { ReportData } from '../report/report-data.ts';
import { type CloudTrailFile, findFiles } from './cloudtrail-files.ts';
import { FileReader } from './read-files.ts';

/**
 * Reads files of CloudTrail records, enriched before or not, and writes one page about them. Files are read twice: the
 * record that issued a credential may stand after its uses, or in a later file, and the second reading knows it.
 * Returns the exit code: 0 done, 1 some records failed, 2 a file is not there or the page cannot be written.
 */
export async function reportFiles(paths: readonly string[], page: string): Promise<number> {
  let files: CloudTrailFile[];
  try {
    files = await findFiles(paths);
  } catch (error) {
    console.error((error as Error).message);
    return 2;
  }
  const refused = await whyNotWritable(page);
  if (refused !== undefined) return refuse(page, refused);
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
  try {
    await writeFile(page, renderReport(data, { madeAt: Date.now() }));
  } catch (error) {
    return refuse(page, codeOf(error));
  }
  console.error(`${data.events} events in ${files.length} files, ${failed} failed: ${page} written`);
  return failed > 0 ? 1 : 0;
}

/** Asked before hours of reading; undefined where nothing is known that speaks against it. */
async function whyNotWritable(page: string): Promise<string | undefined> {
  const stats = await stat(page).catch(() => undefined);
  if (stats?.isDirectory()) return 'EISDIR';
  try {
    await access(stats === undefined ? `${dirname(page)}/` : page, constants.W_OK);
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

function refuse(page: string, reason: string): 2 {
  console.error(`${page}: ${reason}`);
  return 2;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'cannot be written';
}
