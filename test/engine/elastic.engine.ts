import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { panelQueries } from '../../scripts/elastic/dashboard-queries.ts';
import { allFields } from '../../scripts/elastic/elastic-files.ts';
import { answerTemplate, eventTemplate, INDEX_TEMPLATE } from '../../scripts/elastic/templates.ts';
import { readScenario, SCENARIOS } from '../../scripts/scenarios/run-scenario.ts';
import { arrayAt, isObject, type JsonObject, objectAt, textAt } from '../../src/event/json.ts';
import { type Alert, alertsOf, convertedDetections, type Detection } from './detections.ts';
import { corpusDocuments, hasCorpora, scenarioDocuments } from './enriched-documents.ts';
import { SearchNode } from './search-node.ts';

const CORPORA = 'logstash-cloudtrail-corpora';
const indexOf = (scenario: string): string => `logstash-cloudtrail-${scenario}`;
const read = (name: string): string =>
  readFileSync(new URL(`../../elastic/${name}`, import.meta.url), 'utf8');

let node: SearchNode;
let detections: readonly Detection[];
let corpus: readonly JsonObject[] = [];
const alerts = new Map<string, ReadonlyMap<string, readonly Alert[]>>();

/** The template as shipped, but a field that is not in it is an error here, not kept unsearched. */
function strict(template: JsonObject): JsonObject {
  return JSON.parse(
    JSON.stringify(template).replaceAll('"dynamic":false', '"dynamic":"strict"'),
  ) as JsonObject;
}

async function index(name: string, documents: readonly JsonObject[]): Promise<readonly string[]> {
  const errors: string[] = [];
  for (let at = 0; at < documents.length; at += 500) {
    const lines = documents.slice(at, at + 500).flatMap((document) => {
      // Real records repeat their ids.
      const id =
        name.includes('corp') || name.includes('many')
          ? undefined
          : textAt(objectAt(document, 'event'), 'id');
      return [JSON.stringify({ index: { ...(id && { _id: id }) } }), JSON.stringify(document)];
    });
    const answer = await node.ask('POST', `/${name}/_bulk`, `${lines.join('\n')}\n`);
    for (const item of (arrayAt(answer, 'items') ?? []).filter(isObject)) {
      const error = objectAt(objectAt(item, 'index'), 'error');
      if (error !== undefined) errors.push(JSON.stringify(error).slice(0, 300));
    }
  }
  await node.ask('POST', `/${name}/_refresh`);
  return errors;
}

async function allAlerts(name: string): Promise<ReadonlyMap<string, readonly Alert[]>> {
  const found = new Map<string, readonly Alert[]>();
  for (const detection of detections) found.set(detection.rule, await alertsOf(node, name, detection));
  return found;
}

beforeAll(async () => {
  node = await SearchNode.start();
  await node.ask('PUT', '/_component_template/detrails@mappings', strict(answerTemplate('opensearch')));
  await node.ask('PUT', '/_component_template/cloudtrail@mappings', strict(eventTemplate('opensearch')));
  await node.ask('PUT', '/_index_template/logstash-cloudtrail', INDEX_TEMPLATE);
  detections = convertedDetections();
  for (const name of SCENARIOS) expect(await index(indexOf(name), await scenarioDocuments(name))).toEqual([]);
  if (hasCorpora) corpus = await corpusDocuments();
  if (hasCorpora) expect(await index(CORPORA, corpus)).toEqual([]);
  for (const name of SCENARIOS) alerts.set(name, await allAlerts(indexOf(name)));
});

afterAll(async () => {
  await node?.stop();
});

describe('the templates in the engine', () => {
  it.skipIf(!hasCorpora)(
    'take ten thousand enriched events without an error, and without a field of their own',
    async () => {
      const many = Array.from({ length: 10_000 }, (_, at) => corpus[at % corpus.length] as JsonObject);
      expect(await index('logstash-cloudtrail-many', many)).toEqual([]);
      const answer = await node.ask('GET', '/logstash-cloudtrail-many/_count');
      expect(answer['count']).toBe(10_000);
      const mapping = objectAt(
        objectAt(await node.ask('GET', '/logstash-cloudtrail-many/_mapping'), 'logstash-cloudtrail-many'),
        'mappings',
      );
      expect(leaves(mapping ?? {}).toSorted()).toEqual([...allFields().keys()].toSorted());
    },
  );

  it('hold fields that the scenarios fill', async () => {
    const unfilled: string[] = [];
    for (const field of allFields().keys()) {
      const body = { query: { exists: { field } } };
      const answer = await node.ask('POST', '/logstash-cloudtrail-*/_count', body);
      if (answer['count'] === 0) unfilled.push(field);
    }
    console.log(`never filled, of ${allFields().size} fields: ${unfilled.join(', ') || 'none'}`);
    expect(unfilled.length).toBeLessThan(allFields().size / 5);
  });
});

