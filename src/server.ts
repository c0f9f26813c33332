import { ConfigError, loadConfig } from './config.ts';
import { startService } from './service.ts';

/** The process: starts the service, and is the only place that ends it. */
try {
  const service = await startService(loadConfig(process.env));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    // npm forwards a signal that its process group got already: a repeat during the drain changes nothing.
    process.on(signal, () => void service.stop(signal).then(() => process.exit(0)));
  }
  process.on('SIGHUP', () => service.reload());
} catch (error) {
  const reason = error instanceof ConfigError || isAddressInUse(error) ? (error as Error).message : error;
  console.error(reason);
  process.exit(1);
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
