import { access, constants, open, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { renderReport } from '../report/render-report.ts';
import { ReportData } from '../report/report-data.ts';
import { codeOfError } from '../thrown.ts';
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
  const refused = await whyNotWritable(page, files);
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
    // By the second reading only, which every file has.
    onUnreadable: (path, code) => console.error(`${path}: ${code}`),
  });
  try {
    await writeFile(page, renderReport(data, { madeAt: Date.now() }));
  } catch (error) {
    return refuse(page, codeOfError(error) ?? 'cannot be written');
  }
  console.error(`${data.events} events in ${files.length} files, ${failed} failed: ${page} written`);
  return failed > 0 ? 1 : 0;
}

/**
 * Asked before hours of reading; undefined where nothing is known that speaks against it. A file that is there is only
 * replaced where it is a page: `report --html a.json b.json` would be the end of a.json.
 */
async function whyNotWritable(page: string, files: readonly CloudTrailFile[]): Promise<string | undefined> {
  const stats = await stat(page).catch(() => undefined);
  if (stats?.isDirectory()) return 'EISDIR';
  try {
    await access(stats === undefined ? `${dirname(page)}/` : page, constants.W_OK);
    if (stats === undefined || !stats.isFile() || stats.size === 0) return undefined;
    const inputs = await Promise.all(files.map(({ path }) => stat(path).catch(() => undefined)));
    const isInput = inputs.some((input) => input?.ino === stats.ino && input.dev === stats.dev);
    return isInput || !(await isPage(page)) ? 'is there and is no HTML page: not replaced' : undefined;
  } catch (error) {
    return codeOfError(error) ?? 'cannot be written';
  }
}

async function isPage(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(100), 0, 100, 0);
    return /^\s*<(!doctype )?html/i.test(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await file.close();
  }
}

function refuse(page: string, reason: string): 2 {
  console.error(`${page}: ${reason}`);
  return 2;
}
