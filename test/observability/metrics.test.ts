import { expect, test } from 'vitest';
import type { Answer } from '../../src/enrichment/enrich.ts';
import { EventMetrics } from '../../src/observability/event-metrics.ts';
import { Metrics } from '../../src/observability/metrics.ts';

const MEMORY = { entries: 0, evictions: 0, earliestLearned: 0 };

/** increase() sees no change in a series that begins at 1. */
test.each([
  'detrails_access_reloads_total{result="failure"} 0',
  'detrails_access_reloads_total{result="success"} 0',
  'detrails_table_reloads_total{result="failure"} 0',
  'detrails_table_reloads_total{result="success"} 0',
  'detrails_session_snapshots_total{result="failure"} 0',
  'detrails_session_snapshots_total{result="success"} 0',
  'detrails_access_refusals_total{code="unauthorized"} 0',
  'detrails_access_refusals_total{code="cross_site"} 0',
  'detrails_connections_dropped_total{reason="too_many"} 0',
  'detrails_connections_dropped_total{reason="memory"} 0',
  'detrails_connections_dropped_total{reason="slow"} 0',
  'detrails_events_total{result="enriched"} 0',
])('%s stands there before the first of its kind, so that alerts see it', async (line) => {
  expect(await new Metrics('test').registry.metrics()).toContain(line);
});

test('the lag is that of the events since it was last asked for, and none before the first', async () => {
  const metrics = new Metrics('test');
  let now = Date.parse('2026-11-17T09:00:00Z');
  const events = new EventMetrics(metrics, () => now);
  const lag = async (): Promise<readonly number[]> => {
    events.refresh(MEMORY, false);
    return (await metrics.eventLag.get()).values.map(({ value }) => value);
  };
  const happened = (seconds: number): Answer =>
    ({
      ok: true,
      enrichment: { action: {}, risk: { level: 'none' } },
      record: { eventTime: now - seconds * 1000 },
    }) as unknown as Answer;
  expect(await lag()).toEqual([]);
  events.count(happened(60));
  expect(await lag()).toEqual([60]);
  now += 3_600_000;
  expect(await lag()).toEqual([60]);
  events.count(happened(90));
  expect(await lag()).toEqual([90]);
});
