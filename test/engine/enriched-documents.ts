import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { ecsDocument } from '../../scripts/elastic/ecs-document.ts';
import { readScenario, tellScenario } from '../../scripts/scenarios/run-scenario.ts';
import { loadConfig } from '../../src/config.ts';
import { createContext } from '../../src/context.ts';
import { enrich } from '../../src/enrichment/enrich.ts';
import type { Enrichment } from '../../src/enrichment/enrichment.ts';
import type { JsonObject } from '../../src/event/json.ts';
import { parseRecordText } from '../../src/event/parse-record.ts';
import { newService } from '../scenarios/new-service.ts';

const CORPORA = new URL('../../../shared/corpora/', import.meta.url);

export const hasCorpora = existsSync(CORPORA);

export interface Asked {
  readonly id: string;
  readonly text: string;
  readonly record: JsonObject;
  readonly answer: Enrichment;
}

/** The events of a scenario with their last answers. */
export async function scenarioAnswers(name: string): Promise<readonly Asked[]> {
  const told = await tellScenario(readScenario(name), newService());
  return [...told.values()].map(({ event, answer }) => ({ ...event, answer }));
}

/** The real records, each file by a service of its own, as far as they are CloudTrail. */
export async function corpusDocuments(): Promise<readonly JsonObject[]> {
  const documents: JsonObject[] = [];
  for (const name of readdirSync(CORPORA)
    .filter((file) => file.endsWith('.ndjson'))
    .sort()) {
    const { enrichment } = createContext(loadConfig({ DETRAILS_LOG_LEVEL: 'silent' }));
    for (const text of readFileSync(new URL(name, CORPORA), 'utf8').trimEnd().split('\n')) {
      const answer = await enrich(parseRecordText(text), enrichment);
      if (answer.ok) documents.push(ecsDocument(JSON.parse(text) as JsonObject, answer.enrichment));
    }
  }
  return documents;
}
