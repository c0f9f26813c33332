import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { type Service, startService } from '../../src/service.ts';
import { getField, type LogstashEvent } from './event.ts';
import { applyResult, bodyText } from './http-filter.ts';
import { type ClientSettings, httpFilterClient, requestBytes } from './http-filter-client.ts';
import { type CapturedRequest, capturedEvents, capturedRequests, hasWire } from './wire.ts';

/** How the service answers each captured shape, in the order of shapes.raw.jsonl. */
const SHAPES: readonly (readonly [shape: string, status: number, code?: string])[] = [
  ['a file of two records as one message', 400, 'several_records'],
  ['a record of the codec cloudtrail', 200],
  ['another of the same file', 200],
  ['two records below Records, unsplit', 400, 'several_records'],
  ['one record in message, as Filebeat sends it', 200],
];

/** The captured record has no eventSource, so that all are refused; what matters is why. */
const BODIES: { readonly [form: string]: string } = {
  hash: 'not_cloudtrail',
  message_text_default: 'not_cloudtrail',
  message_json: 'not_cloudtrail',
  message_text_ct_header: 'not_cloudtrail',
  missing_message: 'unresolved_reference',
  map_ref_json: 'not_cloudtrail',
  hash_wrapping_map: 'not_cloudtrail',
  array: 'several_records',
  nobody: 'empty_body',
  ruby_to_json: 'not_cloudtrail',
  ruby_rec_map: 'not_cloudtrail',
  final: 'not_cloudtrail',
};

describe.skipIf(!hasWire)('what the real http filter sent (skipped where ../shared/wire is absent)', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(
      loadConfig({ DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'silent', DETRAILS_DRAIN_SECONDS: '0' }),
    );
  });
  afterAll(() => service.stop('the end of the tests'));

  async function post({ head, body }: CapturedRequest) {
    const contentType = head.includes('content-type: text/plain') ? 'text/plain' : 'application/json';
    const client = httpFilterClient({ url: `${service.url}/enrich`, verb: 'POST', contentType });
    const result = await client.send(body);
    client.close();
    if (!result.ok) throw new Error(result.error);
    return { status: result.response.status, answer: JSON.parse(result.response.body.toString()) };
  }

  test.each(SHAPES.map((shape, i) => [shape[0], i] as const))('%s', async (_name, i) => {
    const request = capturedRequests('shapes')[i];
    const [, status, code] = SHAPES[i] ?? [];
    if (request === undefined) return expect.fail('not captured');
    const { status: given, answer } = await post(request);
    expect(given).toBe(status);
    if (status === 200) expect(answer.action.iam).toEqual(['ec2:RunInstances']);
    else expect(answer.code).toBe(code);
  });

  test.each(Object.entries(BODIES))('the body form %s: %s', async (form, code) => {
    const requests = capturedRequests('body').filter((request) => request.form === form);
    expect(requests.length).toBeGreaterThan(0);
    for (const request of requests) expect((await post(request)).answer.code).toBe(code);
  });

  test('every captured body form and shape has its row here', () => {
    expect(new Set(capturedRequests('body').map(({ form }) => form))).toEqual(new Set(Object.keys(BODIES)));
    expect(capturedRequests('shapes')).toHaveLength(SHAPES.length);
  });
});

