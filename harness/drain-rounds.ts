import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { startServiceProcess } from './service-process.ts';
import { type LoadResult, steadyLoad } from './steady-load.ts';

export const RECIPIENTS = ['the node process', 'npm alone', 'the whole group'] as const;
export type Recipient = (typeof RECIPIENTS)[number];

const record = readFileSync(new URL('../examples/create-policy-version.json', import.meta.url), 'utf8');

export interface DrainOptions {
  readonly recipient: Recipient;
  readonly perSecond: number;
  readonly drainSeconds: number;
}

export interface Drained extends LoadResult {
  readonly exitCode: number | null;
}

/** One SIGTERM in the middle of a steady load over 25 kept connections, as Logstash has; a group's arrives twice. */
export async function drainOnce({ recipient, perSecond, drainSeconds }: DrainOptions): Promise<Drained> {
  const service = await startServiceProcess({
    throughNpm: recipient !== 'the node process',
    environment: { DETRAILS_DRAIN_SECONDS: String(drainSeconds) },
  });
  const load = steadyLoad({ url: `${service.url}/enrich`, body: record, perSecond, connections: 25 });
  await wait(500);
  const { pid = 0 } = service.child;
  process.kill(recipient === 'the whole group' ? -pid : pid, 'SIGTERM');
  const result = await load.done;
  return { ...result, exitCode: await service.ended };
}
