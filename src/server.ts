import { setTimeout as wait } from 'node:timers/promises';
import { ConfigError, loadConfig } from './config.ts';
import { type Service, startService } from './service.ts';

/** The process: starts the service, and is the only place that ends it. */
let service: Service | undefined;
let isReloadDue = false;
let isReloading = false;
// From the first moment on: unheard, a signal to reload would end the process.
process.on('SIGHUP', () => void reloadAsAsked());
try {
  service = await startService(loadConfig(process.env));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    // npm forwards a signal that its process group got already: a repeat during the drain changes nothing.
    process.on(signal, () => void service?.stop(signal).then(() => process.exit(0)));
  }
} catch (error) {
  const reason = error instanceof ConfigError || isAddressInUse(error) ? (error as Error).message : error;
  console.error(reason);
  process.exit(1);
}

/** Many signals are one reload, and after each the events have a turn as long as it took: no storm stops them. */
async function reloadAsAsked(): Promise<void> {
  isReloadDue = true;
  if (isReloading) return;
  isReloading = true;
  while (isReloadDue) {
    isReloadDue = false;
    const began = performance.now();
    service?.reload();
    await wait(performance.now() - began);
  }
  isReloading = false;
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
