import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { panelQueries } from '../../scripts/elastic/dashboard-queries.ts';
import { ecsDocument } from '../../scripts/elastic/ecs-document.ts';
import { allFields } from '../../scripts/elastic/elastic-files.ts';
import { EVENT_FIELDS } from '../../scripts/elastic/event-fields.ts';
import { ingestPipeline, PIPELINE_NAME } from '../../scripts/elastic/ingest-pipeline.ts';
import { answerTemplate, eventTemplate, INDEX_TEMPLATE } from '../../scripts/elastic/templates.ts';
import { valueAt } from '../../scripts/scenarios/expectation.ts';
import { readScenario, SCENARIOS } from '../../scripts/scenarios/run-scenario.ts';
import { arrayAt, isObject, type JsonObject, objectAt, textAt } from '../../src/event/json.ts';
import { newService } from '../scenarios/new-service.ts';
import cases from './detections.cases.json' with { type: 'json' };
import { type Alert, alertsOf, convertedDetections, type Detection } from './detections.ts';
import { type Asked, corpusDocuments, hasCorpora, scenarioAnswers } from './enriched-documents.ts';
import { SearchNode } from './search-node.ts';

const CORPORA = 'logstash-cloudtrail-corpora';
const indexOf = (scenario: string): string => `logstash-cloudtrail-${scenario}`;
const read = (name: string): string =>
  readFileSync(new URL(`../../elastic/${name}`, import.meta.url), 'utf8');

const FAILED_CALL = {
  eventVersion: '1.08',
  userIdentity: { type: 'IAMUser', principalId: 'AIDAEXAMPLE', userName: 'bob' },
  eventTime: '2026-11-17T09:00:00Z',
  eventSource: 'iam.amazonaws.com',
  eventName: 'CreateAccessKey',
  sourceIPAddress: '203.0.113.17',
  errorCode: 'AccessDenied',
  recipientAccountId: '111122223333',
} as const;

const { errorCode: _error, ...ANY_CALL } = FAILED_CALL;

/** Calls that a rule must tell, and calls like them that it must not; `{n}` is another number in each of its times. */
const CASES: readonly {
  readonly rule: string;
  readonly fires: boolean;
  readonly says: string;
  readonly times?: number;
  readonly record: JsonObject;
}[] = cases;

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

