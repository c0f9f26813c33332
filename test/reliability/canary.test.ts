import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServiceProcess, startServiceProcess } from '../../harness/service-process.ts';
import { buildApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { createContext } from '../../src/context.ts';
import { makeToken } from '../../src/http/tokens.ts';
import type { Logger } from '../../src/observability/log.ts';
import { SCOPES } from '../../src/scopes.ts';
import { post, rawConnection } from './raw-connection.ts';

/** Stands for a secret wherever one can be; nothing that leaves the service may hold it. */
const CANARY = 'CANARY7f3a9c';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const directory = mkdtempSync(`${tmpdir()}/canary-`);
const token = makeToken('tester', SCOPES);

const secrets = Object.fromEntries(
  [
    'sessionToken',
    'secretAccessKey',
    'password',
    'newPassword',
    'masterUserPassword',
    'userData',
    'secretString',
    'SecretString',
    'secretBinary',
    'authorization',
    'Authorization',
    'token',
    'sAMLAssertion',
    'webIdentityToken',
    'plaintext',
    'privateKey',
    'privateKeyMaterial',
    'authorizationToken',
    'MFATokenCode',
    'environment',
    'parameterValue',
    'tags',
  ].map((name) => [name, CANARY]),
);
const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iam:*', Resource: '*' }] };

const CALLS: readonly (readonly [eventSource: string, eventName: string])[] = [
  ['sts.amazonaws.com', 'AssumeRole'],
  ['sts.amazonaws.com', 'AssumeRoleWithSAML'],
  ['sts.amazonaws.com', 'AssumeRoleWithWebIdentity'],
  ['sts.amazonaws.com', 'GetSessionToken'],
  ['sts.amazonaws.com', 'GetFederationToken'],
  ['iam.amazonaws.com', 'CreateAccessKey'],
  ['iam.amazonaws.com', 'CreateLoginProfile'],
  ['iam.amazonaws.com', 'PutUserPolicy'],
  ['iam.amazonaws.com', 'CreatePolicyVersion'],
  ['signin.amazonaws.com', 'ConsoleLogin'],
  ['ec2.amazonaws.com', 'RunInstances'],
  ['ec2.amazonaws.com', 'ModifyInstanceAttribute'],
  ['secretsmanager.amazonaws.com', 'PutSecretValue'],
  ['secretsmanager.amazonaws.com', 'GetSecretValue'],
  ['ssm.amazonaws.com', 'PutParameter'],
  ['rds.amazonaws.com', 'ModifyDBInstance'],
  ['lambda.amazonaws.com', 'UpdateFunctionConfiguration20150331v2'],
  ['kms.amazonaws.com', 'Decrypt'],
  ['ecr.amazonaws.com', 'GetAuthorizationToken'],
  ['nothing.amazonaws.com', 'Nothing'],
];

function eventOf([eventSource, eventName]: readonly [string, string], i: number): Record<string, unknown> {
  const key = `ASIAEXAMPLECANARY${String(i).padStart(3, '0')}`;
  return {
    eventVersion: '1.11',
    eventTime: `2026-11-24T10:00:${String(i).padStart(2, '0')}Z`,
    eventSource,
    eventName,
    eventID: `00000000-0000-4000-8000-0000000000${String(i).padStart(2, '0')}`,
    sourceIPAddress: '203.0.113.10',
    userAgent: 'aws-cli/2.15.0',
    recipientAccountId: '111122223333',
    errorMessage: CANARY,
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLEALICE',
      arn: 'arn:aws:iam::111122223333:user/alice',
      accountId: '111122223333',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      userName: 'alice',
      sessionContext: { attributes: { creationDate: '2026-11-24T10:00:00Z' }, ...secrets },
      ...secrets,
    },
    requestParameters: {
      userName: 'alice',
      policyName: 'p',
      policyDocument: JSON.stringify(policy),
      roleArn: 'arn:aws:iam::111122223333:role/Deploy',
      roleSessionName: 'alice',
      name: 'n',
      ...secrets,
    },
    responseElements: {
      credentials: { accessKeyId: key, expiration: 'Nov 24, 2026, 11:00:00 AM', ...secrets },
      accessKey: { accessKeyId: 'AKIAEXAMPLECANARY001', userName: 'alice', ...secrets },
      loginProfile: { userName: 'alice', ...secrets },
      assumedRoleUser: {
        assumedRoleId: 'AROAEXAMPLE:alice',
        arn: 'arn:aws:sts::111122223333:assumed-role/Deploy/alice',
      },
      ...secrets,
    },
    additionalEventData: secrets,
    serviceEventDetails: secrets,
    [CANARY]: CANARY,
  };
}
const events = CALLS.map(eventOf).map((event) => JSON.stringify(event));

