import type { Replica } from '../../harness/replicas.ts';
import { type Answer, type Asker, askLater, recallFrom } from '../session/trail.ts';

/** Asks a replica by chance, as a load balancer does; the same at each run. */
export function askAnyOf(replicas: readonly Replica[], seed = 1): Asker {
  let state = seed;
  const anyOf = (): Replica => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const replica = replicas[(state >>> 8) % replicas.length];
    if (replica === undefined) throw new Error('no replica');
    return replica;
  };
  return Object.assign(
    (...[event, context]: Parameters<Asker>): Promise<Answer> => askLater(anyOf().store, event, context),
    { recall: (accessKeyId: string) => recallFrom(anyOf().store, accessKeyId) },
  );
}

/**
 * What rows say, without how long they are kept and without the notes on delivery: which uses came before their
 * issuance, and where a key was seen of which no issuance was known.
 */
export function bodiesOf(rows: Iterable<readonly [string, string]>): ReadonlyMap<string, string> {
  const bodies = new Map<string, string>();
  for (const [key, text] of [...rows].sort()) {
    const body = text.split(':').slice(3).join(':');
    if (key.startsWith('k:')) continue;
    bodies.set(
      key,
      key.startsWith('s:') ? JSON.stringify((JSON.parse(body) as unknown[]).slice(0, 6)) : body,
    );
  }
  return bodies;
}
