import { writeFileSync } from 'node:fs';
import { loadConfig } from '../src/config.ts';
import { parseRecord } from '../src/event/parse-record.ts';
import { renderReport } from '../src/report/render-report.ts';
import { ReportData } from '../src/report/report-data.ts';
import { startService } from '../src/service.ts';
import { logstashClient } from './demo/logstash-client.ts';
import { timeline } from './demo/timeline.ts';
import { missesOf, readScenario, SCENARIOS, tellScenario } from './scenarios/run-scenario.ts';

/**
 * The scenarios of examples/scenarios, event by event, as Logstash would send them, and what the service says of each.
 * The service runs on a free port and ends with the demonstration; report.html is the page about all of it. The exit
 * code is 1 if a highlight is missing.
 */
const config = loadConfig({ DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'warn', DETRAILS_DRAIN_SECONDS: '0' });
const service = await startService(config);
const client = logstashClient(service.url);
const report = new ReportData();
console.log(`Det{R}ails listens on ${service.url} for this demonstration.`);

for (const name of SCENARIOS) {
  const scenario = readScenario(name);
  const told = await tellScenario(scenario, client.ask);
  console.log(`\n${scenario.expected.title} (${scenario.events.length} events)\n`);
  for (const line of timeline([...told.values()])) console.log(line);
  for (const { event, answer } of told.values()) {
    const parsed = parseRecord(event.record);
    if (parsed.ok) report.add({ record: parsed.record, enrichment: answer });
  }
  const misses = missesOf(scenario.expected, told);
  for (const { step, event, sentences } of misses) {
    console.log(`MISSING in step ${step.step}, ${event.event_name}: ${sentences.join('; ')}`);
  }
  const steps = new Set(scenario.expected.steps.map(({ step }) => step));
  console.log(`\n${steps.size} steps; ${misses.length} event(s) without what they must show.`);
  if (misses.length > 0) process.exitCode = 1;
}
writeFileSync('report.html', renderReport(report, { title: 'Two attacks, in details', madeAt: Date.now() }));
console.log('\nreport.html shows it all: open it in a browser.');
client.close();
await service.stop('the end of the demonstration');
