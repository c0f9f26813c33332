import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { ecsDocument } from '../../scripts/elastic/ecs-document.ts';
import { readScenario, tellScenario } from '../../scripts/scenarios/run-scenario.ts';
import { loadConfig } from '../../src/config.ts';
import { createContext } from '../../src/context.ts';
import { enrichText } from '../../src/enrichment/enrich.ts';
import type { JsonObject } from '../../src/event/json.ts';
import { newService } from '../scenarios/new-service.ts';

const CORPORA = new URL('../../../shared/corpora/', import.meta.url);

export const hasCorpora = existsSync(CORPORA);

export async function scenarioDocuments(name: string): Promise<readonly JsonObject[]> {
  const told = await tellScenario(readScenario(name), newService());
  return [...told.values()].map(({ event, answer }) => ecsDocument(event.record, answer));
}

/** The real records, each file by a service of its own, as far as they are CloudTrail. */
export async function corpusDocuments(): Promise<readonly JsonObject[]> {
  const documents: JsonObject[] = [];
  for (const name of readdirSync(CORPORA)
    .filter((file) => file.endsWith('.ndjson'))
    .sort()) {
    const { enrichment } = createContext(loadConfig({ DETRAILS_LOG_LEVEL: 'silent' }));
    for (const text of readFileSync(new URL(name, CORPORA), 'utf8').trimEnd().split('\n')) {
      const answer = await enrichText(text, enrichment);
      if (answer.ok) documents.push(ecsDocument(JSON.parse(text) as JsonObject, answer.enrichment));
    }
  }
  return documents;
}
