import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { LoginLimit } from '../../src/http/login-limit.ts';
import { makeToken, Tokens } from '../../src/http/tokens.ts';
import { SCOPES, type Scope } from '../../src/scopes.ts';
import { testService } from '../service.ts';

const directory = mkdtempSync(`${tmpdir()}/access-`);
afterAll(() => rmSync(directory, { recursive: true }));
const path = `${directory}/tokens`;

const every = makeToken('every', SCOPES);
const only = Object.fromEntries(SCOPES.map((scope) => [scope, makeToken(scope, [scope])])) as Record<
  Scope,
  ReturnType<typeof makeToken>
>;
const lines = [every, ...Object.values(only)].map(({ line }) => line);
writeFileSync(path, `# who may call\n\n${lines.join('\n')}\r\n`);

const service = testService({ DETRAILS_TOKENS_FILE: path });
const record = (eventName: string, more: object = {}) =>
  JSON.stringify({ eventName, eventSource: 'iam.amazonaws.com', eventTime: '2026-11-24T10:00:00Z', ...more });

interface Route {
  readonly method: 'GET' | 'POST' | 'HEAD';
  readonly url: string;
  readonly scope: Scope | 'none';
  readonly payload?: string;
}
const routes: readonly Route[] = [
  { method: 'POST', url: '/enrich', scope: 'enrich', payload: record('ListUsers') },
  { method: 'POST', url: '/enrich/batch', scope: 'enrich', payload: record('ListUsers') },
  { method: 'POST', url: '/policies/analyze', scope: 'enrich', payload: '{"policy":{"Statement":[]}}' },
  { method: 'POST', url: '/sessions', scope: 'learn', payload: record('ListUsers') },
  { method: 'GET', url: '/sessions/ASIAIOSFODNN7EXAMPLE', scope: 'read' },
  { method: 'GET', url: '/actions/iam/CreateUser', scope: 'read' },
  { method: 'HEAD', url: '/actions/iam/CreateUser', scope: 'read' },
  { method: 'GET', url: '/openapi.yaml', scope: 'read' },
  { method: 'GET', url: '/openapi.json', scope: 'read' },
  { method: 'GET', url: '/docs/', scope: 'read' },
  { method: 'GET', url: '/docs/json', scope: 'read' },
  { method: 'GET', url: '/docs/static/index.css', scope: 'read' },
  { method: 'GET', url: '/metrics', scope: 'metrics' },
  { method: 'GET', url: '/livez', scope: 'none' },
  { method: 'GET', url: '/healthz', scope: 'none' },
  { method: 'GET', url: '/readyz', scope: 'none' },
];
const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Each kind of credential, and the status it leads to on a route of a scope. */
const credentials: readonly [name: string, header: string | undefined, status: (scope: Scope) => number][] = [
  ['none', undefined, () => 401],
  ['a wrong token', `Bearer ${makeToken('x', SCOPES).token}`, () => 401],
  ['a wrong scheme', `Digest ${every.token}`, () => 401],
  ['an empty token', 'Bearer ', () => 401],
  ['the hash instead of the token', `Bearer ${every.line.split(' ')[2]}`, () => 401],
  ['text of 100 kB', `Bearer ${'x'.repeat(100_000)}`, () => 401],
  ['all scopes', `Bearer ${every.token}`, () => 200],
  ['all scopes, as basic', basic('every', every.token), () => 200],
  ['a right password under another name', basic('enrich', every.token), () => 401],
  ...SCOPES.map((scope): [string, string, (needed: Scope) => number] => [
    `the scope ${scope} only`,
    `Bearer ${only[scope].token}`,
    (needed) => (needed === scope ? 200 : 403),
  ]),
];
const cases = routes.flatMap((route, i) =>
  credentials.map(([name, header, status], j) => ({
    // Each from an address of its own, so that no limit on failed logins gets in the way.
    address: `192.0.${i}.${j}`,
    ...route,
    name,
    header,
    status: route.scope === 'none' ? 200 : status(route.scope),
  })),
);

