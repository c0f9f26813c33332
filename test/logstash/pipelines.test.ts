import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { Enrichment } from '../../src/enrichment/enrichment.ts';
import { type Service, startService } from '../../src/service.ts';
import {
  beatsEvent,
  cloudtrailCodecEvent,
  eventBridgeEvent,
  jsonCodecEvent,
  storedEvent,
} from './arriving-events.ts';
import { getField, type LogstashEvent, setField, toJson } from './event.ts';
import { httpFilter } from './http-filter.ts';
import { httpFilterClient } from './http-filter-client.ts';
import { PIPELINES, statementsOf } from './pipelines.ts';
import { type FilterRun, filterRun } from './run-filters.ts';

const examples = readFileSync(new URL('../../examples/escalation.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { readonly [field: string]: unknown });
const record = JSON.parse(
  readFileSync(new URL('../../examples/create-policy-version.json', import.meta.url), 'utf8'),
) as { readonly [field: string]: unknown };

let service: Service;
/** The answer to the bare record, which the events of every pipeline are compared with. */
let direct: Enrichment;

beforeAll(async () => {
  service = await startService(
    loadConfig({ DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'silent', DETRAILS_DRAIN_SECONDS: '0' }),
  );
});
// What is remembered of the policy grows with every test.
beforeEach(async () => {
  direct = await ask(record);
});
afterAll(() => service.stop('the end of the tests'));

async function ask(body: unknown): Promise<Enrichment> {
  const response = await service.app.inject({
    method: 'POST',
    url: '/enrich',
    payload: JSON.stringify(body),
  });
  return response.json();
}

async function through(
  folder: string,
  events: readonly LogstashEvent[],
  url = service.url,
): Promise<FilterRun> {
  const run = filterRun(statementsOf(folder, 'filter'), { DETRAILS_URL: url });
  for (const event of events) await run.apply(event);
  run.close();
  return run;
}

/** The event less what the pipeline adds, and the service's answer put together again from it. */
function parted(event: LogstashEvent): { readonly rest: LogstashEvent; readonly detrails: unknown } {
  const { detrails, threat, related, '@metadata': _metadata, ...rest } = event;
  return {
    rest,
    detrails: { ...(detrails as object), ...(threat ? { threat } : {}), ...(related ? { related } : {}) },
  };
}

const arrivals: readonly (readonly [
  name: string,
  folder: string,
  arrive: (record: object) => LogstashEvent,
])[] = [
  ['S3 through the codec cloudtrail', 's3-codec-cloudtrail', (of) => cloudtrailCodecEvent({ ...of })],
  ['Filebeat, in message', 'beats-message', (of) => withoutRelated(beatsEvent({ ...of }))],
  [
    'the integration, in event.original alone',
    'beats-message',
    (of) => withoutMessage(beatsEvent({ ...of })),
  ],
  ['fields at the root', 'parsed-event', (of) => jsonCodecEvent({ ...of })],
  ['EventBridge, in detail', 'parsed-event', (of) => eventBridgeEvent({ ...of })],
  ['fields below a target', 'parsed-event', (of) => ({ '@timestamp': 'x', cloudtrail: { ...of } })],
];

function withoutRelated(event: LogstashEvent): LogstashEvent {
  delete event['related'];
  return event;
}

function withoutMessage(event: LogstashEvent): LogstashEvent {
  delete event['message'];
  return withoutRelated(event);
}

describe('a pipeline enriches', () => {
  test.each(arrivals)('%s', async (_name, folder, arrive) => {
    const event = arrive(record);
    const before = parted(structuredClone(event)).rest;
    await through(folder, [event]);
    expect(parted(event)).toEqual({ rest: before, detrails: direct });
    expect(event['threat']).toEqual(direct.threat);
    expect(event['detrails']).not.toHaveProperty('threat');
    expect(event['detrails']).not.toHaveProperty('related');
  });

  test.each(arrivals)('%s: every step of the story, each as it is alone', async (_name, folder, arrive) => {
    for (const step of examples) {
      const expected = await ask(step);
      const event = arrive(step);
      await through(folder, [event]);
      expect(parted(event).detrails).toEqual(expected);
    }
  });

  test('related.* is added to what the event has, and another threat.* stays', async () => {
    const event = beatsEvent(record);
    event['threat'] = { indicator: { ip: '192.0.2.99' } };
    await through('beats-message', [event]);
    expect(event['related']).toEqual({ ip: ['192.0.2.99', '203.0.113.17'], user: ['dev-intern'] });
    expect(event['threat']).toEqual({ indicator: { ip: '192.0.2.99' } });
    expect(getField(event, '[detrails][threat]')).toEqual(direct.threat);
  });

  test("what is not CloudTrail's goes by Filebeat's pipeline, unsent and untagged", async () => {
    const event = beatsEvent(record);
    setField(event, '[event][dataset]', 'aws.vpcflow');
    const before = structuredClone(event);
    const run = await through('beats-message', [event]);
    expect(event).toEqual(before);
    expect(run.httpFilters).toHaveLength(0);
  });

  test('disableApiTermination, which the codec wraps, changes nothing', async () => {
    const launch = {
      ...record,
      eventSource: 'ec2.amazonaws.com',
      eventName: 'RunInstances',
      requestParameters: { disableApiTermination: false },
    };
    const event = cloudtrailCodecEvent(launch);
    await through('s3-codec-cloudtrail', [event]);
    expect(parted(event).detrails).toEqual(await ask(launch));
  });
});

describe('a thousand events', () => {
  test.each(['s3-codec-cloudtrail', 'beats-message'])(
    'of %s go over one connection, all enriched',
    async (folder) => {
      const events = Array.from({ length: 1000 }, (_, i) => {
        const step = { ...examples[i % examples.length], eventID: `event-${i}` };
        return folder === 'beats-message' ? beatsEvent(step) : cloudtrailCodecEvent(step);
      });
      const run = await through(folder, events);
      expect(run.httpFilters.map(({ client }) => client.opened)).toEqual([1]);
      expect(events.filter((event) => getField(event, '[detrails][action][mapping]') === undefined)).toEqual(
        [],
      );
      expect(events.filter((event) => [event['tags']].flat().includes('_detrails_failed'))).toEqual([]);
    },
  );
});

describe('a failure leaves the event as it came, with a tag', () => {
  const failures: readonly (readonly [name: string, folder: string, arrive: () => LogstashEvent])[] = [
    ['no field to send', 'beats-message', () => ({ '@timestamp': 'x', other: 1 })],
    ['a message that is no JSON', 'beats-message', () => ({ message: 'SECRET' })],
    ['a message that is no CloudTrail', 'beats-message', () => ({ message: '{"password":"SECRET"}' })],
    ['a file that was not split', 'parsed-event', () => ({ Records: [record, record] })],
    ['an event that is too large', 'parsed-event', () => ({ ...record, padding: 'x'.repeat(1_100_000) })],
    ['an event without a record', 'parsed-event', () => ({ '@timestamp': 'x', tags: ['known'] })],
  ];

  test.each(failures)('%s', async (_name, folder, arrive) => {
    const event = arrive();
    const { tags: before = [], ...rest } = structuredClone(event);
    await through(folder, [event]);
    const { tags, '@metadata': _metadata, ...after } = event;
    expect(after).toEqual(rest);
    expect(tags).toEqual([...(before as string[]), '_detrails_failed']);
  });

  test('a service that is away', async () => {
    const event = beatsEvent(record);
    await through('beats-message', [event], 'http://127.0.0.1:9');
    expect(event['tags']).toEqual(['forwarded', '_detrails_failed']);
    expect(event).not.toHaveProperty('detrails');
  });

  test('%{message} sent literally is refused with a hint, and without the input', async () => {
    const client = httpFilterClient({
      url: `${service.url}/enrich`,
      verb: 'POST',
      contentType: 'application/json',
    });
    const result = await client.send('%{message}');
    client.close();
    if (!result.ok) return expect.fail(result.error);
    expect(result.response.status).toBe(400);
    expect(JSON.parse(result.response.body.toString())).toMatchObject({ code: 'unresolved_reference' });
  });

  test('the default verb, GET, is refused with the setting that is missing', async () => {
    const client = httpFilterClient({ url: `${service.url}/enrich` });
    const result = await client.send('x');
    client.close();
    if (!result.ok) return expect.fail(result.error);
    expect(result.response.status).toBe(405);
    expect(result.response.body.toString()).toContain('verb => ');
  });
});

describe('re-enrich', () => {
  test.each(arrivals)('enriches a stored event again: %s', async (_name, _folder, arrive) => {
    const { '@metadata': _metadata, ...document } = arrive(record);
    const event = storedEvent({ ...document, tags: ['_detrails_failed'] });
    await through('re-enrich', [event]);
    expect(event['detrails']).toEqual(direct);
  });

  test('enriches an event that was enriched before, when more is known by now', async () => {
    const { '@metadata': _metadata, ...document } = beatsEvent(record);
    const event = storedEvent({ ...document, detrails: { version: '1.0.0', origin: { status: 'unknown' } } });
    await through('re-enrich', [event]);
    expect(event['detrails']).toEqual(direct);
  });

  test('an event that fails again is not updated: it has no version', async () => {
    const event = storedEvent({ message: 'no JSON', tags: ['_detrails_failed'] });
    await through('re-enrich', [event]);
    expect(getField(event, '[detrails][version]')).toBeUndefined();
  });
});

describe('bodies that the configs of users send are answered too', () => {
  const text = JSON.stringify(record);
  const bodies: readonly (readonly [name: string, settings: object, event: LogstashEvent])[] = [
    ['text/plain, the default', { body: '%{message}' }, { message: text }],
    ['event.original', { body: '%{[event][original]}', body_format: 'json' }, { event: { original: text } }],
    ['a map', { body: '%{[json]}', body_format: 'json' }, { json: record }],
    [
      'a hash with the record as text',
      { body: { message: '%{message}' }, body_format: 'json' },
      { message: text },
    ],
    [
      'a hash with the record as a map, under any key',
      { body: { record: '%{json}' }, body_format: 'json' },
      { json: record },
    ],
  ];
  test.each(bodies)('%s', async (_name, settings, event) => {
    const filter = httpFilter(
      { url: `${service.url}/enrich`, verb: 'POST', target_body: '[detrails]', ...settings },
      {},
    );
    await filter.apply(event);
    filter.client.close();
    expect(event['detrails']).toEqual(direct);
  });

  test('a hash of single fields, each of which became text', async () => {
    const fields = Object.fromEntries(Object.keys(record).map((name) => [name, `%{${name}}`]));
    const body = { ...fields, sharedEventID: '%{sharedEventID}' };
    const filter = httpFilter(
      { url: `${service.url}/enrich`, verb: 'POST', target_body: '[detrails]', body_format: 'json', body },
      {},
    );
    const event: LogstashEvent = { ...record, responseElements: null };
    await filter.apply(event);
    filter.client.close();
    expect(event['detrails']).toEqual(await ask({ ...record, responseElements: null }));
  });
});

test("the service's answers are as Logstash needs them", async () => {
  const client = httpFilterClient({
    url: `${service.url}/enrich`,
    verb: 'POST',
    contentType: 'application/json',
  });
  for (const body of [
    JSON.stringify(record),
    toJson(beatsEvent(record)),
    '',
    '{}',
    '%{message}',
    '[1]',
    'null',
  ]) {
    const result = await client.send(body);
    if (!result.ok) return expect.fail(result.error);
    const { status, headers } = result.response;
    const isAnswered = body.includes('eventName');
    expect(status).toBe(isAnswered ? 200 : 400);
    expect(headers['content-type']).toBe(
      isAnswered ? 'application/json; charset=utf-8' : 'application/problem+json; charset=utf-8',
    );
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers).not.toHaveProperty('location');
    expect(Number(/timeout=(\d+)/.exec(String(headers['keep-alive']))?.[1])).toBeGreaterThanOrEqual(75);
  }
  expect(client.opened).toBe(1);
  client.close();
});

test('a service that stops answers all that is asked meanwhile, and closes a connection after its answer', async () => {
  const stopping = await startService(
    loadConfig({ DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'silent', DETRAILS_DRAIN_SECONDS: '1' }),
  );
  const client = httpFilterClient({
    url: `${stopping.url}/enrich`,
    verb: 'POST',
    contentType: 'application/json',
    retryNonIdempotent: true,
  });
  const send = () => client.send(JSON.stringify(record));
  expect((await send()).ok).toBe(true);
  const stopped = stopping.stop('SIGTERM');
  let answers = 0;
  let result = await send();
  for (; result.ok; result = await send()) {
    expect(result.response.status).toBe(200);
    answers++;
    await wait(20);
  }
  expect(answers).toBeGreaterThan(10);
  expect(client.opened, 'the last answer said that the connection ends').toBe(1);
  expect(result.error).toContain('Connect');
  await stopped;
  client.close();
});

test('the folders write to a data stream, the one of outputs/', () => {
  const one = readFileSync(`${PIPELINES}outputs/elasticsearch-data-stream.conf`, 'utf8');
  for (const folder of ['s3-codec-cloudtrail', 'beats-message', 'parsed-event'])
    expect(readFileSync(`${PIPELINES}${folder}/30-output.conf`, 'utf8')).toBe(one);
});

test.each(['http', 'splunk-hec'])('outputs/%s.conf drops nothing for a wrong token or address', (name) => {
  const output = readFileSync(`${PIPELINES}outputs/${name}.conf`, 'utf8');
  const codes = /retryable_codes => \[([\d, ]+)\]/.exec(output)?.[1]?.split(', ').map(Number);
  // The plugin's own, and what says that the next one would be refused as well.
  expect(codes).toEqual([401, 403, 404, 408, 429, 500, 502, 503, 504]);
});
