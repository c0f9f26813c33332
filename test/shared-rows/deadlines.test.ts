import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { Deadlines } from '../../src/shared-rows/deadlines.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('Deadlines', () => {
  test('tells what is late, in the order in which it came, and since when', async () => {
    const deadlines = new Deadlines(10);
    const late: string[] = [];
    const began = performance.now();
    for (const name of ['first', 'second'])
      deadlines.add({
        expire: (since) => {
          expect(since).toBeGreaterThanOrEqual(began);
          late.push(name);
        },
      });
    await expect.poll(() => late).toEqual(['first', 'second']);
  });

  test('says nothing of what was in time', async () => {
    const deadlines = new Deadlines(5);
    const late: string[] = [];
    const met = deadlines.add({ expire: () => late.push('met') });
    deadlines.add({ expire: () => late.push('late') });
    met.met();
    await expect.poll(() => late).toEqual(['late']);
    await wait(30);
    expect(late).toEqual(['late']);
  });

  test('holds nothing that was in time, however long the others have', async () => {
    const deadlines = new Deadlines(60_000);
    const reference = (() => {
      const waiting = { expire: () => undefined, answer: new Array(1000).fill('an event') };
      deadlines.add(waiting).met();
      return new WeakRef(waiting);
    })();
    // What a turn of the event loop has looked at by a WeakRef lives until its end.
    await setImmediate();
    collectGarbage();
    expect(reference.deref()).toBeUndefined();
  });

  test.each([
    ['its value', () => Promise.resolve('value'), 'value'],
    ['the other where it is late', () => new Promise<string>(() => undefined), 'other'],
  ])('races a promise: %s', async (_what, promise, expected) => {
    const deadlines = new Deadlines(10);
    const answer = await deadlines.race(promise(), () => 'other');
    expect(answer).toBe(expected);
  });

  test('races a promise: what it is rejected with', async () => {
    const rejected = Promise.reject(new Error('no'));
    await expect(new Deadlines(10).race(rejected, () => 'other')).rejects.toThrow('no');
  });
});
