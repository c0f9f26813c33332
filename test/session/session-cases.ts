import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/event/json.ts';
import { AllowedNetworks } from '../../src/session/allowed-networks.ts';
import type { SessionContext } from '../../src/session/trace-session.ts';
import { type Answer, type Asker, type Recalled, TEST_NETWORKS } from './trail.ts';

interface SessionCase {
  readonly name: string;
  /** With the networks of trail.ts; without, no network is known. */
  readonly networks?: boolean;
  readonly allowedNetworks?: readonly string[];
  readonly endpointAccounts?: readonly string[];
  /** In the order of delivery. */
  readonly events: readonly JsonObject[];
  /** What an event is answered when it is delivered, by eventID. */
  readonly first?: Readonly<Record<string, JsonObject>>;
  /** What it is answered when all have been delivered, in whatever order. */
  readonly final?: Readonly<Record<string, JsonObject>>;
  /** What is then known of a key; `uses` is null where there are none. */
  readonly recalled?: Readonly<Record<string, JsonObject>>;
}

const CASES = new URL('./cases/', import.meta.url);

/** What every store of sessions must answer; `newAsker` opens one that knows nothing yet. */
export function describeSessionCases(store: string, newAsker: () => Asker): void {
  for (const file of readdirSync(CASES)) {
    const cases = JSON.parse(readFileSync(new URL(file, CASES), 'utf8')) as SessionCase[];
    describe(`${store}: ${file.replace('.json', '').replaceAll('-', ' ')}`, () => {
      test.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => check(one, newAsker));
    });
  }
}

async function check(one: SessionCase, newAsker: () => Asker): Promise<void> {
  const context = contextOf(one);
  const ask = newAsker();
  const first = new Map<unknown, Answer>();
  for (const event of one.events) {
    const answer = await ask(event, context);
    if (!first.has(event['eventID'])) first.set(event['eventID'], answer);
  }
  for (const [id, expected] of Object.entries(one.first ?? {}))
    expect(first.get(id), `first answer to ${id}`).toMatchObject(expected);
  const { answers, recalled } = await finalAnswers(newAsker(), one.events, one.events, context);
  for (const [id, expected] of Object.entries(one.final ?? {})) {
    const at = one.events.findIndex((event) => event['eventID'] === id);
    expect(answers[at], `final answer to ${id}`).toMatchObject(expected);
  }
  for (const [key, expected] of Object.entries(one.recalled ?? {}))
    expect({ uses: null, ...recalled.get(key) }, `what is known of ${key}`).toMatchObject(expected);
  for (const order of orders(one.events))
    expect(await finalAnswers(newAsker(), one.events, order, context)).toEqual({ answers, recalled });
}

function contextOf(one: SessionCase): Partial<SessionContext> {
  return {
    networks: one.networks === true ? TEST_NETWORKS : undefined,
    allowedNetworks: one.allowedNetworks && new AllowedNetworks(one.allowedNetworks),
    endpointAccounts: new Set(one.endpointAccounts),
  };
}

interface Final {
  readonly answers: readonly Answer[];
  /** What is known of each temporary key in the events. */
  readonly recalled: ReadonlyMap<string, Recalled>;
}

/** The answers when everything has been learned: those that a pipeline gets that asks again. */
async function finalAnswers(
  ask: Asker,
  events: readonly JsonObject[],
  order: readonly JsonObject[],
  context: Partial<SessionContext>,
): Promise<Final> {
  for (const event of order) await ask(event, context);
  const answers: Answer[] = [];
  for (const event of events) answers.push(withoutDelivery(await ask(event, context)));
  const recalled = new Map<string, Recalled>();
  for (const key of new Set(JSON.stringify(events).match(/ASIA[A-Z0-9]{12,124}/g)))
    recalled.set(key, await ask.recall(key));
  return { answers, recalled };
}

/** Which uses came before their issuance is a matter of delivery, and the one thing that its order may change. */
function withoutDelivery(answer: Answer): Answer {
  if (answer.issued === undefined) return answer;
  return { ...answer, issued: { ...answer.issued, pending_event_ids: [], pending_count: 0 } };
}

/** All orders of up to four events; of more their reverse, and every rotation with its reverse. */
function orders<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 4) return permutations(items);
  const rotations = items.map((_, i) => [...items.slice(i), ...items.slice(0, i)]);
  return [...rotations, ...rotations.map((rotation) => [...rotation].reverse())];
}

export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}