async function index(
  name: string,
  documents: readonly JsonObject[],
  ids: readonly string[] = [],
): Promise<readonly string[]> {
  const errors: string[] = [];
  for (let at = 0; at < documents.length; at += 500) {
    const lines = documents.slice(at, at + 500).flatMap((document, offset) => {
      const id = ids[at + offset];
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
  await node.ask('PUT', `/_ingest/pipeline/${PIPELINE_NAME}`, ingestPipeline('opensearch'));
  await node.ask('PUT', '/_component_template/detrails@mappings', strict(answerTemplate('opensearch')));
  await node.ask('PUT', '/_component_template/cloudtrail@mappings', strict(eventTemplate('opensearch')));
  await node.ask('PUT', '/_index_template/logstash-cloudtrail', INDEX_TEMPLATE);
  detections = convertedDetections();
  for (const name of SCENARIOS) {
    const asked = await scenarioAnswers(name);
    const documents = asked.map(({ record, answer }) => ecsDocument(record, answer));
    expect(
      await index(
        indexOf(name),
        documents,
        asked.map(({ id }) => id),
      ),
    ).toEqual([]);
  }
  if (hasCorpora) corpus = await corpusDocuments();
  if (hasCorpora) expect(await index(CORPORA, corpus)).toEqual([]);
  for (const name of SCENARIOS) alerts.set(name, await allAlerts(indexOf(name)));
});

afterAll(async () => {
  await node?.stop();
});

describe('the templates in the engine', () => {
  test.skipIf(!hasCorpora)(
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

  test('hold fields that the scenarios fill', async () => {
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

describe('the ingest pipeline in the engine', () => {
  /** As Logstash's codec leaves a record: eventTime has moved to @timestamp, which is not of the record. */
  const asFields = ({ record }: Asked): JsonObject => {
    const { eventTime, ...rest } = record;
    return { ...rest, '@timestamp': new Date(String(eventTime)).toISOString() };
  };
  /** As Filebeat leaves it: one text, and @timestamp is the time of arrival. */
  const asText = ({ text }: Asked): JsonObject => ({
    message: text,
    '@timestamp': '2026-11-30T00:00:00.000Z',
  });

  beforeAll(async () => {
    await node.ask('PUT', '/_component_template/shipped-answer', answerTemplate('opensearch'));
    await node.ask('PUT', '/_component_template/shipped-event', eventTemplate('opensearch'));
    await node.ask('PUT', '/_index_template/shipped', {
      ...INDEX_TEMPLATE,
      index_patterns: ['shipped-*'],
      composed_of: ['shipped-event', 'shipped-answer'],
    });
  });

  test.each([
    ['fields', asFields],
    ['text', asText],
  ] as const)('names the fields of a record that comes as %s as the table says', async (form, shape) => {
    const asked = await scenarioAnswers('privilege-escalation');
    const documents = asked.map((one) => {
      const { threat, related, ...detrails } = one.answer;
      return { ...shape(one), ...(threat && { threat }), ...(related && { related }), detrails };
    });
    expect(
      await index(
        `shipped-${form}`,
        documents,
        asked.map(({ id }) => id),
      ),
    ).toEqual([]);
    for (const { id, record, answer } of asked) {
      const { _source } = await node.ask('GET', `/shipped-${form}/_doc/${id}`);
      const wanted = ecsDocument(record, answer);
      for (const { field, rule } of EVENT_FIELDS) {
        if (rule === 'arrival') expect(Date.parse(String(valueAt(_source, field)))).not.toBeNaN();
        else expect([id, field, valueAt(_source, field)]).toEqual([id, field, valueAt(wanted, field)]);
      }
      expect(valueAt(_source, 'detrails_record')).toBeUndefined();
    }
  });

  test('takes the record for the truth, and leaves alone what an integration has read', async () => {
    const onItsWay = {
      '@timestamp': '2026-11-17T09:00:00.000Z',
      eventName: 'AssumeRole',
      userAgent: 'aws-cli/2',
      user_agent: { original: 'of who sent it to Logstash' },
    };
    const read = {
      '@timestamp': '2026-11-17T09:00:00.000Z',
      event: { action: 'AssumeRole', outcome: 'failure' },
      user_agent: { original: 'aws-cli/2' },
    };
    expect(await index('shipped-two', [onItsWay, read], ['way', 'read'])).toEqual([]);
    const way = await node.ask('GET', '/shipped-two/_doc/way');
    expect(valueAt(way, '_source.user_agent.original')).toBe('aws-cli/2');
    expect(valueAt(way, '_source.event.outcome')).toBe('success');
    const kept = await node.ask('GET', '/shipped-two/_doc/read');
    expect(kept['_source']).toMatchObject(read);
  });

  const bare = { ...FAILED_CALL };
  const eventBridge = { version: '0', source: 'aws.iam', 'detail-type': 'AWS API Call', detail: bare };
  const text = (value: unknown): string => JSON.stringify(value);
  test.each<readonly [name: string, document: JsonObject]>([
    ['EventBridge', eventBridge],
    ['EventBridge as text', { message: text(eventBridge) }],
    ['SNS in SQS', { message: text({ Body: text({ Message: text(eventBridge) }) }) }],
    ['a file of one record', { message: text({ Records: [bare] }) }],
    ['lookup-events', { message: text({ EventName: 'CreateAccessKey', CloudTrailEvent: text(bare) }) }],
    ['lookup-events, whole', { message: text({ Events: [{ CloudTrailEvent: text(bare) }] }) }],
    ['event.original', { message: 'of no use', event: { original: text(bare) } }],
    ['json', { json: bare }],
    ['cloudtrail', { cloudtrail: bare }],
    ['aws.cloudtrail', { aws: { cloudtrail: bare } }],
    ['any other field', { whatever: bare, source: 'a collector', event: 'a text', user: 'who runs it' }],
  ])('finds the record in %s', async (name, envelope) => {
    const id = encodeURIComponent(name);
    const document = { '@timestamp': '2026-11-30T00:00:00.000Z', ...envelope };
    expect(await index('shipped-envelopes', [document], [name])).toEqual([]);
    const { _source } = await node.ask('GET', `/shipped-envelopes/_doc/${id}`);
    expect(_source).toMatchObject({
      '@timestamp': '2026-11-17T09:00:00.000Z',
      event: { action: 'CreateAccessKey', outcome: 'failure' },
      user: { name: 'bob' },
      source: { ip: '203.0.113.17' },
      aws: { cloudtrail: { error_code: 'AccessDenied', user_identity: { type: 'IAMUser' } } },
    });
    expect(valueAt(_source, 'detrails_record')).toBeUndefined();
  });

  test.each<readonly [outcome: string, name: string, document: JsonObject]>([
    ['failure', 'an errorCode', { errorCode: 'AccessDenied' }],
    [
      'failure',
      'a sign-in that failed',
      { eventName: 'ConsoleLogin', responseElements: { ConsoleLogin: 'Failure' } },
    ],
    ['success', 'a sign-in', { eventName: 'ConsoleLogin', responseElements: { ConsoleLogin: 'Success' } }],
    ['failure', 'what was answered', { detrails: { action: { outcome: 'denied' } } }],
    ['success', 'none of these', {}],
  ])('tells %s by %s', async (outcome, name, parts) => {
    const id = encodeURIComponent(name);
    expect(await index('shipped-outcomes', [{ ...ANY_CALL, ...parts }], [name])).toEqual([]);
    const { _source } = await node.ask('GET', `/shipped-outcomes/_doc/${id}`);
    expect(valueAt(_source, 'event.outcome')).toBe(outcome);
  });

  test('moves threat and related of an answer that no pipeline has moved, and leaves another’s threat', async () => {
    const detrails = {
      version: '1.0.0',
      threat: { framework: 'MITRE ATT&CK' },
      related: { ip: ['203.0.113.17', '203.0.113.18'], user: ['bob'] },
    };
    const foreign = { threat: { feed: { name: 'another' } }, related: { ip: '203.0.113.17' } };
    const documents = [{ detrails }, { detrails, ...foreign }];
    expect(await index('shipped-merged', documents, ['merged', 'foreign'])).toEqual([]);
    const merged = await node.ask('GET', '/shipped-merged/_doc/merged');
    expect(merged['_source']).toMatchObject({ threat: detrails.threat, related: detrails.related });
    expect(valueAt(merged, '_source.detrails')).toEqual({ version: '1.0.0' });
    const kept = await node.ask('GET', '/shipped-merged/_doc/foreign');
    expect(kept['_source']).toMatchObject({ threat: foreign.threat, related: detrails.related });
    expect(valueAt(kept, '_source.detrails')).toEqual({ version: '1.0.0', threat: detrails.threat });
  });

  test('keeps a record whole whose parameters are longer than Lucene’s longest term', async () => {
    const requestParameters = { queryString: 'x'.repeat(40_000), list: [{ text: '€'.repeat(40_000) }] };
    expect(await index('shipped-long', [{ ...FAILED_CALL, requestParameters }], ['long'])).toEqual([]);
    const { _source } = await node.ask('GET', '/shipped-long/_doc/long');
    expect(valueAt(_source, 'requestParameters')).toEqual(requestParameters);
    expect(valueAt(_source, 'aws.cloudtrail.flattened.request_parameters.queryString')).toHaveLength(8_000);
  });

  test.each([
    ['re-enrich/10-input.conf', { tags: ['_detrails_failed'] }],
    ['inputs/unknown-origins.conf', { detrails: { origin: { status: 'unknown', reason: 'not_seen' } } }],
  ])('%s finds what it looks for', async (file, parts) => {
    const eventTime = new Date(Date.now() - 3_600_000).toISOString();
    const name = `shipped-${encodeURIComponent(file.replaceAll(/\W/g, '-'))}`;
    const documents = [
      { ...FAILED_CALL, eventTime, ...parts },
      { ...FAILED_CALL, eventTime },
    ];
    expect(await index(name, documents, ['wanted', 'other'])).toEqual([]);
    const config = readFileSync(new URL(`../../logstash-pipelines/${file}`, import.meta.url), 'utf8');
    const text = /query => '([^']+)'/.exec(config)?.[1] ?? '';
    const query = JSON.parse(text.replaceAll(/\$\{\w+:([^}]*)\}/g, '$1')) as JsonObject;
    const answer = await node.ask('POST', `/${name}/_search`, query);
    const hits = (arrayAt(objectAt(answer, 'hits'), 'hits') ?? []).filter(isObject);
    expect(hits.map((hit) => textAt(hit, '_id'))).toEqual(['wanted']);
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
  test.each(panelQueries(read(file)).map(({ panel, body }) => [panel, body] as const))(
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
  test.each(SCENARIOS)('%s: each fires in the steps that name it', (name) => {
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

  test.each(SCENARIOS.filter((name) => name.endsWith('controls')))(
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

  test.each(CASES)('$rule when $says: $fires', async ({ rule, fires, record, times = 1 }) => {
    const name = indexOf(`case-${CASES.findIndex((one) => one.record === record)}`);
    const ask = newService();
    const documents = await Promise.all(
      Array.from({ length: times }, async (_, at) => {
        const text = JSON.stringify({ ...ANY_CALL, ...record }).replaceAll('{n}', String(at));
        return ecsDocument(JSON.parse(text) as JsonObject, await ask(text));
      }),
    );
    expect(await index(name, documents)).toEqual([]);
    const detection = detections.find((one) => one.rule === rule) as Detection;
    expect((await alertsOf(node, name, detection)).length > 0).toBe(fires);
  });

  test('a console sign-in that failed is none with a made login', async () => {
    const asked = (await scenarioAnswers('privilege-escalation')).filter(
      ({ record }) => record['eventName'] === 'ConsoleLogin',
    );
    const failed = asked.map(({ record, answer }) =>
      ecsDocument(
        { ...record, responseElements: { ConsoleLogin: 'Failure' } },
        {
          ...answer,
          action: { ...answer.action, outcome: 'denied' },
        },
      ),
    );
    expect(failed.length).toBeGreaterThan(0);
    expect(await index(indexOf('failed-sign-in'), failed)).toEqual([]);
    const detection = detections.find(({ rule }) => rule === 'sign-in-with-made-login') as Detection;
    expect(await alertsOf(node, indexOf('failed-sign-in'), detection)).toEqual([]);
  });

  test('ask in Splunk for the names that CloudTrail gives, and for the elements of lists', () => {
    const searches = detections.flatMap(({ splunk }) => splunk);
    expect(searches.length).toBeGreaterThanOrEqual(detections.length);
    const text = searches.join('\n');
    expect(text).not.toMatch(/aws\.cloudtrail|event\.action|user_agent|action\.iam[="]/);
    for (const part of [
      'eventName="ConsoleLogin"',
      'MFAUsed="No"',
      '"detrails.action.iam{}"=',
      'by _time userIdentity.arn',
    ])
      expect(text).toContain(part);
  });

  test('each has a step that must trigger it', () => {
    const named = new Set(
      SCENARIOS.flatMap((name) => readScenario(name).expected.steps.flatMap((step) => step.detections)),
    );
    expect(detections.map(({ rule }) => rule).toSorted()).toEqual([...named].toSorted());
  });

  test.skipIf(!hasCorpora)('are quiet on real records: the number of alerts of each', async () => {
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

describe('what is shipped beside', () => {
  test('load.sh puts everything to its place, again and again', () => {
    const run = () =>
      execFileSync('sh', [fileURLToPath(new URL('../../elastic/load.sh', import.meta.url))], {
        encoding: 'utf8',
        env: { ...process.env, ELASTICSEARCH_URL: node.url },
      });
    expect(run().match(/"acknowledged":true/g)).toHaveLength(5);
    expect(run().match(/"acknowledged":true/g)).toHaveLength(5);
  });

  test('compose.yaml is what Compose takes, by its schema', () => {
    const file = fileURLToPath(new URL('../../compose.yaml', import.meta.url));
    const checker = fileURLToPath(
      new URL('../../elastic/engine/target/venv/bin/check-jsonschema', import.meta.url),
    );
    expect(
      execFileSync(checker, ['--builtin-schema', 'vendor.compose-spec', file], { encoding: 'utf8' }),
    ).toContain('ok');
  });
});
