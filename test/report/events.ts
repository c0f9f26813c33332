import { readScenario, SCENARIOS, tellScenario } from '../../scripts/scenarios/run-scenario.ts';
import type { Enrichment } from '../../src/enrichment/enrichment.ts';
import type { JsonObject } from '../../src/event/json.ts';
import { parseRecord } from '../../src/event/parse-record.ts';
import { renderReport } from '../../src/report/render-report.ts';
import { ReportData, type ReportedEvent } from '../../src/report/report-data.ts';
import { newService } from '../scenarios/new-service.ts';

export function eventOf(source: JsonObject, enrichment: Enrichment): ReportedEvent {
  const parsed = parseRecord(source);
  if (!parsed.ok) throw new Error(parsed.refusal.code);
  return { record: parsed.record, enrichment };
}

/** The page about these events. */
export function reportOf(events: Iterable<ReportedEvent>): string {
  const data = new ReportData();
  for (const event of events) data.add(event);
  return renderReport(data);
}

let told: Promise<readonly ReportedEvent[]> | undefined;

/** The events of all scenarios with their answers. */
export function scenarioEvents(): Promise<readonly ReportedEvent[]> {
  told ??= tellAll();
  return told;
}

async function tellAll(): Promise<readonly ReportedEvent[]> {
  const events: ReportedEvent[] = [];
  for (const name of SCENARIOS) {
    const answers = await tellScenario(readScenario(name), newService());
    for (const { event, answer } of answers.values()) events.push(eventOf(event.record, answer));
  }
  return events;
}

/** The scenarios' events again and again, each time by other principals with long names, minutes later. */
export async function manyEvents(count: number): Promise<readonly ReportedEvent[]> {
  const events = await scenarioEvents();
  return Array.from({ length: count }, (_item, index) => {
    const { record, enrichment } = events[index % events.length] as ReportedEvent;
    const arn = `arn:aws:iam::111122223333:user/${index}-${'x'.repeat(2000)}`;
    const eventTime = (record.eventTime ?? 0) + index * 97_000;
    const { origin: _, ...rest } = enrichment;
    const isOwn = index < events.length;
    return {
      record: {
        ...record,
        eventTime,
        userIdentity: isOwn ? record.userIdentity : { ...record.userIdentity, arn },
      },
      enrichment: isOwn ? enrichment : rest,
    };
  });
}