describe.skipIf(!hasWire)('the client of these tests (skipped where ../shared/wire is absent)', () => {
  /** What the captured filter had set, read from what it sent. */
  function settingsOf({ head }: CapturedRequest): ClientSettings {
    const value = (name: string) => head.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const [verb = '', path = ''] = (head[0] ?? '').split(' ');
    return {
      url: `http://${value('Host')}${path}`,
      verb,
      contentType: value('content-type') === 'text/plain' ? 'text/plain' : 'application/json',
      keepalive: head[1] === 'Connection: Keep-Alive',
      ...(head.includes('Authorization: Basic dTpw') ? { user: 'u', password: 'p' } : {}),
    };
  }

  test('sends the same heads and bodies, byte for byte', () => {
    const requests = [
      ...capturedRequests('body'),
      ...capturedRequests('shapes'),
      ...capturedRequests('status'),
    ];
    // Headers of the config's own replace those of the client; none of the shipped pipelines has any.
    const plain = requests.filter(
      ({ head }) => !head.some((line) => /^(X-Api-Key|Authorization2)/.test(line)),
    );
    expect(plain.length).toBeGreaterThan(80);
    for (const request of plain) {
      const settings = settingsOf(request);
      const cookie = request.head
        .find((line) => line.startsWith('Cookie: '))
        ?.slice(8)
        .split('=');
      const jar = new Map(cookie === undefined ? [] : [[cookie[0] ?? '', cookie[1] ?? '']]);
      const sent = requestBytes(new URL(settings.url), settings, request.body, jar).toString('utf8');
      expect(sent).toBe(`${request.head.join('\r\n')}\r\n\r\n${request.body}`);
    }
  });

  test('makes of each kind of answer what the filter made of it', () => {
    for (const { path, status, mediaType, body } of ANSWERS) {
      const captured = capturedEvents('status').find(
        (event) => event['path'] === path && event['f'] === 'default',
      );
      if (captured === undefined) return expect.fail(`${path} was not captured`);
      const event: LogstashEvent = {};
      const headers = mediaType === undefined ? {} : { 'content-type': mediaType };
      applyResult(
        event,
        { ok: true, response: { status, headers, body: Buffer.from(body) } },
        { target_body: '[enrich]' },
      );
      expect([path, event['enrich'], event['tags']]).toEqual([path, captured['enrich'], captured['tags']]);
    }
  });

  test('makes text of the values in a hash as the filter did', () => {
    const [request] = capturedRequests('body').filter(({ form }) => form === 'hash');
    const record = capturedRequests('body').find(({ form }) => form === 'message_json')?.body ?? '';
    const { obj, ts: _time, ...expected } = JSON.parse(request?.body ?? '');
    const { ts: _made, obj: made, ...rest } = JSON.parse(hashBody(JSON.parse(record)));
    expect(rest).toEqual(expected);
    expect(JSON.parse(made)).toEqual(JSON.parse(obj));
  });
});

/** The body of that captured config. */
function hashBody(record: LogstashEvent): string {
  const body = {
    bool: '%{readOnly}',
    num: '%{num}',
    float: '%{flt}',
    '%{eventName}': 'keysprintf',
    nested: { k: '%{[userIdentity][type]}' },
    arrStr: '%{strs}',
    litstr: '5',
    obj: '%{userIdentity}',
    lit: 5,
    arrObj: '%{resources}',
    missing: '%{nope}',
    eventName: '%{eventName}',
    nullf: '%{nul}',
  };
  // A list of maps came in the order of Java's hash map, which is not the record's.
  const resources = getField(record, 'resources') as LogstashEvent[];
  record['resources'] = resources.map(({ t, ARN }) => (t === undefined ? { ARN } : { t, ARN }));
  const text = bodyText(record, { body, body_format: 'json' });
  return text.ok ? (text.text ?? '') : '';
}

const GOOD = '{"enriched":true,"n":1,"f":1.5,"nul":null,"arr":[{"a":1}],"nested":{"x":"é"}}';
const JSON_TYPE = 'application/json';

const ANSWERS: readonly { path: string; status: number; mediaType?: string; body: string }[] = [
  { path: '/json', status: 200, mediaType: JSON_TYPE, body: GOOD },
  { path: '/charset', status: 200, mediaType: `${JSON_TYPE}; charset=utf-8`, body: GOOD },
  { path: '/upper', status: 200, mediaType: 'Application/JSON', body: GOOD },
  { path: '/problem', status: 200, mediaType: 'application/problem+json', body: GOOD },
  { path: '/array', status: 200, mediaType: JSON_TYPE, body: '[{"a":1},{"b":2}]' },
  { path: '/badjson', status: 200, mediaType: JSON_TYPE, body: '{"a":' },
  { path: '/emptyjson', status: 200, mediaType: JSON_TYPE, body: '' },
  { path: '/plain', status: 200, mediaType: 'text/plain', body: 'hi' },
  { path: '/noct', status: 200, body: GOOD },
  { path: '/207', status: 207, mediaType: JSON_TYPE, body: GOOD },
  ...[302, 304, 400, 401, 413, 429, 500, 503].map((status) => ({
    path: `/${status}`,
    status,
    mediaType: JSON_TYPE,
    body: GOOD,
  })),
];
