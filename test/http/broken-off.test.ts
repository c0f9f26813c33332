import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { type Service, startService } from '../../src/service.ts';
import { post, rawConnection } from '../reliability/raw-connection.ts';

const record = readFileSync(new URL('../../examples/create-policy-version.json', import.meta.url), 'utf8');
const line = `${JSON.stringify(JSON.parse(record))}\n`;
let service: Service;

beforeAll(async () => {
  service = await startService(
    loadConfig({ DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'silent', DETRAILS_DRAIN_SECONDS: '0' }),
  );
});
afterAll(() => service.stop('the end of the tests'));
beforeEach(() => {
  vi.restoreAllMocks();
});

const bodies: readonly (readonly [what: string, body: Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['half a record', Buffer.from(line.slice(0, 200))],
  ['a record and a half', Buffer.from(line + line.slice(0, 200))],
  ['half a gzip', gzipSync(line.repeat(100)).subarray(0, 200)],
];

/** A request is over when it is in flight no longer. */
async function isIdle(): Promise<void> {
  do await wait(20);
  while (service.connections.inFlight > 0);
}

test.each(
  ['/enrich', '/enrich/batch', '/sessions', '/policies/analyze'].flatMap((path) =>
    bodies.map(([what, body]) => [path, what, body] as const),
  ),
)(
  'a client that breaks an upload to %s off after %s is no fault of the service',
  async (path, _what, body) => {
    const failure = vi.spyOn(service.context.log, 'error');
    for (const end of ['resetAndDestroy', 'destroy'] as const) {
      const { socket, write } = await rawConnection(service.url);
      await write(post(path, '', { 'content-length': '1000000' }));
      await write(body);
      await wait(30);
      socket[end]();
      await isIdle();
    }
    expect(failure).not.toHaveBeenCalled();
  },
);
