import { createHook } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { keepTickShape } from '../src/tick-shape.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

test('of all ticks, one of those that keepTickShape makes outlives a collection', async () => {
  const others = await ticksMadeBy(() => new Promise<void>((resolve) => process.nextTick(resolve)));
  const kept = await ticksMadeBy(keepTickShape);
  await nextTurn();
  collect();
  expect(others.length).toBeGreaterThan(0);
  expect(others.map(isAlive)).not.toContain(true);
  expect(kept.map(isAlive)).toContain(true);
});

async function ticksMadeBy(work: () => Promise<void>): Promise<WeakRef<object>[]> {
  const ticks: WeakRef<object>[] = [];
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type === 'TickObject') ticks.push(new WeakRef(resource));
    },
  }).enable();
  await work();
  hook.disable();
  return ticks;
}

const isAlive = (tick: WeakRef<object>): boolean => tick.deref() !== undefined;
