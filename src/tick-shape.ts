import { executionAsyncResource } from 'node:async_hooks';

const kept: object[] = [];

/**
 * Keeps one object of `process.nextTick` for good, and with it V8's description of its shape. Collected while no tick
 * waits, that description is forgotten, and V8 then makes each later tick at eight times the cost
 * (docs/decisions/0015). Resolves when it has one.
 */
export function keepTickShape(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(() => {
      if (kept.length === 0) kept.push(executionAsyncResource());
      resolve();
    });
  });
}
