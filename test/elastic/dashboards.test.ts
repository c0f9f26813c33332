import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ROWS } from '../../scripts/elastic/dashboard-model.ts';
import { allFields } from '../../scripts/elastic/elastic-files.ts';
import { type Kql, parseKql } from '../../scripts/elastic/kql.ts';
import { KIBANA, OPENSEARCH } from '../../scripts/elastic/object-rules.ts';
import { stableJson } from '../../scripts/elastic/saved-objects.ts';
import { validateDashboards } from '../../scripts/elastic/validate-dashboards.ts';
import { valueAt } from '../../scripts/scenarios/expectation.ts';
import type { Enrichment } from '../../src/enrichment/enrichment.ts';
import type { JsonObject } from '../../src/event/json.ts';
import { hasFinding } from '../../src/report/event-facts.ts';
import { scenarioEvents } from '../report/events.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../elastic/${name}`, import.meta.url), 'utf8');
const fields = allFields();
const kibana = read('dashboards.ndjson');
const classic = read('opensearch-dashboards.ndjson');

interface Change {
  readonly of: 'dashboard' | 'search' | 'index-pattern' | 'visualization';
  readonly title: string;
  readonly change: (text: string) => string;
  readonly error: RegExp;
}

/** One line of the file changed as text; its keys stay sorted. */
function changed(text: string, { of, change }: Change): string {
  const lines = text.trimEnd().split('\n');
  const at = lines.findIndex((line) => line.includes(`"type":"${of}"`) && change(line) !== line);
  if (at < 0) throw new Error('the change changes nothing');
  const line = JSON.parse(change(lines[at] as string)) as JsonObject;
  return `${lines.with(at, stableJson(line)).join('\n')}\n`;
}

const swap = (from: string, to: string) => (text: string) => text.replace(from, to);

/** Whether an event with this answer is one of the panel of this name. */
function isCounted(enrichment: Enrichment): boolean {
  const panel = ROWS.flatMap(({ panels }) => panels).find(({ title }) => title === 'Policies with findings');
  return fits(parseKql(panel?.query ?? ''), { detrails: enrichment });
}

/** As an engine does: an empty list is no value. */
function fits(tree: Kql | undefined, document: object): boolean {
  if (tree === undefined) return true;
  if ('parts' in tree) {
    const fitting = tree.parts.filter((part) => fits(part, document)).length;
    return tree.kind === 'and' ? fitting === tree.parts.length : fitting > 0;
  }
  if (tree.kind === 'not') return !fits(tree.part, document);
  const values = [valueAt(document, tree.field) ?? []].flat().map(String);
  if (tree.kind === 'exists') return values.length > 0;
  if (tree.kind === 'is') return values.some((value) => tree.values.includes(value));
  throw new Error('ranges are not counted here');
}

const KIBANA_CHANGES: readonly Change[] = [
  {
    of: 'dashboard',
    title: 'a version of a later Kibana',
    change: swap('"typeMigrationVersion":"8.9.0"', '"typeMigrationVersion":"10.2.0"'),
    error: /version/,
  },
  {
    of: 'dashboard',
    title: 'an attribute of a later Kibana',
    change: swap('"timeRestore":true', '"sections":[],"timeRestore":true'),
    error: /sections is not accepted/,
  },
  {
    of: 'dashboard',
    title: 'a panel over another',
    change: swap('\\"x\\":8,\\"y\\":0', '\\"x\\":7,\\"y\\":0'),
    error: /overlap/,
  },
  {
    of: 'dashboard',
    title: 'a panel beyond the edge',
    change: swap('\\"x\\":40,\\"y\\":0', '\\"x\\":41,\\"y\\":0'),
    error: /outside of the grid/,
  },
  {
    of: 'dashboard',
    title: 'a field that no template has',
    change: swap(
      '\\"sourceField\\":\\"detrails.risk.categories\\"',
      '\\"sourceField\\":\\"detrails.risk.category\\"',
    ),
    error: /detrails.risk.category is not in the template/,
  },
  {
    of: 'dashboard',
    title: 'terms of a flattened field',
    change: swap(
      '\\"sourceField\\":\\"detrails.risk.categories\\"',
      '\\"sourceField\\":\\"detrails.mitre\\"',
    ),
    error: /does not suit detrails.mitre/,
  },
  {
    of: 'dashboard',
    title: 'a query that cannot be read',
    change: swap('detrails.action.outcome : ', 'detrails.action.outcome : : '),
    error: /cannot be read/,
  },
  {
    of: 'dashboard',
    title: 'a query for a field that is not there',
    change: swap('detrails.action.outcome : ', 'detrails.action.result : '),
    error: /detrails.action.result/,
  },
  {
    of: 'dashboard',
    title: 'an order by nothing',
    change: swap('\\"columnId\\":\\"m\\"', '\\"columnId\\":\\"q\\"'),
    error: /ordered by no metric|not in a layer/,
  },
  {
    of: 'dashboard',
    title: 'a metric before a bucket',
    change: swap('[\\"s\\",\\"x\\",\\"m\\"]', '[\\"m\\",\\"s\\",\\"x\\"]'),
    error: /a bucket comes after a metric/,
  },
  {
    of: 'dashboard',
    title: 'a control without its reference',
    change: swap('controlGroup_region:optionsListDataView', 'controlGroup_place:optionsListDataView'),
    error: /controlGroup_region/,
  },
  {
    of: 'dashboard',
    title: 'a layer without its reference',
    change: swap('"denied:indexpattern', '"refused:indexpattern'),
    error: /denied:indexpattern/,
  },
  {
    of: 'search',
    title: 'a reference to another data view',
    change: swap('"id":"detrails-cloudtrail"', '"id":"logs-*"'),
    error: /not in the file/,
  },
  {
    of: 'search',
    title: 'an id inside a JSON text',
    change: swap('\\"filter\\":[]', '\\"filter\\":[{\\"meta\\":{\\"index\\":\\"detrails-cloudtrail\\"}}]'),
    error: /written into a JSON text/,
  },
  {
    of: 'index-pattern',
    title: 'an attribute that is not accepted',
    change: swap('"allowNoIndex":true', '"allowNoIndex":true,"fields":"[]"'),
    error: /fields is not accepted/,
  },
];