/** Bodies that are refused, each for another reason. */
const REFUSED = [
  CANARY,
  `%{${CANARY}}`,
  `{"${CANARY}":"${CANARY}"`,
  `{"eventName":"%{${CANARY}}","eventSource":"%{${CANARY}}"}`,
  `{"${CANARY}":{"${CANARY}":1}}`,
  `{"message":"${CANARY}"}`,
  `{"message":"{\\"${CANARY}\\":"}`,
  `{"Records":[{"a":"${CANARY}"},{}]}`,
  `{"eventSource":"aws:s3","eventName":"${CANARY}"}`,
  `${'['.repeat(80)}"${CANARY}"${']'.repeat(80)}`,
  CANARY.repeat(100_000),
];

let service: ServiceProcess;
const answers: string[] = [];
const snapshot = `${directory}/sessions`;

beforeAll(async () => {
  writeFileSync(`${directory}/tokens`, token.line);
  service = await startServiceProcess({
    environment: {
      DETRAILS_LOG_LEVEL: 'debug',
      DETRAILS_TOKENS_FILE: `${directory}/tokens`,
      DETRAILS_SESSION_SNAPSHOT: snapshot,
      DETRAILS_BODY_LIMIT_BYTES: '600000',
    },
  });
  const right = `Bearer ${token.token}`;
  const ask = async (path: string, body?: string | Buffer, authorization = right) => {
    const headers = { authorization, cookie: CANARY, 'x-request-id': CANARY, 'user-agent': CANARY };
    const options = body === undefined ? { headers } : { method: 'POST', headers, body };
    const answer = await fetch(service.url + path, options);
    answers.push(`${path} ${JSON.stringify([...answer.headers])} ${await answer.text()}`);
  };
  for (const event of [...events, ...events, ...REFUSED]) await ask('/enrich', event);
  const lines = [...events, ...REFUSED.slice(0, 8)].join('\n');
  for (const path of ['/enrich/batch', '/sessions']) {
    await ask(path, lines);
    await ask(path, `[${events.join(',')},{"${CANARY}":1}]`);
    await ask(path, gzipSync(lines + Math.random()).subarray(0, 2000));
  }
  await ask(`/enrich/batch?output=${CANARY}`, lines);
  for (const body of [
    { policy: CANARY },
    { policy: { Statement: [{ Effect: CANARY, Action: [CANARY], Condition: { [CANARY]: CANARY } }] } },
    { policy, kind: CANARY },
    { policy, account: CANARY },
    { [CANARY]: CANARY },
  ])
    await ask('/policies/analyze', JSON.stringify(body));
  for (const path of [
    `/sessions/${CANARY}`,
    `/actions/${CANARY}/${CANARY}`,
    `/${CANARY}?${CANARY}`,
    `/%${CANARY}`,
    '/docs/',
  ])
    await ask(path);
  await ask('/metrics', undefined, `Bearer ${CANARY}`);
  await ask('/metrics', undefined, `Basic ${Buffer.from(`tester:${CANARY}`).toString('base64')}`);
  await ask('/enrich', events[0], `Bearer ${CANARY}`);
  const raw = await rawConnection(service.url);
  await raw.write(`${post('/enrich', CANARY, { 'content-length': CANARY })}${CANARY}`);
  await raw.over;
  answers.push(raw.text());
  await ask('/metrics');
  await ask('/sessions/ASIAEXAMPLECANARY000');
  service.child.kill('SIGINT');
  await service.ended;
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true }));