function leaves(mapping: JsonObject, path = ''): readonly string[] {
  return Object.entries(objectAt(mapping, 'properties') ?? {}).flatMap(([name, property]) => {
    const at = path === '' ? name : `${path}.${name}`;
    if (!isObject(property)) return [];
    const isLeaf = textAt(property, 'type') !== undefined && textAt(property, 'type') !== 'object';
    return isLeaf ? [at] : leaves(property, at);
  });
}

describe.each(['dashboards.ndjson', 'opensearch-dashboards.ndjson'])('%s', (file) => {
  it.each(panelQueries(read(file)).map(({ panel, body }) => [panel, body] as const))(
    'asks for %s and gets something',
    async (_panel, body) => {
      const answer = await node.ask('POST', '/logstash-cloudtrail-*/_search', body);
      expect(objectAt(objectAt(answer, 'hits'), 'total')?.['value']).toBeGreaterThan(0);
      const first = Object.values(objectAt(answer, 'aggregations') ?? {}).find(isObject);
      if (first !== undefined && 'buckets' in first)
        expect(arrayAt(first, 'buckets')?.length).toBeGreaterThan(0);
    },
  );
});

describe('the detections in the engine', () => {
  it.each(SCENARIOS)('%s: each fires in the steps that name it', (name) => {
    const missing = readScenario(name).expected.steps.flatMap(({ step, events, detections: rules }) => {
      const ids = new Set(events.map(({ event_id }) => event_id));
      return rules
        .filter(
          (rule) =>
            !alerts
              .get(name)
              ?.get(rule)
              ?.some((alert) => alert.some((id) => ids.has(id))),
        )
        .map((rule) => `${step} ${rule}`);
    });
    expect(missing).toEqual([]);
  });

  it.each(SCENARIOS.filter((name) => name.endsWith('controls')))(
    '%s: none fires, except where a step names it',
    (name) => {
      const { steps } = readScenario(name).expected;
      const wanted = new Map<string, Set<string>>();
      for (const { events, detections: rules } of steps) {
        for (const rule of rules) {
          wanted.set(rule, new Set([...(wanted.get(rule) ?? []), ...events.map(({ event_id }) => event_id)]));
        }
      }
      const wrong = [...(alerts.get(name) ?? [])].flatMap(([rule, found]) =>
        found
          .filter((alert) => !alert.some((id) => wanted.get(rule)?.has(id)))
          .map((alert) => `${rule}: ${alert.join(' ')}`),
      );
      expect(wrong).toEqual([]);
    },
  );

  it('each has a step that must trigger it', () => {
    const named = new Set(
      SCENARIOS.flatMap((name) => readScenario(name).expected.steps.flatMap((step) => step.detections)),
    );
    expect(detections.map(({ rule }) => rule).toSorted()).toEqual([...named].toSorted());
  });

  it.skipIf(!hasCorpora)('are quiet on real records: the number of alerts of each', async () => {
    const found = await allAlerts(CORPORA);
    const names = new Map<string, string>();
    const answer = await node.ask('POST', `/${CORPORA}/_search`, { size: 10_000, _source: ['event.action'] });
    for (const hit of (arrayAt(objectAt(answer, 'hits'), 'hits') ?? []).filter(isObject)) {
      const action = textAt(objectAt(objectAt(hit, '_source'), 'event'), 'action');
      names.set(textAt(hit, '_id') ?? '', action ?? '');
    }
    const rows = [...found].map(([rule, list]) => ({ rule, alerts: list.length, list }));
    console.log(`alerts on ${corpus.length} real records, most of them of simulated attacks:`);
    for (const { rule, alerts: count, list } of rows) {
      const share = ((100 * count) / corpus.length).toFixed(2);
      const actions = [...new Set(list.flat().map((id) => names.get(id)))].slice(0, 6).join(' ');
      console.log(`${String(count).padStart(5)}  ${share.padStart(5)} %  ${rule}  ${actions}`);
    }
    expect(rows.filter(({ alerts: count }) => count > corpus.length / 100).map(({ rule }) => rule)).toEqual(
      [],
    );
  });
});
