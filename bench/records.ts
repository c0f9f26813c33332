import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { ordinaryRecords } from './ordinary/records.ts';

/** An ordinary day of an account, or the records of the file that BENCH_RECORDS names: one a line. */
function benchRecords(): readonly string[] {
  const path = process.env['BENCH_RECORDS'];
  return path === undefined ? ordinaryRecords() : readFileSync(path, 'utf8').trim().split('\n');
}

/** An event that carries a policy is answered with pages of findings: rare, and measured by bench/peers. */
const LONGEST_ANSWER = 4000;

export interface Sample {
  readonly records: readonly string[];
  /** The service's answers to them. */
  readonly answers: readonly string[];
}

/** The records whose answers are of a usual size, as a service answers them. */
export async function sampleOf(serviceUrl: string): Promise<Sample> {
  const records: string[] = [];
  const answers: string[] = [];
  for (const body of benchRecords()) {
    const answer = await fetch(`${serviceUrl}/enrich`, { method: 'POST', body });
    const text = await answer.text();
    if (!answer.ok || text.length > LONGEST_ANSWER) continue;
    records.push(body);
    answers.push(text);
  }
  return { records, answers };
}

export function meanLength(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0) / texts.length;
}

export function nearestInSize(texts: readonly string[], size: number): string {
  return texts.reduce((best, text) =>
    Math.abs(text.length - size) < Math.abs(best.length - size) ? text : best,
  );
}

/** Writes the records over and over, each with an eventID of its own, until there are so many bytes. */
export async function writeRecords(path: string, records: readonly string[], bytes: number): Promise<number> {
  const file = createWriteStream(path);
  let written = 0;
  let count = 0;
  while (written < bytes) {
    let text = '';
    for (const record of records) text += `${withEventId(record, count++)}\n`;
    written += Buffer.byteLength(text);
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  return count;
}

export function withEventId(record: string, number: number): string {
  const last = number.toString(16).padStart(12, '0');
  return record.replace(/("eventID":"[^"]{24})[^"]{12}"/, `$1${last}"`);
}
