import { expect, test } from 'vitest';
import noted from '../../data/decision-dates.json' with { type: 'json' };
import { dateOfDecisions, decisionDates } from '../../scripts/decision-dates.ts';
import { tables } from '../shipped-tables.ts';

test('every curated table is dated by its content: `node scripts/date-decisions.ts` does it', () => {
  expect(noted).toEqual(decisionDates('the day on which it was changed'));
});

test('the tables are as new as the newest decision', () => {
  expect(noted.every(({ date }) => date <= tables.version)).toBe(true);
});

test('what is generated from a table that has no date is refused', () => {
  expect(dateOfDecisions('attack-events', 'attack-rules')).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  expect(() => dateOfDecisions('attack-events', 'atack-rules')).toThrow('atack-rules has no date');
});
