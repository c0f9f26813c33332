import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Service } from './service.ts';
import { keepTickShape } from './tick-shape.ts';

/** The process: starts the service, and is the only place that ends it. */
let service: Service | undefined;
let isReloadDue = false;
let isReloading = false;
// From the first moment on, before the modules of the service are read: unheard, a signal to reload would end the
// process, and one to end it is lost where it is the first of its container, since the kernel spares that one.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal));
process.on('SIGHUP', () => {
  isReloadDue = true;
  void reloadWhileDue();
});
const { ConfigError, loadConfig } = await import('./config.ts');
const { startService } = await import('./service.ts');
// Reading modules, and then tables, holds the event loop up: a signal that came meanwhile has its turn between them.
await nextTurn();
try {
  service = await startService(loadConfig(process.env));
  await keepTickShape();
  giveBackMemory();
  void reloadWhileDue();
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
}

/**
 * Before the service stands there is nothing to drain, and no new snapshot. npm forwards a signal that its process
 * group got already: a repeat during the drain changes nothing.
 */
async function end(signal: string): Promise<void> {
  const isKept = (await service?.stop(signal)) ?? true;
  process.exit(isKept ? 0 : 1);
}

/**
 * What reading the tables left behind is a sixth of the memory, and a service that nobody calls never collects it
 * (docs/decisions/0003).
 */
function giveBackMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
}

/**
 * Many signals are one reload, and after each the events have a turn as long as it took: no storm stops them. One that
 * came during the start waits until the service stands, which may have read its files before they changed.
 */
async function reloadWhileDue(): Promise<void> {
  if (isReloading) return;
  isReloading = true;
  while (isReloadDue && service !== undefined) {
    isReloadDue = false;
    const began = performance.now();
    service.reload();
    await wait(performance.now() - began);
  }
  isReloading = false;
}
