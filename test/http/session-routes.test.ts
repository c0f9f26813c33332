import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { testService } from '../service.ts';

const lines = readFileSync(new URL('../../examples/escalation.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n');

describe('POST /sessions learns who was given which credential', () => {
  const service = testService();

  test('from a gzipped backfill, and counts what it learned and what it ignored', async () => {
    const payload = gzipSync(`{"Records":[${lines.join(',')},{"no":"CloudTrail"}]}`);
    const response = await service.app.inject({ method: 'POST', url: '/sessions', payload });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ records: 13, learned: 4, ignored: 8, failed: 1 });
  });

  test('so that the origin of a key is known before its first use', async () => {
    const response = await service.app.inject({ url: '/sessions/ASIAIOSFODNN7BACKUP1' });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      access_key_id: 'ASIAIOSFODNN7BACKUP1',
      origin: { status: 'found', root: { arn: 'arn:aws:iam::111122223333:user/dev-intern' }, chain_depth: 2 },
    });
  });

  test('an unknown key is 404, and not repeated', async () => {
    const response = await service.app.inject({ url: '/sessions/ASIAIOSFODNN7NOTHERE' });
    expect([response.statusCode, response.json().code]).toEqual([404, 'unknown_session']);
    expect(response.body).not.toContain('NOTHERE');
  });

  test('an unknown content encoding is refused', async () => {
    const response = await service.app.inject({
      method: 'POST',
      url: '/sessions',
      payload: 'x',
      headers: { 'content-encoding': 'br' },
    });
    expect([response.statusCode, response.json().code]).toEqual([415, 'unsupported_encoding']);
  });
});
