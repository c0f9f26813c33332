import { readFileSync } from 'node:fs';
import { loadConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { enrichText } from '../src/enrichment/enrich.ts';
import { stringifyEnrichment } from '../src/enrichment/stringify-enrichment.ts';

/**
 * What an event costs inside the process, against the least that any service must do with it: JSON.parse of the
 * record and JSON.stringify of the answer. The best of many rounds, since this machine may do other things.
 */
const lines = readFileSync(new URL('../examples/escalation.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const { enrichment } = createContext(loadConfig({}));
const answers = lines.map((line) => {
  const answer = enrichText(line, enrichment);
  if (answer instanceof Promise || !answer.ok) throw new Error('no answer');
  return answer.enrichment;
});

const rounds: Record<string, () => void> = {
  'JSON.parse of the record': () => {
    for (const line of lines) JSON.parse(line);
  },
  'JSON.stringify of the answer': () => {
    for (const answer of answers) JSON.stringify(answer);
  },
  'our stringify of the answer': () => {
    for (const answer of answers) stringifyEnrichment(answer);
  },
  'enrichText, without the stringify': () => {
    for (const line of lines) enrichText(line, enrichment);
  },
  'all of it': () => {
    for (const line of lines) {
      const answer = enrichText(line, enrichment);
      if (!(answer instanceof Promise) && answer.ok) stringifyEnrichment(answer.enrichment);
    }
  },
};

for (const [name, round] of Object.entries(rounds)) {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3000; i++) {
    const began = performance.now();
    round();
    best = Math.min(best, performance.now() - began);
  }
  console.log(`${name.padEnd(36)} ${((best * 1000) / lines.length).toFixed(2).padStart(8)} us an event`);
}