const CLASSIC_CHANGES: readonly Change[] = [
  {
    of: 'visualization',
    title: 'an order by no aggregation',
    change: swap('\\"orderBy\\":\\"1\\"', '\\"orderBy\\":\\"7\\"'),
    error: /ordered by 7/,
  },
  {
    of: 'visualization',
    title: 'one id twice',
    change: swap('\\"id\\":\\"2\\"', '\\"id\\":\\"1\\"'),
    error: /one id/,
  },
  {
    of: 'visualization',
    title: 'a control for a field that is not there',
    change: swap('\\"fieldName\\":\\"cloud.region\\"', '\\"fieldName\\":\\"cloud.regions\\"'),
    error: /cloud.regions/,
  },
  {
    of: 'dashboard',
    title: 'a version of a later engine',
    change: swap('"dashboard":"7.9.3"', '"dashboard":"8.9.0"'),
    error: /version/,
  },
];

describe('the dashboards', () => {
  test('keep every rule of Kibana’s format, with fields of the template only', () => {
    expect(validateDashboards(kibana, KIBANA, fields)).toEqual([]);
  });

  test('keep every rule of OpenSearch Dashboards’ format', () => {
    expect(validateDashboards(classic, OPENSEARCH, fields)).toEqual([]);
  });

  test.each(KIBANA_CHANGES)('would be found broken by $title', (change) => {
    expect(validateDashboards(changed(kibana, change), KIBANA, fields).join('\n')).toMatch(change.error);
  });

  test.each(CLASSIC_CHANGES)('would be found broken, for OpenSearch, by $title', (change) => {
    expect(validateDashboards(changed(classic, change), OPENSEARCH, fields).join('\n')).toMatch(change.error);
  });

  test.each([
    [true, { categories: ['data_exfiltration'] }],
    [true, { external_accounts: ['444455556666'] }],
    [true, { public: true }],
    [true, { admin: true }],
    [true, { lockout: { total: true, spared: [] } }],
    [true, { lockout: { total: false, spared: ['444455556666'] } }],
    [true, { lifts_deny: true }],
    [false, { categories: [], external_accounts: [], public: false, admin: false }],
    [false, {}],
  ])('count a policy as one with findings as the report does (%j): %j', (has, policy) => {
    const enrichment = { policy: { kind: 'resource', ...policy } } as unknown as Enrichment;
    expect([hasFinding(enrichment), isCounted(enrichment)]).toEqual([has, has]);
  });

  test('count the policies of the scenarios as the report does, and can say of each one why', async () => {
    const findings = (await scenarioEvents()).filter(({ enrichment }) => {
      expect(isCounted(enrichment), enrichment.action.iam?.join()).toBe(hasFinding(enrichment));
      return hasFinding(enrichment);
    });
    expect(findings.length).toBeGreaterThan(10);
    expect(findings.filter(({ enrichment }) => enrichment.risk.reasons.length === 0)).toEqual([]);
  });

  test('say how many objects they hold', () => {
    const short = `${kibana.split('\n').slice(1).join('\n')}`;
    expect(validateDashboards(short, KIBANA, fields).join('\n')).toMatch(/how many objects/);
  });
});
