import { loadConfig } from '../../src/config.ts';
import { createContext } from '../../src/context.ts';
import { enrich } from '../../src/enrichment/enrich.ts';
import type { Enrichment } from '../../src/enrichment/enrichment.ts';
import { stringifyEnrichment } from '../../src/enrichment/stringify-enrichment.ts';
import { parseRecordText } from '../../src/event/parse-record.ts';

/** A service without its door: asks for one record after the other, with a memory of its own, and reads the answer. */
export function newService(): (text: string) => Promise<Enrichment> {
  const { enrichment } = createContext(loadConfig({ DETRAILS_LOG_LEVEL: 'silent' }));
  return async (text) => {
    const answer = await enrich(parseRecordText(text), enrichment);
    if (!answer.ok) throw new Error(`refused: ${answer.refusal.code}`);
    return JSON.parse(stringifyEnrichment(answer));
  };
}
