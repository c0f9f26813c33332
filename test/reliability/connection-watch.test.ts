import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { CONNECTION_LIMITS } from '../../src/http/connection-limits.ts';
import { ConnectionWatch, type WatchOptions } from '../../src/http/connection-watch.ts';
import { Metrics } from '../../src/observability/metrics.ts';
import { type Service, startService } from '../../src/service.ts';
import { post, type RawConnection, rawConnection } from './raw-connection.ts';

const record = '{"eventName":"ListUsers","eventSource":"iam.amazonaws.com"}';
const LIMITS = { ...CONNECTION_LIMITS, body: 1_000, sweep: 20 };
let service: Service;

beforeAll(async () => {
  service = await startService(
    loadConfig({ DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'silent', DETRAILS_DRAIN_SECONDS: '0' }),
    LIMITS,
  );
});
afterAll(() => service.stop('the end of the tests'));

/** A request of which the head and one byte have come. */
async function begun(path: string): Promise<RawConnection> {
  const connection = await rawConnection(service.url);
  await connection.write(`${post(path, record)}{`);
  await wait(50);
  return connection;
}

describe('a body that takes longer than it may', () => {
  test.each([
    ['/enrich', true],
    ['/enrich/', true],
    ['/policies/analyze', true],
    ['/nowhere/sessions', true],
    ['/enrich/batch', false],
    ['/enrich/batch/', false],
    ['/enrich/batch?output=merged', false],
    ['/sessions', false],
    ['/sessions/', false],
  ])('to %s is dropped as slow: %s', async (path, isSlow) => {
    const connection = await begun(path);
    await Promise.race([connection.over, wait(2 * LIMITS.body)]);
    expect(connection.isOver).toBe(isSlow);
    connection.socket.destroy();
  });
});

describe('connections over the limit', () => {
  test('are counted each, and told of once', async () => {
    const told: string[] = [];
    const log = { warn: (line: string) => told.push(line) };
    const metrics = new Metrics('test');
    const server = createServer();
    const options = { limits: LIMITS, bodyLimitBytes: 1, maxConnections: 10, metrics, log };
    const watch = new ConnectionWatch(server, options as unknown as WatchOptions);
    for (let dropped = 0; dropped < 20; dropped++) server.emit('drop');
    watch.stop();
    expect(told).toEqual(['10 connections are open (DETRAILS_MAX_CONNECTIONS): more are closed at once']);
    expect(await metrics.registry.getSingleMetricAsString('detrails_connections_dropped_total')).toContain(
      '{reason="too_many"} 20',
    );
  });
});

describe('what is in flight', () => {
  const scraped = async () => {
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    return Number(/^detrails_http_requests_in_flight (\d+)$/m.exec(metrics)?.[1]);
  };

  test.each(['/enrich', '/enrich?x=1', '/enrich/batch', '/sessions', '/policies/analyze'])(
    'a request to %s is, from its head to the end of its answer or of its connection',
    async (path) => {
      const settled = async (count: number) => {
        while (service.connections.inFlight !== count) await wait(5);
      };
      const itself = 1;
      await settled(0);
      expect(await scraped()).toBe(itself);
      const [answered, broken] = [await begun(path), await begun(path)];
      await settled(2);
      expect(await scraped()).toBe(itself + 2);
      await answered.write(record.slice(1));
      await answered.answers(1);
      broken.socket.destroy();
      await settled(0);
      expect(await scraped()).toBe(itself);
      answered.socket.destroy();
    },
  );
});
