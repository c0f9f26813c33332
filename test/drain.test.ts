import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { PHASE } from '../src/http/service-context.ts';
import { startService } from '../src/service.ts';
import { post, rawConnection } from './reliability/raw-connection.ts';

const record = readFileSync(new URL('../examples/create-policy-version.json', import.meta.url), 'utf8');
const line = `${JSON.stringify(JSON.parse(record))}\n`;

describe('the end of a batch that began before the drain', () => {
  test.each([
    ['while silent clients are still waited for', 0],
    ['when nobody is waited for any more', 500],
  ])('%s ends its connection, and the drain with it', async (_when, milliseconds) => {
    const service = await startService(
      loadConfig({ DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'silent', DETRAILS_DRAIN_SECONDS: '0' }),
    );
    const batch = await rawConnection(service.url);
    await batch.write(post('/enrich/batch', line.repeat(2)) + line);
    expect(await batch.answers(1)).toContain('keep-alive');
    const stopped = service.stop('SIGINT');
    while (service.context.phase < PHASE.lingering) await wait(1);
    await wait(milliseconds);
    expect(batch.isOver).toBe(false);
    const began = performance.now();
    await batch.write(line);
    await stopped;
    expect(batch.text().match(/"version"/g)).toHaveLength(2);
    expect(batch.text().endsWith('0\r\n\r\n')).toBe(true);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
