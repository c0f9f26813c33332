import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { getField, type LogstashEvent } from './event.ts';
import { httpFilter } from './http-filter.ts';
import { type ClientSettings, httpFilterClient } from './http-filter-client.ts';

/** A server that answers each request with what the test says, and keeps what came. */
interface ScriptedServer {
  readonly url: string;
  readonly requests: string[];
  readonly sockets: Socket[];
  readonly server: Server;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

type Answer = (socket: Socket, count: number, request: string) => void;

async function scriptedServer(answer: Answer): Promise<ScriptedServer> {
  const requests: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    let count = 0;
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      requests.push(data.toString('utf8'));
      answer(socket, ++count, data.toString('utf8'));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}/enrich`, requests, sockets, server };
}

function response(
  body: string | Buffer,
  headers: readonly string[] = JSON_HEADERS,
  status = '200 OK',
): Buffer {
  const lines = [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${Buffer.byteLength(body)}`];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), Buffer.from(body)]);
}

const JSON_HEADERS = ['Content-Type: application/json'];
const post: Omit<ClientSettings, 'url'> = { verb: 'POST', contentType: 'application/json' };

describe('the client sends what was measured', () => {
  test('the request line, the headers in their order, and the body', async () => {
    const { url, requests } = await scriptedServer((socket) => socket.write(response('{}')));
    const client = httpFilterClient({ ...post, url });
    await client.send('{"é":1}');
    client.close();
    expect(requests[0]?.split('\r\n')).toEqual([
      'POST /enrich HTTP/1.1',
      'Connection: Keep-Alive',
      'content-type: application/json',
      'Content-Length: 8',
      `Host: ${new URL(url).host}`,
      'User-Agent: Manticore 0.9.2',
      'Accept-Encoding: gzip,deflate',
      '',
      '{"é":1}',
    ]);
  });

  test('cookies with the next request, and none where they are off', async () => {
    const answer: Answer = (socket) =>
      socket.write(response('{}', [...JSON_HEADERS, 'Set-Cookie: sid=abc; Path=/']));
    const { url, requests } = await scriptedServer(answer);
    for (const cookies of [true, false]) {
      const client = httpFilterClient({ ...post, url, cookies });
      await client.send('1');
      await client.send('2');
      client.close();
    }
    expect(requests.map((request) => request.includes('\r\nCookie: sid=abc\r\n'))).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });

  test('the Authorization header without a challenge, as the last header', async () => {
    const { url, requests } = await scriptedServer((socket) => socket.write(response('{}')));
    const client = httpFilterClient({ ...post, url, user: 'u', password: 'p' });
    await client.send('1');
    client.close();
    expect(requests[0]).toContain('Accept-Encoding: gzip,deflate\r\nAuthorization: Basic dTpw\r\n\r\n');
  });
});

describe('the client keeps connections as was measured', () => {
  test('one serves all requests', async () => {
    const { url } = await scriptedServer((socket) => socket.write(response('{}')));
    const client = httpFilterClient({ ...post, url });
    for (let i = 0; i < 20; i++) expect((await client.send('1')).ok).toBe(true);
    expect(client.opened).toBe(1);
    client.close();
  });

  test('at most 25 at a time', async () => {
    const { url } = await scriptedServer((socket) => setTimeout(() => socket.write(response('{}')), 5));
    const client = httpFilterClient({ ...post, url });
    const results = await Promise.all(Array.from({ length: 60 }, () => client.send('1')));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(client.opened).toBe(25);
    client.close();
  });

  const closesSoonAfter: Answer = (socket) => {
    socket.write(response('{}'));
    setTimeout(() => socket.end(), 5);
  };

  test('one that the server closed fails when it is used within 200 ms', async () => {
    const { url } = await scriptedServer(closesSoonAfter);
    const client = httpFilterClient({ ...post, url });
    await client.send('1');
    await wait(50);
    expect(await client.send('2')).toEqual({ ok: false, error: 'The target server failed to respond' });
    client.close();
  });

  test('one that the server closed is replaced at once with retry_non_idempotent', async () => {
    const { url } = await scriptedServer(closesSoonAfter);
    const client = httpFilterClient({ ...post, url, retryNonIdempotent: true });
    await client.send('1');
    await wait(50);
    expect((await client.send('2')).ok).toBe(true);
    expect(client.opened).toBe(2);
    client.close();
  });

  test('one that the server closed is looked at, and replaced, after more than 200 ms', async () => {
    const { url } = await scriptedServer(closesSoonAfter);
    const client = httpFilterClient({ ...post, url });
    await client.send('1');
    await wait(250);
    expect((await client.send('2')).ok).toBe(true);
    expect(client.opened).toBe(2);
    client.close();
  });

  test('one is left when the time of Keep-Alive has passed, or after Connection: close', async () => {
    const { url } = await scriptedServer((socket, _count, request) =>
      socket.write(
        response('{}', [
          ...JSON_HEADERS,
          request.endsWith('close') ? 'Connection: close' : 'Keep-Alive: timeout=1',
        ]),
      ),
    );
    const client = httpFilterClient({ ...post, url });
    await client.send('first');
    await wait(1050);
    await client.send('close');
    await client.send('third');
    expect(client.opened).toBe(3);
    client.close();
  });
});

