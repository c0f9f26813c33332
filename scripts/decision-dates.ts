import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { DecisionDate } from '../src/tables/tables.ts';
import { DATA_DIRECTORY } from './data-directory.ts';

export const DECISION_DATES = `${DATA_DIRECTORY}/decision-dates.json`;

/** Each table of data/curated as it is now, sorted: a content that is not the one that was noted is of today. */
export function decisionDates(today: string): DecisionDate[] {
  const noted = new Map(notedDates().map((row) => [row.table, row]));
  const files = readdirSync(`${DATA_DIRECTORY}/curated`).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const table = file.slice(0, -'.json'.length);
    const sha256 = createHash('sha256')
      .update(readFileSync(`${DATA_DIRECTORY}/curated/${file}`))
      .digest('hex');
    const known = noted.get(table);
    return known?.sha256 === sha256 ? known : { table, date: today, sha256 };
  });
}

/**
 * The day of the newest of these curated tables, YYYY-MM-DD: what is generated from them is of that day. Throws where
 * one of them has no date.
 */
export function dateOfDecisions(...tables: readonly string[]): string {
  const noted = new Map(notedDates().map(({ table, date }) => [table, date]));
  const dates = tables.map((table) => {
    const date = noted.get(table);
    if (date === undefined) throw new Error(`${table} has no date: run scripts/date-decisions.ts`);
    return date;
  });
  return dates.sort().at(-1) ?? '';
}

function notedDates(): DecisionDate[] {
  return existsSync(DECISION_DATES) ? JSON.parse(readFileSync(DECISION_DATES, 'utf8')) : [];
}
