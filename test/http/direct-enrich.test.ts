import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest, IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { PHASE } from '../../src/http/service-context.ts';
import { type Service, startService } from '../../src/service.ts';

const example = readFileSync(new URL('../../examples/create-policy-version.json', import.meta.url), 'utf8');
let service: Service;

beforeAll(async () => {
  service = await startService(
    loadConfig({ DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'silent', DETRAILS_DRAIN_SECONDS: '0' }),
  );
});
afterAll(() => service.stop('the end of the tests'));

interface Answered {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly connection: string | undefined;
  readonly keepAlive: string | undefined;
  readonly body: string;
}

/** Sends the pieces one by one, with a Content-Length unless it is to be chunked. */
function send(
  pieces: readonly (string | Buffer)[],
  headers: Record<string, string> = {},
  chunked = false,
  agent?: Agent,
): Promise<Answered> {
  const length = pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${service.url}/enrich`, {
      method: 'POST',
      ...(agent && { agent }),
      headers: {
        ...headers,
        ...(chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': length }),
      },
    });
    request.on('error', reject);
    request.on('response', async (response) =>
      resolve({
        status: response.statusCode,
        type: response.headers['content-type'],
        connection: response.headers.connection,
        keepAlive: String(response.headers['keep-alive']),
        body: await text(response),
      }),
    );
    void (async () => {
      for (const piece of pieces) {
        request.write(piece);
        await new Promise((done) => setTimeout(done, 5));
      }
      request.end();
    })();
  });
}

async function throughFastify(payload: string) {
  const response = await service.app.inject({ method: 'POST', url: '/enrich', payload });
  return { status: response.statusCode, type: response.headers['content-type'], body: response.body };
}

const bodies: readonly (readonly [name: string, body: string])[] = [
  ['a record', example],
  ['a record in message', JSON.stringify({ message: example })],
  ['a record with names in many scripts', example.replace('dev-tools', 'büro-日本-🔑')],
  ['broken JSON', '{"eventName":'],
  ['no CloudTrail', '{}'],
  ['%{message}', '%{message}'],
  ['several records', `{"Records":[${example},${example}]}`],
];

describe('the direct way of /enrich and the way through Fastify give the same answer', () => {
  test.each(bodies)('%s', async (_name, body) => {
    const expected = await throughFastify(body);
    expect(await send([body])).toMatchObject(expected);
    expect(await send([body], {}, true)).toMatchObject(expected);
  });

  test('a body in pieces, cut within a character', async () => {
    const bytes = Buffer.from(example.replace('dev-tools', '日本'));
    const at = bytes.indexOf(Buffer.from('日')) + 1;
    const expected = await throughFastify(bytes.toString());
    expect(await send([bytes.subarray(0, at), bytes.subarray(at)])).toMatchObject(expected);
    const cuts = [0, 1, 100, at, at + 1, bytes.length];
    const pieces = cuts.slice(1).map((end, i) => bytes.subarray(cuts[i], end));
    expect(await send(pieces)).toMatchObject(expected);
  });

  test.each(['text/plain', 'garbage', 'application/json; charset=utf-16'])(
    'content type %s',
    async (type) => {
      expect((await send([example], { 'content-type': type })).status).toBe(200);
    },
  );

  test('keep-alive is advertised for longer than 75 s', async () => {
    const { keepAlive = '' } = await send([example], { connection: 'keep-alive' });
    expect(Number(/timeout=(\d+)/.exec(keepAlive)?.[1])).toBeGreaterThan(75);
  });

  test('what is not usual goes the other way: an empty body, one over the limit, a query', async () => {
    expect(JSON.parse((await send(['']))?.body).code).toBe('empty_body');
    expect(JSON.parse((await send(['x'.repeat(1_048_577)])).body).code).toBe('body_too_large');
    const query = await fetch(`${service.url}/enrich?pipeline=main`, { method: 'POST', body: example });
    expect(query.status).toBe(200);
  });

  test.each([
    ['gzip', 415],
    ['GZIP', 415],
    ['br', 415],
    ['identity, gzip', 415],
    [' Identity ', 200],
    ['', 200],
  ])('content encoding %j: %i, whichever way', async (encoding, status) => {
    for (const chunked of [false, true]) {
      const answer = await send(
        [status === 200 ? example : gzipSync(example)],
        { 'Content-Encoding': encoding },
        chunked,
      );
      expect(answer.status).toBe(status);
      if (status === 415) expect(JSON.parse(answer.body).code).toBe('unsupported_encoding');
    }
  });

  test('both are counted alike', async () => {
    const count = async () => {
      const metrics = await (await fetch(`${service.url}/metrics`)).text();
      const of = (line: string) =>
        Number(
          metrics
            .split('\n')
            .find((text) => text.startsWith(line))
            ?.split(' ')
            .at(-1) ?? 0,
        );
      return [
        of('detrails_http_requests_total{route="/enrich",code="200"}'),
        of('detrails_http_request_duration_seconds_count{route="/enrich"}'),
        of('detrails_events_total{result="enriched"}'),
      ];
    };
    const before = await count();
    await send([example]);
    await throughFastify(example);
    expect(await count()).toEqual(before.map((value) => value + 2));
  });

  test('a failure of our own is answered 500, and nothing of the event is in it', async () => {
    const spy = vi.spyOn(service.context.enrichment.sessions, 'exchange').mockImplementation(() => {
      throw new Error('SECRET');
    });
    try {
      const direct = await send([example]);
      expect(direct).toMatchObject(await throughFastify(example));
      expect(direct.status).toBe(500);
      expect(direct.body).not.toContain('SECRET');
    } finally {
      spy.mockRestore();
    }
    expect((await send([example])).status).toBe(200);
  });

  test('while draining each answer closes its connection', async () => {
    service.context.phase = PHASE.lingering;
    try {
      expect((await send([example], { connection: 'keep-alive' })).connection).toBe('close');
    } finally {
      service.context.phase = PHASE.serving;
    }
  });
});

/** Bytes of this process, without what nobody holds. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe('a request whose body was read has ended', () => {
  const endOfEmpty = Object.getOwnPropertyDescriptor(IncomingMessage.prototype, '_dumpAndCloseReadable');

  afterEach(() => {
    if (endOfEmpty !== undefined)
      Object.defineProperty(IncomingMessage.prototype, '_dumpAndCloseReadable', endOfEmpty);
  });

  test.each(['as this Node ends it', 'as Nodes do that have no other end for empty requests'])(
    '%s',
    async (way) => {
      if (way !== 'as this Node ends it')
        Reflect.deleteProperty(IncomingMessage.prototype, '_dumpAndCloseReadable');
      const requests: IncomingMessage[] = [];
      const note = (request: IncomingMessage) => void requests.push(request);
      service.app.server.on('request', note);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let i = 0; i < 3; i++) expect((await send([example], {}, false, agent)).status).toBe(200);
      service.app.server.off('request', note);
      agent.destroy();
      await vi.waitFor(() =>
        expect(requests.map(({ readableEnded }) => readableEnded)).toEqual([true, true, true]),
      );
    },
  );
});

test('a connection between two requests holds nothing of the last one: neither body nor answer', async () => {
  const connections = 20;
  const agent = new Agent({ keepAlive: true });
  const post = (body: string) =>
    new Promise<void>((resolve, reject) => {
      const request = httpRequest(`${service.url}/enrich`, { agent, method: 'POST' });
      request.on('error', reject);
      request.on('response', (response) => response.resume().on('end', resolve));
      request.end(body);
    });
  const postAll = (body: string) => Promise.all(Array.from({ length: connections }, () => post(body)));
  const padded = JSON.stringify({ ...JSON.parse(example), padding: 'x'.repeat(1_000_000) });
  try {
    await postAll(example);
    const before = heldBytes();
    await postAll(padded);
    // On a busy machine the last answers are still on their way for a moment.
    await expect
      .poll(() => heldBytes() - before, { timeout: 5000 })
      .toBeLessThan((connections / 4) * padded.length);
  } finally {
    agent.destroy();
  }
});
