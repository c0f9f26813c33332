import { expect, test } from 'vitest';
import { Metrics } from '../../src/observability/metrics.ts';
import { RequestMeter } from '../../src/observability/request-meter.ts';

test.each([0, 1, 127, 128, 129, 300])('%i answers are as many durations', async (answers) => {
  const metrics = new Metrics('test');
  const meter = new RequestMeter(metrics);
  const began = performance.now() - 2000;
  for (let i = 0; i < answers; i++) meter.route('/enrich').answered(200, began);
  meter.flush();
  meter.flush();
  const { values } = await metrics.duration.get();
  const of = (name: string) => values.find(({ metricName }) => metricName?.endsWith(name))?.value ?? 0;
  expect(of('_count')).toBe(answers);
  expect(of('_sum')).toBeGreaterThanOrEqual(answers * 2);
  expect(of('_sum')).toBeLessThan(answers * 60 + 1);
});
