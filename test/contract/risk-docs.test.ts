import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readCurated } from '../../scripts/facts.ts';
import type { RiskDefault } from '../../src/tables/risk-table.ts';
import type { RiskWeightRow } from '../../src/tables/risk-weights.ts';
import { tables } from '../shipped-tables.ts';

const page = readFileSync(new URL('../../docs/risk.md', import.meta.url), 'utf8');

describe('docs/risk.md', () => {
  test('has every weight of the score with its value and reason, and no other', () => {
    const rows = readCurated<RiskWeightRow[]>('risk-weights');
    for (const { id, value, reason } of rows) expect(page).toContain(`| \`${id}\` | ${value} | ${reason} |`);
    expect(page.match(/^\| `[a-z]+\.[a-z_]+` \|/gm)).toHaveLength(rows.length);
  });

  test('gives the reason of every level that an access level stands for', () => {
    for (const { reason } of readCurated<RiskDefault[]>('risk-levels'))
      expect(page).toContain(`| ${reason} |`);
  });

  test('names as examples of a level calls that have it', () => {
    const levels = [...page.matchAll(/^\| (critical|high|medium|low|none) \| [^|]+ \| ([^|]+) \|$/gm)];
    expect(levels).toHaveLength(5);
    for (const [, level, examples = ''] of levels) {
      for (const name of examples.trim().split(', ')) {
        const actions = tables.actions.all.filter((action) => action.name === name);
        const found = actions.map((action) => tables.risks.of(action).level);
        expect(found, name).toContain(level);
      }
    }
  });
});