describe('every route with every credential', () => {
  test.each(cases)(
    '$method $url with $name: $status',
    async ({ method, url, payload, header, status, address }) => {
      const response = await service.app.inject({
        method,
        url,
        remoteAddress: address,
        ...(payload !== undefined && { payload }),
        ...(header !== undefined && { headers: { authorization: header } }),
      });
      // Of the session nothing is known: whether it may be asked is what this is about.
      const isAnswered = response.statusCode === 404 && url.startsWith('/sessions/');
      expect(isAnswered ? 200 : response.statusCode).toBe(status);
      expect(response.headers['www-authenticate'] !== undefined).toBe(status === 401);
      if (method !== 'HEAD' && status >= 400)
        expect(response.json().code).toBe(status === 401 ? 'unauthorized' : 'forbidden');
    },
  );

  test('every route of the contract is in the matrix', () => {
    const described = Object.keys(service.app.swagger().paths ?? {});
    const asked = routes.map(({ url }) => url.replace(/^(\/sessions|\/actions)\/.*/, '$1'));
    expect(described.filter((route) => !asked.includes(route.replace(/\/\{.*/, '')))).toEqual([]);
  });

  test('a path that is not there, or not with this method, is told to anyone', async () => {
    expect((await service.app.inject({ url: '/nothing' })).statusCode).toBe(404);
    expect((await service.app.inject({ url: '/enrich' })).statusCode).toBe(405);
  });
});

describe('a caller without the scope learn', () => {
  const ask = async (token: string, payload: string, url = '/enrich') =>
    (
      await service.app.inject({
        method: 'POST',
        url,
        payload,
        headers: { authorization: `Bearer ${token}` },
      })
    ).json();
  const issue = (key: string) =>
    JSON.stringify({
      eventTime: '2026-11-24T10:00:00Z',
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      userIdentity: {
        type: 'IAMUser',
        arn: 'arn:aws:iam::111122223333:user/alice',
        accountId: '111122223333',
      },
      requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/Deploy', roleSessionName: 's' },
      responseElements: {
        credentials: { accessKeyId: key, expiration: 'Nov 24, 2026, 11:00:00 AM' },
        assumedRoleUser: {
          assumedRoleId: 'AROAEXAMPLEDEPLOY:s',
          arn: 'arn:aws:sts::111122223333:assumed-role/Deploy/s',
        },
      },
    });
  const known = async (key: string) =>
    (
      await service.app.inject({
        url: `/sessions/${key}`,
        headers: { authorization: `Bearer ${every.token}` },
      })
    ).statusCode;
  const policy = (name: string) =>
    record('CreatePolicy', {
      recipientAccountId: '111122223333',
      requestParameters: {
        policyName: name,
        policyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'iam:*', Resource: '*' }],
        }),
      },
      responseElements: { policy: { arn: `arn:aws:iam::111122223333:policy/${name}` } },
    });
  const attach = (name: string) =>
    record('AttachUserPolicy', {
      eventTime: '2026-11-24T10:01:00Z',
      recipientAccountId: '111122223333',
      requestParameters: { userName: 'alice', policyArn: `arn:aws:iam::111122223333:policy/${name}` },
    });

  test.each(['/enrich', '/enrich/batch'])(
    'is answered by %s, and leaves nothing in the sessions',
    async (url) => {
      const key = url === '/enrich' ? 'ASIAEXAMPLEGUEST0001' : 'ASIAEXAMPLEGUEST0002';
      expect((await ask(only.enrich.token, issue(key), url)).issued.access_key_id).toBe(key);
      expect(await known(key)).toBe(404);
      await ask(every.token, issue(key), url);
      expect(await known(key)).toBe(200);
    },
  );

  test('leaves nothing in what is remembered of policies, and is answered from it', async () => {
    await ask(only.enrich.token, policy('Guests'));
    expect((await ask(only.enrich.token, attach('Guests'))).policy.analysed).toBe(false);
    await ask(every.token, policy('Guests'));
    const answer = await ask(only.enrich.token, attach('Guests'));
    expect(answer.policy.analysed).toBe(true);
    expect(answer).toEqual(await ask(only.enrich.token, attach('Guests')));
  });

  test('is answered as one who has it', async () => {
    const events = ['One', 'Two'].flatMap((name) => [policy(name), attach(name)]);
    for (const event of events.slice(0, 3)) await ask(every.token, event);
    const [, , , last = ''] = events;
    const asGuest = await ask(only.enrich.token, last);
    expect(asGuest).toEqual(await ask(every.token, last));
  });
});

