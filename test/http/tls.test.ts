import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { makeToken } from '../../src/http/tokens.ts';
import { reloadAccess } from '../../src/reload-access.ts';
import { type Service, startService } from '../../src/service.ts';
import { type KeyPair, makeCertificates, pemOf } from './certificates.ts';

const certificates = makeCertificates();
const record = '{"eventName":"ListUsers","eventSource":"iam.amazonaws.com"}';

describe.skipIf(certificates === undefined)('TLS and client certificates (needs openssl)', () => {
  if (certificates === undefined) return;
  const { directory, ca, server, client, expired, stranger } = certificates;
  const own = { certFile: `${directory}/own.pem`, keyFile: `${directory}/own.key` };
  const token = makeToken('reader', ['read']);
  let service: Service;

  beforeAll(async () => {
    copyFileSync(server.certFile, own.certFile);
    copyFileSync(server.keyFile, own.keyFile);
    writeFileSync(`${directory}/tokens`, `${token.line}\n`);
    service = await startService(
      loadConfig({
        DETRAILS_PORT: '0',
        DETRAILS_LOG_LEVEL: 'silent',
        DETRAILS_TOKENS_FILE: `${directory}/tokens`,
        DETRAILS_TLS_CERT_FILE: own.certFile,
        DETRAILS_TLS_KEY_FILE: own.keyFile,
        DETRAILS_TLS_CLIENT_CA_FILE: ca,
        DETRAILS_TLS_CLIENT_SCOPES: 'enrich,metrics',
      }),
    );
  });
  afterAll(async () => {
    await service.stop('SIGINT');
    rmSync(directory, { recursive: true });
  });

  interface Call {
    readonly path: string;
    readonly pair?: KeyPair | undefined;
    readonly authorization?: string | undefined;
  }

  function call({ path, pair, authorization }: Call): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const agent = new Agent({ ca: readFileSync(ca), servername: 'localhost', ...(pair && pemOf(pair)) });
    const isPost = path === '/enrich';
    const options = {
      agent,
      method: isPost ? 'POST' : 'GET',
      headers: authorization === undefined ? {} : { authorization },
    };
    request(new URL(path, service.url), options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    })
      .on('error', reject)
      .end(isPost ? record : undefined);
    return promise;
  }

  const bearer = `Bearer ${token.token}`;
  test.each<[name: string, call: Call, status: number]>([
    ['a certificate of the authority', { path: '/enrich', pair: client }, 200],
    ['a certificate of the authority, another scope', { path: '/metrics', pair: client }, 200],
    ['a certificate without the scope', { path: '/openapi.json', pair: client }, 403],
    ['an expired certificate', { path: '/enrich', pair: expired }, 401],
    ['a certificate of another authority', { path: '/enrich', pair: stranger }, 401],
    ['no certificate', { path: '/enrich' }, 401],
    ['no certificate, but a token', { path: '/openapi.json', authorization: bearer }, 200],
    [
      'an expired certificate, and a token',
      { path: '/openapi.json', pair: expired, authorization: bearer },
      200,
    ],
    ['a certificate, and a wrong token', { path: '/enrich', pair: client, authorization: 'Bearer x' }, 401],
    ['no certificate, on a probe', { path: '/readyz' }, 200],
    ['an expired certificate, on a probe', { path: '/livez', pair: expired }, 200],
  ])('%s', async (_name, options, status) => {
    expect(await call(options)).toBe(status);
  });

  test('pages may ask for nothing over plain HTTP', async () => {
    const { headers } = await service.app.inject({ url: '/docs/', headers: { authorization: bearer } });
    expect(headers['content-security-policy']).toContain('upgrade-insecure-requests');
  });

  test('a renewed certificate is in use after a reload, a broken one is not', async () => {
    const shown = async () => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const port = Number(new URL(service.url).port);
      const socket = connect({ port, ca: readFileSync(ca), servername: 'localhost' }, () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.end();
      });
      socket.on('error', reject);
      return promise;
    };
    const before = await shown();
    writeFileSync(own.certFile, 'nothing');
    expect(service.reload()).toBe(false);
    expect(await shown()).toBe(before);
    copyFileSync(client.certFile, own.certFile);
    copyFileSync(client.keyFile, own.keyFile);
    expect(service.reload()).toBe(true);
    expect(await shown()).not.toBe(before);
    const { registry } = service.context.metrics;
    expect(await registry.getSingleMetricAsString('detrails_access_reloads_total')).toContain('"failure"} 1');
  });

  test('a reload without tokens does not speak of any', () => {
    const info = vi.spyOn(service.context.log, 'info');
    expect(reloadAccess(service.app, { ...service.context, access: undefined })).toBe(true);
    expect(info.mock.calls).toEqual([['certificates are in use']]);
    info.mockRestore();
  });

  test('without TLS 1.2 there is no conversation', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const port = Number(new URL(service.url).port);
    connect({ port, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ca: readFileSync(ca) }).on('error', (error) =>
      resolve((error as NodeJS.ErrnoException).code ?? ''),
    );
    expect(await promise).toMatch(/^(ERR_SSL|ECONNRESET|EPROTO)/);
  });
});
