import { constants, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { type Service, startService } from '../../src/service.ts';
import { post, rawConnection } from '../reliability/raw-connection.ts';

let service: Service;

beforeAll(async () => {
  service = await startService(
    loadConfig({ DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'silent', DETRAILS_DRAIN_SECONDS: '0' }),
  );
});
afterAll(() => service.stop('the end of the tests'));

/** More than sockets and the kernel hold between the two. */
const LARGE_BYTES = 20 * 1024 * 1024;
const LINE = '{"eventName":"GetUser","eventSource":"iam.amazonaws.com"}\n';

/** Gzip whose next block is to follow; no block begins as `large` goes on (RFC 1951, 3.2.3: BTYPE 11). */
const UNFINISHED = gzipSync(LINE, { finishFlush: constants.Z_SYNC_FLUSH });
const HEAD = UNFINISHED.subarray(0, 10);

function large(beginning: Buffer): Buffer {
  return Buffer.concat([beginning, Buffer.alloc(LARGE_BYTES, 0xff)]);
}

describe('a client that sends all before it reads', () => {
  test.each(['/enrich/batch', '/sessions'])(
    'has the refusal of %s where its gzip is broken, and can go on',
    async (path) => {
      const body = large(HEAD);
      const { socket, write, answers } = await rawConnection(service.url);
      socket.pause();
      await write(post(path, body));
      await write(body);
      socket.resume();
      expect(await answers(1)).toMatch(/^HTTP\/1.1 400 /);
      await write('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n');
      expect(await answers(2)).toContain('{"status":"ok"}');
      socket.destroy();
    },
  );

  test('has the end of an answer that began before its gzip broke', async () => {
    const body = large(UNFINISHED);
    const { socket, write, answers } = await rawConnection(service.url);
    await write(post('/enrich/batch', body));
    await write(UNFINISHED);
    expect(await answers(1)).toMatch(/^HTTP\/1.1 200 /);
    socket.pause();
    await write(body.subarray(UNFINISHED.length));
    socket.resume();
    await write('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n');
    const all = await answers(2);
    expect(all).toContain('"code":"bad_compression"');
    expect(all).toContain('{"status":"ok"}');
    socket.destroy();
  });

  test.each(['/enrich/batch', '/sessions'])(
    'a client of %s that waits for the answer has it before it sends the rest',
    async (path) => {
      const body = large(HEAD).subarray(0, 200_000);
      const { socket, write, answers } = await rawConnection(service.url);
      await write(post(path, body));
      await write(body.subarray(0, 100_000));
      expect(await answers(1)).toMatch(/^HTTP\/1.1 400 /);
      await write(body.subarray(100_000));
      await write('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n');
      expect(await answers(2)).toContain('{"status":"ok"}');
      socket.destroy();
    },
  );
});