describe('a secret in an event, a header or a path', () => {
  test('is in no answer', () => {
    expect(answers.length).toBeGreaterThan(60);
    expect(
      answers.filter((answer) => answer.includes('"enriched"') || answer.includes('"version"')).length,
    ).toBeGreaterThan(40);
    // The first word is the path that the test asked for itself.
    const telling = answers
      .map((answer) => answer.slice(answer.indexOf(' ')))
      .filter((answer) => answer.includes(CANARY));
    expect(telling).toEqual([]);
  });

  test('is in no line of the log, at any level', () => {
    expect(service.log.join('\n')).toContain('a login failed');
    expect(service.log.filter((line) => line.includes(CANARY))).toEqual([]);
    expect(service.log.filter((line) => line.includes(token.token))).toEqual([]);
  });

  test('is in no metric', () => {
    const metrics = answers.filter((answer) => answer.startsWith('/metrics ')).at(-1) ?? '';
    expect(metrics).toContain('detrails_events_total{result=\\"enriched\\"}'.replaceAll('\\', ''));
    expect(metrics).not.toContain(CANARY);
  });

  test('is not in the snapshot', () => {
    const text = readFileSync(snapshot, 'utf8');
    expect(text).toContain('AIDAEXAMPLEALICE');
    expect(text).not.toContain(CANARY);
  });

  test('is in no report, nor in what the command line prints', () => {
    writeFileSync(`${directory}/events.ndjson`, [...events, ...REFUSED.slice(0, 8)].join('\n'));
    writeFileSync(`${directory}/policy.json`, `{"Statement":[{"Effect":"${CANARY}","Action":"${CANARY}"`);
    const run = (...options: string[]) => {
      try {
        return execFileSync(process.execPath, ['src/cli.ts', ...options], {
          cwd: ROOT,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
        });
      } catch (error) {
        const { stdout, stderr } = error as { stdout: string; stderr: string };
        return stdout + stderr;
      }
    };
    expect(run('enrich', `${directory}/events.ndjson`)).not.toContain(CANARY);
    expect(run('policy', `${directory}/policy.json`)).not.toContain(CANARY);
    expect(run('report', `${directory}/events.ndjson`, '--html', `${directory}/report.html`)).not.toContain(
      CANARY,
    );
    const html = readFileSync(`${directory}/report.html`, 'utf8');
    expect(html).toContain('AssumeRole');
    expect(html).not.toContain(CANARY);
  });
});

test('an error inside, whose message holds what was sent, is neither answered nor logged with it', async () => {
  const lines: string[] = [];
  const take = (...parts: unknown[]) => lines.push(parts.map((part) => JSON.stringify(part)).join(' '));
  const log = { info: take, warn: take, error: take, debug: take } as unknown as Logger;
  const context = { ...createContext(loadConfig({ DETRAILS_LOG_LEVEL: 'silent' })), log };
  const app = await buildApp(context);
  Object.defineProperty(context.enrichment, 'knowledge', {
    get() {
      throw new TypeError(`cannot read ${CANARY}\n    at ${CANARY}`);
    },
  });
  for (const url of ['/enrich', '/enrich/batch', '/actions/iam/CreateUser']) {
    const method = url.startsWith('/enrich') ? 'POST' : 'GET';
    const response = await app.inject({
      method,
      url,
      ...(method === 'POST' && { payload: events[0] ?? '' }),
    });
    expect([response.statusCode, response.json().code], url).toEqual([500, 'internal']);
    expect(response.body).not.toContain(CANARY);
  }
  await app.close();
  expect(lines).toHaveLength(3);
  expect(lines.join('\n')).toContain('enrich.ts');
  expect(lines.join('\n')).not.toContain(CANARY);
});
