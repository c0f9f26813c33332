import { knowledgeOf } from './enrichment-context.ts';
import type { ServiceContext } from './http/service-context.ts';
import { reasonOf } from './thrown.ts';

/**
 * Reads all tables again and puts them in the place of the old ones at once; events in flight keep the tables they
 * began with. Where one is not as its schema says, the old ones stay, and a metric and a line of the log tell.
 */
export function reloadTables(context: ServiceContext): boolean {
  const { metrics, config, enrichment, log } = context;
  try {
    enrichment.knowledge = knowledgeOf(config, enrichment.knowledge.session.now);
    const { tables } = enrichment.knowledge;
    metrics.describeTables(tables.sources);
    metrics.tableReloads.inc({ result: 'success' });
    log.info(`tables of ${tables.version} are in use`);
    return true;
  } catch (error) {
    metrics.tableReloads.inc({ result: 'failure' });
    log.error(`the tables were not reloaded, the old ones stay: ${reasonOf(error)}`);
    return false;
  }
}
