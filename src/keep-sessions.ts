import type { Config } from './config.ts';
import type { Logger } from './observability/log.ts';
import type { Metrics } from './observability/metrics.ts';
import type { MemoryStore } from './session/memory-store.ts';
import { restoreSnapshot, saveSnapshot } from './session/snapshot.ts';

export interface SessionKeeper {
  /** Writes the last snapshot. */
  stop(): Promise<void>;
}

/**
 * Restores the memory of credentials at start, and writes it every so many minutes and at the end. A broken snapshot
 * is set aside and reported; one that cannot be written is reported, and tried again: neither stops the service.
 */
export async function keepSessions(
  store: MemoryStore,
  config: Config,
  log: Logger,
  metrics: Metrics,
): Promise<SessionKeeper> {
  const path = config.sessionSnapshot;
  if (path === '') return { stop: async () => undefined };
  const restored = await restoreSnapshot(store, path, Date.now());
  if (restored.status === 'restored') log.info(`restored ${restored.rows} rows of sessions`);
  if (restored.status === 'broken') log.error(`the snapshot of sessions was set aside: ${restored.reason}`);

  let writing: Promise<void> = Promise.resolve();
  const write = (): Promise<void> => {
    writing = writing.then(() => saveOnce(store, path, log, metrics));
    return writing;
  };
  const timer = setInterval(write, config.sessionSnapshotMinutes * 60_000);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await write();
    },
  };
}

async function saveOnce(store: MemoryStore, path: string, log: Logger, metrics: Metrics): Promise<void> {
  try {
    await saveSnapshot(store, path);
    metrics.snapshots.inc({ result: 'success' });
  } catch (error) {
    metrics.snapshots.inc({ result: 'failure' });
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    log.error(`the snapshot of sessions could not be written: ${code}`);
  }
}
