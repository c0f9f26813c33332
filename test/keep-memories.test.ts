import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ConfigError, loadConfig } from '../src/config.ts';
import { type Service, startService } from '../src/service.ts';

const examples = (name: string) =>
  JSON.parse(readFileSync(new URL(`../examples/${name}.json`, import.meta.url), 'utf8'));
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'detrails-memory-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function start(file: string): Promise<Service> {
  return startService(
    loadConfig({
      DETRAILS_PORT: '0',
      DETRAILS_LOG_LEVEL: 'silent',
      DETRAILS_DRAIN_SECONDS: '0',
      DETRAILS_SESSION_SNAPSHOT: join(directory, file),
    }),
  );
}

async function enrich(service: Service, record: object) {
  const response = await service.app.inject({
    method: 'POST',
    url: '/enrich',
    payload: JSON.stringify(record),
  });
  return response.json();
}

test('where the name of the snapshot is that of a directory the service does not start', async () => {
  await expect(start('.')).rejects.toThrow(
    new ConfigError('DETRAILS_SESSION_SNAPSHOT is not the name of a file'),
  );
});

describe('a restart', () => {
  test('forgets neither who assumed a role nor what a policy said before', async () => {
    const issuance = examples('assume-role');
    const version = examples('create-policy-version');
    const before = await start('memory');
    await enrich(before, issuance);
    await enrich(before, version);
    expect(await before.stop('the test')).toBe(true);

    const after = await start('memory');
    const session = await after.app.inject({
      url: `/sessions/${issuance.responseElements.credentials.accessKeyId}`,
    });
    expect(session.json().origin.root.arn).toBe(issuance.userIdentity.arn);
    const later = { ...version, eventID: 'later', eventTime: '2026-11-24T12:00:00Z' };
    expect((await enrich(after, later)).policy.change).toEqual({
      known_before: true,
      added: [],
      removed: [],
    });
    await after.stop('the test');
  });

  test('sets a broken snapshot aside and starts', async () => {
    writeFileSync(join(directory, 'broken'), '{"format":"something else"}\nnot json\n');
    const service = await start('broken');
    expect((await service.app.inject({ url: '/readyz' })).statusCode).toBe(200);
    expect(readdirSync(directory).some((name) => name.startsWith('broken.broken-'))).toBe(true);
    await service.stop('the test');
    expect(existsSync(join(directory, 'broken'))).toBe(true);
  });

  test('remembers also where the drain before it failed', async () => {
    const service = await start('after-failure');
    vi.spyOn(service.connections, 'stopListening').mockRejectedValueOnce(new Error('no drain'));
    await expect(service.stop('the test')).rejects.toThrow('no drain');
    expect(existsSync(join(directory, 'after-failure'))).toBe(true);
    service.connections.stop();
    await service.app.close();
  });

  test('goes on where the snapshot cannot be written, counts it, and says so at the end', async () => {
    const service = await start('no/such/directory/memory');
    expect(await service.stop('the test')).toBe(false);
    expect(await service.context.metrics.registry.metrics()).toContain(
      'detrails_session_snapshots_total{result="failure"} 1',
    );
  });
});
