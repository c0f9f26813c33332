import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Enrichment } from '../../src/enrichment/enrichment.ts';
import type { JsonObject } from '../../src/event/json.ts';
import { type Expected, type ExpectedEvent, type ExpectedStep, missed } from './expectation.ts';

const FOLDER = fileURLToPath(new URL('../../examples/scenarios/', import.meta.url));

export const SCENARIOS = [
  'privilege-escalation',
  'privilege-escalation-controls',
  'pacu',
  'pacu-controls',
] as const;

export interface ScenarioEvent {
  readonly id: string;
  /** The line of the file. */
  readonly text: string;
  readonly record: JsonObject;
}

export interface Scenario {
  readonly events: readonly ScenarioEvent[];
  readonly expected: Expected;
}

export interface Told {
  readonly event: ScenarioEvent;
  readonly answer: Enrichment;
  /** Asked again, because the origin of its credentials became known only after it. */
  readonly isSecondAnswer: boolean;
}

export function readScenario(name: string): Scenario {
  const lines = readFileSync(`${FOLDER}${name}.ndjson`, 'utf8').trimEnd().split('\n');
  const events = lines.map((text) => {
    const record = JSON.parse(text) as JsonObject;
    return { id: String(record['eventID']), text, record };
  });
  const expected = JSON.parse(readFileSync(`${FOLDER}${name}.expected.json`, 'utf8')) as Expected;
  return { events, expected };
}

/**
 * Asks for one event after the other, as they were delivered; where an issuance says which events had used its key
 * before it came, asks for those again, as the pipelines do. The last answer to an event counts.
 */
export async function tellScenario(
  scenario: Scenario,
  ask: (text: string) => Promise<Enrichment>,
): Promise<ReadonlyMap<string, Told>> {
  const told = new Map<string, Told>();
  const byId = new Map(scenario.events.map((event) => [event.id, event]));
  for (const event of scenario.events) {
    const answer = await ask(event.text);
    told.set(event.id, { event, answer, isSecondAnswer: false });
    for (const id of answer.issued?.pending_event_ids ?? []) {
      const pending = byId.get(id);
      if (pending === undefined) continue;
      told.set(id, { event: pending, answer: await ask(pending.text), isSecondAnswer: true });
    }
  }
  return told;
}

export interface Miss {
  readonly step: ExpectedStep;
  readonly event: ExpectedEvent;
  readonly sentences: readonly string[];
}

/** The events whose answers do not say what they must. */
export function missesOf(expected: Expected, told: ReadonlyMap<string, Told>): readonly Miss[] {
  return expected.steps.flatMap((step) =>
    step.events.flatMap((event) => {
      const sentences = missed(told.get(event.event_id)?.answer, event.expect);
      return sentences.length === 0 ? [] : [{ step, event, sentences }];
    }),
  );
}
