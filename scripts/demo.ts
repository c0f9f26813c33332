import { readFileSync } from 'node:fs';
import { loadConfig } from '../src/config.ts';
import type { Enrichment } from '../src/enrichment/enrichment.ts';
import { startService } from '../src/service.ts';

/**
 * An escalation through an assumed role, event by event, and what the service says of each. The service runs on a
 * free port, and ends with the demonstration.
 */
const events = readFileSync(new URL('../examples/escalation.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const config = loadConfig({ DETRAILS_PORT: '0', DETRAILS_LOG_LEVEL: 'warn', DETRAILS_DRAIN_SECONDS: '0' });
const service = await startService(config);
console.log(`Det{R}ails on ${service.url}: an intern's key, two roles, and a snapshot for everyone\n`);

for (const body of events) {
  const { eventTime, userIdentity } = JSON.parse(body) as {
    eventTime: string;
    userIdentity: { arn?: string; invokedBy?: string };
  };
  const response = await fetch(`${service.url}/enrich`, { method: 'POST', body });
  if (!response.ok) throw new Error(`/enrich answered ${response.status}`);
  console.log(
    tell(eventTime, userIdentity.arn ?? userIdentity.invokedBy ?? '?', (await response.json()) as Enrichment),
  );
}
await service.stop('the end of the demonstration');

function tell(time: string, who: string, { action, mitre, risk, origin, source_check }: Enrichment): string {
  const lines = [
    `${time.slice(11, 19)}  ${risk.level.toUpperCase().padEnd(8)} ${action.iam?.join(', ')}  (${action.access_level}, ${action.outcome})`,
  ];
  lines.push(`by ${who}`);
  const chain = origin?.chain?.map((step) => step.arn).join('  ->  ');
  if (chain !== undefined) lines.push(`obtained by ${chain}`);
  if (mitre !== undefined)
    lines.push(`ATT&CK ${mitre.map((pair) => `${pair.tactic_id}/${pair.technique_id}`).join(', ')}`);
  if (source_check?.anomalous)
    lines.push(`SOURCE ${source_check.verdict}: ${source_check.reasons.join(' ')}`);
  for (const reason of risk.reasons) lines.push(`- ${reason}`);
  return `${lines.join('\n            ')}\n`;
}
