import { executionAsyncResource } from 'node:async_hooks';

let kept: object | undefined;

/**
 * Keeps one object of `process.nextTick` for good, and with it V8's description of its shape. Collected while no tick
 * waits, that description is forgotten, and V8 then makes each later tick, five of every request, at eight times the
 * cost (docs/decisions/0015). Resolves when it has one.
 */
export function keepTickShape(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(() => {
      kept ??= executionAsyncResource();
      resolve();
    });
  });
}
