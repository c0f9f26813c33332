import { setTimeout as wait } from 'node:timers/promises';
import type { RedisServer } from '../../harness/redis-server.ts';
import { loadConfig } from '../../src/config.ts';
import { createContext } from '../../src/context.ts';
import { enrich } from '../../src/enrichment/enrich.ts';
import type { Enrichment } from '../../src/enrichment/enrichment.ts';
import { parseRecordText } from '../../src/event/parse-record.ts';
import type { ServiceContext } from '../../src/http/service-context.ts';

/** Replicas in this process, each with a connection of its own. */
export class ReplicaContexts {
  readonly #all: ServiceContext[] = [];

  async start(server: RedisServer, settings: Record<string, string> = {}): Promise<ServiceContext> {
    const context = createContext(
      loadConfig({
        DETRAILS_LOG_LEVEL: 'silent',
        DETRAILS_REDIS_URL: server.url,
        DETRAILS_REDIS_TIMEOUT_MS: '5000',
        ...settings,
      }),
    );
    this.#all.push(context);
    await context.shared?.start();
    return context;
  }

  async stop(): Promise<void> {
    for (const context of this.#all.splice(0)) await context.shared?.stop();
  }
}

/** Redis tells of changes by a second connection, which is there a moment after the first. */
export async function watching(context: ServiceContext): Promise<ServiceContext> {
  for (let i = 0; i < 400 && context.shared?.isWatching !== true; i++) await wait(5);
  if (context.shared?.isWatching !== true) throw new Error('Redis does not tell of changes');
  return context;
}

/** As the service answers a request: first it catches up with what other replicas changed. */
export async function enrichAt({ enrichment }: ServiceContext, text: string): Promise<Enrichment> {
  const moment = await enrichment.sessions.catchUp();
  const work = () => enrich(parseRecordText(text), enrichment);
  const answer = await (moment === undefined ? work() : moment.run(work));
  if (!answer.ok) throw new Error(answer.refusal.code);
  return answer.enrichment;
}
