import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createContext } from '../../src/context.ts';
import { type EnrichedEvent, type EnrichmentContext, enrichText } from '../../src/enrichment/enrich.ts';
import { stringifyEnrichment } from '../../src/enrichment/stringify-enrichment.ts';

const files = globSync('examples/**/*.ndjson');
const lines = files.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'));

function answerTo(line: string, context: EnrichmentContext): EnrichedEvent {
  const answer = enrichText(line, context);
  if (answer instanceof Promise || !answer.ok) throw new Error('no answer');
  return answer;
}

describe('the text of an answer is that of JSON.stringify', () => {
  test('for every event of the examples, the first time and again', () => {
    const { enrichment } = createContext(loadConfig({}));
    expect(lines.length).toBeGreaterThan(200);
    for (const line of [...lines, ...lines]) {
      const answer = answerTo(line, enrichment);
      expect(stringifyEnrichment(answer)).toBe(JSON.stringify(answer.enrichment));
    }
  });

  test('of another version of the tables, with other weights, nothing is taken over', () => {
    const { enrichment } = createContext(loadConfig({}));
    const [line = ''] = lines;
    const before = answerTo(line, enrichment);
    stringifyEnrichment(before);
    const weights = Object.fromEntries(
      Object.entries(enrichment.tables.riskWeights).map(([id, weight]) => [id, weight + 1]),
    ) as typeof enrichment.tables.riskWeights;
    enrichment.tables = Object.assign(Object.create(enrichment.tables), {
      version: '1999-01-01',
      riskWeights: weights,
    });
    const after = answerTo(line, enrichment);
    expect(stringifyEnrichment(after)).toBe(JSON.stringify(after.enrichment));
    expect(after.enrichment).toMatchObject({
      tables: '1999-01-01',
      risk: { score: before.enrichment.risk.score + 1 },
    });
  });

  test('calls of one kind differ by their outcome alone, and share the rest', () => {
    const { enrichment } = createContext(loadConfig({}));
    const call = { eventSource: 's3.amazonaws.com', eventName: 'ListBuckets', awsRegion: 'eu-west-1' };
    const answers = [call, { ...call, errorCode: 'AccessDenied' }, call]
      .map((record) => answerTo(JSON.stringify(record), enrichment))
      .map((answer) => answer.enrichment);
    expect(answers.map((answer) => answer.action.outcome)).toEqual(['success', 'denied', 'success']);
    expect(answers[2]?.action).toBe(answers[0]?.action);
    expect(answers[2]?.risk).toBe(answers[0]?.risk);
  });
});