describe('failed logins', () => {
  test('are answered 429 from the eleventh in a minute on; a right credential passes', async () => {
    const login = (authorization: string, remoteAddress: string) =>
      service.app.inject({ url: '/openapi.json', remoteAddress, headers: { authorization } });
    const wrong = `Bearer ${makeToken('x', SCOPES).token}`;
    for (let i = 0; i < 10; i++) expect((await login(wrong, '192.0.2.7')).statusCode).toBe(401);
    const limited = await login(wrong, '192.0.2.7');
    expect([limited.statusCode, limited.json().code]).toEqual([429, 'too_many_logins']);
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(50);
    expect((await login(`Bearer ${every.token}`, '192.0.2.7')).statusCode).toBe(200);
    expect((await login(wrong, '192.0.2.8')).statusCode).toBe(401);
  });

  test('are counted by network, begin anew after a minute, and take bounded memory', () => {
    const limit = new LoginLimit();
    for (let i = 0; i < 10; i++) expect(limit.failed(`2001:db8::${i}`, 0).retryAfter).toBeUndefined();
    expect(limit.failed('2001:db8::ffff', 1000).retryAfter).toBe(59);
    expect(limit.failed('2001:db8:0:1::1', 1000).retryAfter).toBeUndefined();
    expect(limit.failed('2001:db8::1', 60_000).retryAfter).toBeUndefined();
    expect(limit.failed('::ffff:192.0.2.1', 0).isNews).toBe(true);
    expect(limit.failed('192.0.2.1', 0).isNews).toBe(false);
  });
});

describe('the tokens file', () => {
  test('is read again while the service runs; a broken one leaves the old tokens in use', async () => {
    const ask = async (token: string) =>
      (await service.app.inject({ url: '/metrics', headers: { authorization: `Bearer ${token}` } }))
        .statusCode;
    const late = makeToken('late', ['metrics']);
    expect(await ask(late.token)).toBe(401);
    writeFileSync(path, `${lines.join('\n')}\n${late.line}\n`);
    service.context.access?.reload();
    expect(await ask(late.token)).toBe(200);
    writeFileSync(path, 'late metrics nothing\n');
    expect(() => service.context.access?.reload()).toThrow('line 1 is not: NAME SCOPES SHA256');
    expect(await ask(late.token)).toBe(200);
    writeFileSync(path, lines.join('\n'));
    service.context.access?.reload();
    expect(await ask(late.token)).toBe(401);
  });

  test.each([
    ['an unknown scope', 'a enrich,root '.padEnd(78, '0')],
    ['a short hash', 'a enrich abc'],
    ['no scope', `a ${'0'.repeat(64)}`],
    ['one word', 'secret-token-pasted-here'],
  ])('%s is an error that names the line and not what is in it', (_name, line) => {
    expect(() => new Tokens(`# first\n${line}\n`)).toThrow(/^line 2 is not: NAME SCOPES SHA256$/);
  });
});

describe('where the service may listen', () => {
  const load = (environment: Record<string, string>) => () =>
    loadConfig({ DETRAILS_HOST: '0.0.0.0', ...environment });
  const tls = { DETRAILS_TLS_CERT_FILE: 'c', DETRAILS_TLS_KEY_FILE: 'k' };

  test('elsewhere than loopback only with tokens, client certificates, or the word that it is safe', () => {
    expect(load({})).toThrow('DETRAILS_TOKENS_FILE');
    expect(load(tls)).toThrow('DETRAILS_TOKENS_FILE');
    expect(load({ DETRAILS_INSECURE: '1' })).not.toThrow();
    expect(load({ DETRAILS_TOKENS_FILE: 't' })).not.toThrow();
    expect(load({ ...tls, DETRAILS_TLS_CLIENT_CA_FILE: 'ca' })).not.toThrow();
  });

  test('tokens in clear text are warned of', () => {
    expect(load({ DETRAILS_TOKENS_FILE: 't' })().warnings).toHaveLength(1);
    expect(load({ ...tls, DETRAILS_TOKENS_FILE: 't' })().warnings).toEqual([]);
  });

  test.each([
    { DETRAILS_TLS_CERT_FILE: 'c' },
    { DETRAILS_TLS_CLIENT_CA_FILE: 'ca' },
    { ...tls, DETRAILS_TLS_CLIENT_SCOPES: 'enrich,root' },
  ])('%o is no configuration', (environment) => {
    expect(load(environment as unknown as Record<string, string>)).toThrow(/DETRAILS_TLS_/);
  });
});
