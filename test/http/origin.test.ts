import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { Enrichment } from '../../src/enrichment/enrichment.ts';
import { startService } from '../../src/service.ts';

const lines = readFileSync(new URL('../../examples/escalation.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n');

test('a chain of two roles is answered with its root identity, over HTTP', async () => {
  const service = await startService(
    loadConfig({ DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'silent', DETRAILS_DRAIN_SECONDS: '0' }),
  );
  try {
    const answers: Enrichment[] = [];
    for (const body of lines) {
      const response = await fetch(`${service.url}/enrich`, { method: 'POST', body });
      expect(response.status).toBe(200);
      answers.push((await response.json()) as Enrichment);
    }
    const created = answers.find((answer) => answer.action.iam?.[0] === 'iam:CreateAccessKey');
    expect(created?.origin).toMatchObject({
      status: 'found',
      join: 'access_key',
      confidence: 'high',
      root: {
        type: 'IAMUser',
        arn: 'arn:aws:iam::111122223333:user/dev-intern',
        access_key_id: 'AKIAIOSFODNN7EXAMPLE',
      },
      chain_depth: 2,
      chain_complete: true,
    });
    expect(created?.origin?.chain?.map((step) => step.access_key_id)).toEqual([
      'AKIAIOSFODNN7EXAMPLE',
      'ASIAIOSFODNN7PRDADMN',
    ]);
    const moved = answers.find((answer) => answer.action.iam?.[0] === 'ec2:ModifySnapshotAttribute');
    expect(moved?.source_check).toMatchObject({
      verdict: 'different_source_and_client',
      anomalous: true,
      severity: 'high',
    });
  } finally {
    await service.stop('test');
  }
});
