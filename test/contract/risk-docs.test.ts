import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readCurated } from '../../scripts/facts.ts';
import { RISK_BANDS } from '../../src/enrichment/score-risk.ts';
import type { RiskDefault } from '../../src/tables/risk-table.ts';
import type { RiskWeightRow } from '../../src/tables/risk-weights.ts';
import { testService } from '../service.ts';
import { tables } from '../shipped-tables.ts';

const service = testService();

const CALL = {
  eventVersion: '1.11',
  eventType: 'AwsApiCall',
  eventTime: '2026-11-24T09:31:47Z',
  sourceIPAddress: '203.0.113.17',
  userIdentity: {
    type: 'IAMUser',
    arn: 'arn:aws:iam::111122223333:user/admin',
    accountId: '111122223333',
    userName: 'admin',
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  },
  requestParameters: { userName: 'deploy', keyId: '1234abcd-12ab-34cd-56ef-1234567890ab' },
};

const page = readFileSync(new URL('../../docs/risk.md', import.meta.url), 'utf8');

describe('docs/risk.md', () => {
  test('says what to do with each band of the score, and from where to where it is', () => {
    const bands = [...page.matchAll(/^\| (\d+) to (\d+) \| (\w+) \|/gm)].map(([, from, to, level]) => [
      level,
      Number(from),
      Number(to),
    ]);
    const starts = [...RISK_BANDS, ['none', 0] as const];
    const ends = [100, ...RISK_BANDS.map(([, from]) => from - 1)];
    expect(bands).toEqual(starts.map(([level, from], at) => [level, from, ends[at]]));
  });

  test('computes its examples as the service does', async () => {
    const examples = [...page.matchAll(/^\| (\w+)(, denied)? \| (\d+) \|/gm)];
    expect(examples).toHaveLength(3);
    for (const [, name = '', denied, score] of examples) {
      const source = name === 'CreateAccessKey' ? 'iam' : 'kms';
      const record = {
        ...CALL,
        eventSource: `${source}.amazonaws.com`,
        eventName: name,
        ...(denied !== undefined && { errorCode: 'AccessDenied' }),
      };
      const response = await service.app.inject({ method: 'POST', url: '/enrich', payload: record });
      expect([name, denied, response.json().risk.score]).toEqual([name, denied, Number(score)]);
    }
  });

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