describe('what goes wrong on the way is a failure of the client', () => {
  test('a refused connection, at once', async () => {
    const { url, server } = await scriptedServer(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    const client = httpFilterClient({ ...post, url, retryNonIdempotent: true });
    expect(await client.send('1')).toMatchObject({ ok: false });
    client.close();
  });

  test('a connection reset in the middle of an answer, twice', async () => {
    const { url, sockets } = await scriptedServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"half');
      setTimeout(() => socket.resetAndDestroy(), 5);
    });
    const client = httpFilterClient({ ...post, url, retryNonIdempotent: true });
    expect(await client.send('1')).toMatchObject({ ok: false });
    expect(sockets).toHaveLength(2);
    client.close();
  });

  test('a gap longer than socket_timeout, without a repeat; shorter gaps may add up to more', async () => {
    const { url, requests } = await scriptedServer((socket, _count, request) => {
      if (request.endsWith('silent')) return;
      const bytes = response('{"a":1}');
      for (let i = 0; i < bytes.length; i += 20)
        setTimeout(() => socket.write(bytes.subarray(i, i + 20)), (i / 20) * 60);
    });
    const client = httpFilterClient({ ...post, url, socketTimeoutSeconds: 0.15, retryNonIdempotent: true });
    expect((await client.send('dripping')).ok).toBe(true);
    expect(await client.send('silent')).toEqual({ ok: false, error: 'Read timed out' });
    expect(requests).toHaveLength(2);
    client.close();
  });
});

const good = '{"a":"é"}';
const mojibake = '{"a":"Ã©"}';
const chunked = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';

/** wire/status.out.ndjson, in words. */
const outcomes: readonly (readonly [name: string, bytes: Buffer, outcome: unknown])[] = [
  ['200 application/json', response(good), { a: 'é' }],
  ['with a charset', response(good, ['Content-Type: application/json; charset=utf-8']), { a: 'é' }],
  ['207', response(good, JSON_HEADERS, '207 Multi-Status'), { a: 'é' }],
  ['gzip', response(gzipSync(good), [...JSON_HEADERS, 'Content-Encoding: gzip']), { a: 'é' }],
  ['chunked', Buffer.from(`${chunked}4\r\n{"a"\r\n4\r\n:12}\r\n0\r\n\r\n`), { a: 12 }],
  ['an empty body', response(''), null],
  ['Application/JSON', response(good, ['Content-Type: Application/JSON']), mojibake],
  ['application/problem+json', response(good, ['Content-Type: application/problem+json']), mojibake],
  ['no content type', response(good, []), mojibake],
  ['JSON that is broken', response('{"a"'), '_jsonparsefailure'],
  ...[
    '302 Found',
    '304 Not Modified',
    '400 Bad Request',
    '413 Too Large',
    '429 Too Many',
    '503 Unavailable',
  ].map((status) => [status, response(good, JSON_HEADERS, status), '_httprequestfailure'] as const),
];

describe('what the filter makes of an answer', () => {
  test.each(outcomes)('%s', async (_name, bytes, outcome) => {
    const { url, requests } = await scriptedServer((socket) => socket.write(bytes));
    const settings = {
      url,
      verb: 'POST',
      body: '%{message}',
      target_body: '[enrich]',
      retry_non_idempotent: 'true',
    };
    const filter = httpFilter(settings, {});
    const event: LogstashEvent = { message: 'x' };
    await filter.apply(event);
    filter.client.close();
    if (typeof outcome === 'string' && outcome.startsWith('_')) {
      expect(event).toMatchObject({ message: 'x', tags: [outcome] });
      expect(event).not.toHaveProperty('enrich');
    } else {
      expect(event['enrich']).toEqual(outcome);
      expect(event).not.toHaveProperty('tags');
      expect(getField(event, '[@metadata][filter][http][response][headers]')).toBeTypeOf('object');
    }
    expect(requests).toHaveLength(1);
  });

  test('204 stops the pipeline of an old plugin', async () => {
    const { url } = await scriptedServer((socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
    const filter = httpFilter({ url, verb: 'POST', body: 'x', target_body: '[enrich]' }, {});
    await expect(filter.apply({})).rejects.toThrow('the pipeline stops');
    filter.client.close();
  });

  test('a hash with body_format text is not sent at all', async () => {
    const { url, requests } = await scriptedServer((socket) => socket.write(response('{}')));
    const filter = httpFilter(
      { url, verb: 'POST', body: { record: '%{message}' }, target_body: '[enrich]' },
      {},
    );
    const event: LogstashEvent = { message: 'x' };
    await filter.apply(event);
    expect(event['tags']).toEqual(['_httprequestfailure']);
    expect(requests).toHaveLength(0);
  });
});
