import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { drainOnce, RECIPIENTS } from '../../harness/drain-rounds.ts';
import { startServiceProcess } from '../../harness/service-process.ts';
import { steadyLoad } from '../../harness/steady-load.ts';
import { post, rawConnection } from './raw-connection.ts';

test.each(RECIPIENTS)(
  'SIGTERM to %s under load breaks nothing off (all rounds: npm run bench:drain)',
  async (recipient) => {
    const result = await drainOnce({ recipient, perSecond: 400, drainSeconds: 0.5 });
    expect(result.failures).toEqual({});
    expect(result.answered).toBeGreaterThan(300);
    expect(result.exitCode).toBe(0);
  },
);

test('a batch that outlasts the drain is cut off, and the log says so', async () => {
  const record = '{"eventName":"ListUsers","eventSource":"iam.amazonaws.com"}\n';
  const service = await startServiceProcess({ environment: { DETRAILS_DRAIN_SECONDS: '0' } });
  const batch = await rawConnection(service.url);
  await batch.write(post('/enrich/batch', record.repeat(1_000)));
  const sending = setInterval(() => void batch.write(record).catch(() => undefined), 500);
  await batch.answers(1);
  service.child.kill('SIGTERM');
  expect(await service.ended).toBe(0);
  clearInterval(sending);
  expect(service.log.join('\n')).toContain('drained; requests that took longer and were cut off: 1');
});

test('a new process takes over from an old one on the same port, and no event notices', async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  const port = await new Promise<number>((resolve) =>
    probe.on('listening', () => resolve((probe.address() as { port: number }).port)),
  );
  await new Promise((resolve) => probe.close(resolve));
  const environment = {
    DETRAILS_PORT: String(port),
    DETRAILS_REUSE_PORT: '1',
    DETRAILS_DRAIN_SECONDS: '0.5',
  };
  const body = readFileSync(new URL('../../examples/create-policy-version.json', import.meta.url), 'utf8');
  const old = await startServiceProcess({ environment });
  const load = steadyLoad({ url: `${old.url}/enrich`, body, perSecond: 200, connections: 10, goOn: true });
  const next = await startServiceProcess({ environment });
  old.child.kill('SIGTERM');
  expect(await old.ended).toBe(0);
  await wait(300);
  load.stop();
  const { failures, refused, answered } = await load.done;
  expect({ failures, refused }).toEqual({ failures: {}, refused: 0 });
  expect(answered).toBeGreaterThan(200);
  next.child.kill('SIGINT');
  expect(await next.ended).toBe(0);
});
