import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { corpusEnvelopes, corpusLines, hasCorpora } from '../../harness/corpora.ts';
import type { Enrichment } from '../../src/enrichment/enrichment.ts';
import { testService } from '../service.ts';

describe.skipIf(!hasCorpora)(
  'every real record is answered (skipped where ../shared/corpora is absent)',
  () => {
    const one = testService();
    const batch = testService();

    async function enrich(payload: string | Buffer) {
      return one.app.inject({ method: 'POST', url: '/enrich', payload });
    }

    test('alone and in a batch with the same answer, and at least 99.5 % of API calls with an IAM action', async () => {
      const lines = corpusLines();
      const alone: unknown[] = [];
      for (const line of lines) {
        const response = await enrich(line);
        expect(response.statusCode).toBe(200);
        alone.push(response.json());
      }
      const response = await batch.app.inject({
        method: 'POST',
        url: '/enrich/batch',
        payload: lines.join('\n'),
      });
      const together = response.body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(together).toEqual(alone);

      const calls = (together as Enrichment[]).filter(({ action }) => action.mapping !== 'not_an_api_call');
      const known = calls.filter(({ action }) => action.mapping !== 'unknown');
      expect(calls.length).toBeGreaterThan(3000);
      expect(known.length / calls.length).toBeGreaterThanOrEqual(0.995);
    });

    test.each(hasCorpora ? corpusEnvelopes().map(({ name, bytes }) => ({ name, bytes })) : [])(
      '$name',
      async ({ name, bytes }) => {
        const plain = name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
        const inBatch = await batch.app.inject({ method: 'POST', url: '/enrich/batch', payload: bytes });
        expect(inBatch.statusCode).toBe(200);
        const answers = inBatch.body
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
        expect(answers.filter((answer) => answer.error !== undefined)).toEqual([]);
        const alone = await enrich(plain);
        if (answers.length > 1) expect(alone.json().code).toBe('several_records');
        else expect(alone.json()).toEqual(answers[0]);
      },
    );
  },
);
