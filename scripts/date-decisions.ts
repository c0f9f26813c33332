import { DECISION_DATES, decisionDates } from './decision-dates.ts';
import { writeMadeFile } from './written-file.ts';

/** Notes in data/decision-dates.json on which day (UTC) each curated table was last changed. */
const rows = decisionDates(new Date().toISOString().slice(0, 10));
const text = `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
writeMadeFile(DECISION_DATES, 'data/decision-dates.json', text);
