import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newReplica, type Replica } from '../../harness/replicas.ts';
import type { JsonObject } from '../../src/event/json.ts';
import type { Circuit } from '../../src/shared-rows/circuit.ts';
import type { RowServer } from '../../src/shared-rows/row-server.ts';
import { HISTORY } from '../session/history.ts';
import { describeSessionCases } from '../session/session-cases.ts';
import { type Answer, ask, newStore } from '../session/trail.ts';
import { askAnyOf } from './any-replica.ts';

/** A place to keep rows that holds none yet. */
export interface Ground {
  readonly server: RowServer;
  /** Every row that is there, by its key, without how long it is kept. */
  bodies(): Promise<ReadonlyMap<string, string>>;
}

/** What three replicas must answer and keep, whatever the rows are kept in. `circuit` is one that is up. */
export function describeReplicas(
  name: string,
  newGround: () => Ground,
  circuit: () => Circuit,
  numRuns: number,
): void {
  const threeReplicas = (server: RowServer): Replica[] =>
    [1, 2, 3].map(() => newReplica(server, { circuit: circuit() }));

  describeSessionCases(name, () => askAnyOf(threeReplicas(newGround().server)));

  describe(name, () => {
    test('any order of delivery to any replica, with repetitions, ends in the same rows and answers', async () => {
      const reordered = HISTORY.chain(({ events }) =>
        fc
          .shuffledSubarray([...events, ...events], {
            minLength: events.length,
            maxLength: events.length * 2,
          })
          .map((some) => ({ events, other: [...some, ...[...events].reverse()] })),
      );
      await fc.assert(
        fc.asyncProperty(reordered, fc.nat(), async ({ events, other }, seed) => {
          const memory = newStore();
          for (const event of events) ask(memory, event);
          const expected = events.map((event) => withoutIssued(ask(memory, event)));
          const [one, two] = [newGround(), newGround()];
          const [first, second] = [threeReplicas(one.server), threeReplicas(two.server)];
          await deliver(events, first, seed);
          await deliver(other, second, seed + 1);
          for (const replicas of [first, second])
            expect(await deliver(events, replicas, seed + 2)).toEqual(expected);
          expect(await two.bodies()).toEqual(await one.bodies());
        }),
        { numRuns },
      );
    });

    test('events that replicas are given at once end in the same answers too', async () => {
      await fc.assert(
        fc.asyncProperty(HISTORY, fc.nat(), async ({ events }, seed) => {
          const memory = newStore();
          for (const event of events) ask(memory, event);
          const expected = events.map((event) => withoutIssued(ask(memory, event)));
          const replicas = threeReplicas(newGround().server);
          const askAny = askAnyOf(replicas, seed);
          await Promise.all([...events, ...events].map((event) => askAny(event)));
          expect(await deliver(events, replicas, seed)).toEqual(expected);
        }),
        { numRuns },
      );
    });

    test('a use that is told of before its issuance is named by it, though both come to two replicas at once', async () => {
      await fc.assert(
        fc.asyncProperty(HISTORY, async ({ events }) => {
          const issuance = events.find((event) => event['eventID'] === 'issue-0');
          const use = events.find((event) => event['eventID'] === 'use-0-0');
          if (issuance === undefined || use === undefined || use['sessionCredentialFromConsole']) return;
          const [a, b] = threeReplicas(newGround().server);
          if (a === undefined || b === undefined) return;
          const [issued, used] = await Promise.all([askAnyOf([a])(issuance), askAnyOf([b])(use)]);
          const isNamed = issued.issued?.pending_event_ids.includes('use-0-0') === true;
          expect(isNamed || used.origin?.status === 'found').toBe(true);
        }),
        { numRuns },
      );
    });

    test('who may not learn leaves no trace', async () => {
      await fc.assert(
        fc.asyncProperty(HISTORY, async ({ events }) => {
          const ground = newGround();
          const askAny = askAnyOf(threeReplicas(ground.server));
          for (const event of events) await askAny(event, { learn: false });
          expect((await ground.bodies()).size).toBe(0);
        }),
        { numRuns: Math.ceil(numRuns / 4) },
      );
    });
  });
}

async function deliver(
  events: readonly JsonObject[],
  replicas: readonly Replica[],
  seed: number,
): Promise<Answer[]> {
  const askAny = askAnyOf(replicas, seed);
  const answers: Answer[] = [];
  for (const event of events) answers.push(withoutIssued(await askAny(event)));
  return answers;
}

/** Which uses came before their issuance is a note on delivery. */
function withoutIssued({ issued: _issued, ...answer }: Answer): Answer {
  return answer;
}
