import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { Backlog } from '../../src/http/backlog.ts';
import { CONNECTION_LIMITS } from '../../src/http/connection-limits.ts';
import { Turnstile } from '../../src/http/turnstile.ts';
import { type Service, startService } from '../../src/service.ts';
import { post, rawConnection } from './raw-connection.ts';

const record = '{"eventName":"ListUsers","eventSource":"iam.amazonaws.com"}';
const enrich = post('/enrich', record) + record;
let service: Service;

/** The limits of connections, a hundred times as fast. */
const limits = {
  ...CONNECTION_LIMITS,
  headers: 300,
  body: 1_300,
  silence: 700,
  bytesUnderWay: 3_000_000,
  sweep: 50,
};

beforeAll(async () => {
  const settings = { PORT: '0', LOG_LEVEL: 'silent', MAX_STREAMS: '1', MAX_CONNECTIONS: '20' };
  const environment = Object.entries(settings).map(([name, value]) => [`DETRAILS_${name}`, value]);
  service = await startService(loadConfig(Object.fromEntries(environment)), limits);
});
afterAll(() => service.stop('SIGINT'));

const dropped = async () =>
  service.context.metrics.registry.getSingleMetricAsString('detrails_connections_dropped_total');

describe('a body over the limit', () => {
  const size = (mebibytes: number) => Buffer.alloc(mebibytes * 1024 * 1024, ' ');

  test.each([
    ['1 MiB and a byte', 1_048_577],
    ['9 MiB', 9 * 1_048_576],
  ])('of %s is read to its end, and answered 413 on a connection that goes on', async (_name, length) => {
    const connection = await rawConnection(service.url);
    await connection.write(post('/enrich', Buffer.alloc(length)));
    for (let left = length; left > 0; left -= 65_536)
      await connection.write(Buffer.alloc(Math.min(left, 65_536), ' '));
    await connection.write(enrich);
    const text = await connection.answers(2);
    expect(text).toMatch(/^HTTP\/1\.1 413 .*"code":"body_too_large".*HTTP\/1\.1 200 OK/s);
    expect(text).not.toMatch(/connection: close/i);
    connection.socket.destroy();
  });

  test('sent in chunks that never end is dropped after 8 MiB more', async () => {
    const connection = await rawConnection(service.url);
    await connection.write('POST /enrich HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
    let sent = 0;
    const chunk = size(1);
    while (!connection.isOver && sent < 40) {
      await connection.write(`100000\r\n${chunk}\r\n`);
      sent++;
      await wait(1);
    }
    expect(sent).toBeLessThan(20);
    expect(connection.text()).toContain('413');
  });
});

describe('clients that are slow', () => {
  test('with their headers are answered 408', async () => {
    const connection = await rawConnection(service.url);
    await connection.write('POST /enrich HTTP/1.1\r\nhost: x\r\n');
    await connection.over;
    expect(connection.text()).toMatch(/^HTTP\/1\.1 408 .*problem\+json.*"code":"request_timeout"/s);
  });

  test('with their body, byte after byte, are dropped', async () => {
    const connection = await rawConnection(service.url);
    await connection.write(post('/enrich', Buffer.alloc(1000)));
    const began = performance.now();
    while (!connection.isOver) {
      await connection.write(' ');
      await wait(50);
    }
    expect(performance.now() - began).toBeGreaterThan(limits.body - 100);
    expect(await dropped()).toContain('{reason="slow"}');
  });

  test('that say nothing in the middle of a batch are dropped', async () => {
    const connection = await rawConnection(service.url);
    await connection.write(post('/enrich/batch', Buffer.alloc(1000)));
    await connection.write(`${record}\n`);
    await connection.over;
    await wait(50);
    expect(service.context.streams.inside).toBe(0);
  });

  test('that go on with a batch are not, however long it takes', async () => {
    const connection = await rawConnection(service.url);
    await connection.write(post('/enrich/batch', Buffer.alloc(10 * (record.length + 1))));
    for (let i = 0; i < 10; i++) {
      await connection.write(`${record}\n`);
      await wait(200);
    }
    expect(await connection.answers(1)).toContain('200 OK');
    await wait(50);
    expect(connection.text().split('"version"').length - 1).toBe(10);
    connection.socket.destroy();
  });

  test('that hold too much memory together are dropped, the oldest first', async () => {
    const connections = [];
    for (let i = 0; i < 4; i++) {
      const connection = await rawConnection(service.url);
      await connection.write(post('/enrich', Buffer.alloc(1_000_000)));
      connections.push(connection);
      await wait(20);
    }
    // Alive all the while, so that it is not their silence that ends them.
    const began = performance.now();
    while (performance.now() - began < 1_150) {
      for (const connection of connections) await connection.write(' ');
      await wait(50);
    }
    expect(connections.map((connection) => connection.isOver)).toEqual([true, false, false, false]);
    expect(await dropped()).toContain('{reason="memory"} 1');
    for (const { socket } of connections) socket.destroy();
  });
});

describe('kept connections', () => {
  test('are touched by no limit while they rest between two requests', async () => {
    const connection = await rawConnection(service.url);
    for (let i = 1; i <= 3; i++) {
      await connection.write(enrich);
      await connection.answers(i);
      await wait(limits.silence + 300);
    }
    expect(connection.isOver).toBe(false);
    expect(connection.text()).toMatch(/keep-alive: timeout=90/i);
    connection.socket.destroy();
  });

  test('are as many as the setting says; one more is closed at once', async () => {
    await wait(100);
    const open = await Promise.all(Array.from({ length: 20 }, () => rawConnection(service.url)));
    const more = await rawConnection(service.url);
    await more.over;
    expect(await dropped()).toContain('{reason="too_many"} 1');
    await open[0]?.write(enrich);
    expect(await open[0]?.answers(1)).toContain('200 OK');
    for (const { socket } of open) socket.destroy();
    await wait(50);
  });
});

describe('what is no HTTP', () => {
  test.each([
    ['a TLS handshake', Buffer.from('16030100a5010000a1', 'hex'), 400, 'bad_request'],
    [
      'headers of 100 kB',
      `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    [
      'two lengths',
      `POST /enrich HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n`,
      400,
      'bad_request',
    ],
    [
      'a length and chunks',
      'POST /enrich HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
      400,
      'bad_request',
    ],
    [
      'a length that is no number',
      'POST /enrich HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n',
      400,
      'bad_request',
    ],
  ])('%s', async (_name, bytes, status, code) => {
    const connection = await rawConnection(service.url);
    await connection.write(bytes);
    await connection.over;
    expect(connection.text()).toMatch(new RegExp(`^HTTP/1.1 ${status} .*"code":"${code}"`, 's'));
  });
});

describe('what becomes no HTTP', () => {
  test('breaks the connection off where a batch is answered in part, and is no part of the answer', async () => {
    const connection = await rawConnection(service.url);
    await connection.write('POST /enrich/batch HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
    await connection.write(`${(record.length + 1).toString(16)}\r\n${record}\n\r\n`);
    await connection.answers(1);
    await connection.write('ZZ\r\n');
    await connection.over;
    expect(connection.text().split('HTTP/1.1')).toHaveLength(2);
  });

  test('behind whole requests is answered behind their answers', async () => {
    const connection = await rawConnection(service.url);
    await connection.write(`${enrich}${enrich}GARBAGE\r\n\r\n`);
    await connection.over;
    expect(connection.text()).toMatch(/^HTTP\/1\.1 200 .*HTTP\/1\.1 200 .*HTTP\/1\.1 400 .*"bad_request"/s);
  });

  test('is answered in its place where it is in the body of a request', async () => {
    const connection = await rawConnection(service.url);
    await connection.write('POST /enrich HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n');
    await connection.over;
    expect(connection.text()).toMatch(/^HTTP\/1\.1 400 .*"bad_request"/s);
  });
});

describe('overload', () => {
  test('a batch stands in line while others are under way', async () => {
    const first = await rawConnection(service.url);
    await first.write(post('/enrich/batch', `${record}\n${record}`));
    await first.write(`${record}\n`);
    const second = await rawConnection(service.url);
    await second.write(post('/enrich/batch', record) + record);
    await wait(200);
    expect([service.context.streams.inside, second.text()]).toEqual([1, '']);
    await first.write(record);
    await first.answers(1);
    expect(await second.answers(1)).toContain('200 OK');
    for (const { socket } of [first, second]) socket.destroy();
    await wait(50);
    expect(service.context.streams.inside).toBe(0);
  });

  test('a batch that only creeps makes room for one that stands in line', async () => {
    const patient = await startService(
      loadConfig({ DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'silent', DETRAILS_MAX_STREAMS: '1' }),
    );
    const creeping = await rawConnection(patient.url);
    await creeping.write('POST /enrich/batch HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
    const creep = setInterval(() => void creeping.write('1\r\n \r\n'), 100);
    await wait(50);
    const next = await rawConnection(patient.url);
    await next.write(post('/enrich/batch', record) + record);
    expect(await next.answers(1)).toMatch(/^HTTP\/1\.1 200/);
    clearInterval(creep);
    expect(creeping.isOver).toBe(true);
    next.socket.destroy();
    await patient.stop('SIGINT');
  }, 20_000);

  test('an event that waited for more than eight seconds is refused, with the time to come back', async () => {
    service.context.backlog.turn(performance.now() - 8_500);
    const response = await service.app.inject({ method: 'POST', url: '/enrich', payload: record });
    expect([response.statusCode, response.json().code, response.headers['retry-after']]).toEqual([
      503,
      'overloaded',
      '5',
    ]);
    await wait(150);
    const next = await service.app.inject({ method: 'POST', url: '/enrich', payload: record });
    expect(next.statusCode).toBe(200);
  });

  test('a loop that turns is no backlog', () => {
    const backlog = new Backlog();
    expect(backlog.isOverdue(performance.now() + 7_900)).toBe(false);
    expect(backlog.isOverdue(performance.now() + 8_100)).toBe(true);
    backlog.stop();
  });

  test('the turnstile keeps its number, hands places over in order, and turns away who waited too long', async () => {
    const turnstile = new Turnstile(2, 50);
    const leave = await turnstile.enter();
    await turnstile.enter();
    const order: number[] = [];
    const waiting = [1, 2].map((i) =>
      turnstile.enter().then((out) => {
        if (out !== undefined) order.push(i);
        return out;
      }),
    );
    leave?.();
    leave?.();
    const [next, last] = await Promise.all(waiting);
    expect([order, turnstile.inside, last]).toEqual([[1], 2, undefined]);
    next?.();
    expect(turnstile.inside).toBe(1);
  });

  test('the line before the turnstile is bounded', async () => {
    const turnstile = new Turnstile(1, 5_000);
    const leave = await turnstile.enter();
    const waiting = Array.from({ length: 51 }, () => turnstile.enter());
    expect(await waiting[50]).toBeUndefined();
    leave?.();
    (await waiting[0])?.();
  });
});
