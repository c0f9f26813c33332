import { type Config, ConfigError } from './config.ts';
import { type Remembered, restoreSnapshot, saveSnapshot } from './memory-snapshot.ts';
import type { Logger } from './observability/log.ts';
import type { Metrics } from './observability/metrics.ts';
import type { LocalPolicyMemory } from './policy/memory/policy-memory.ts';
import type { MemoryStore } from './session/memory-store.ts';
import { codeOfError } from './thrown.ts';

/** What is kept over a restart. */
export interface Memories {
  readonly sessions: MemoryStore;
  readonly policies: LocalPolicyMemory;
}

export interface MemoryKeeper {
  /** Writes the last snapshot; false where it could not be written. */
  stop(): Promise<boolean>;
}

/**
 * Restores what is remembered of credentials and of policies at start, and writes it every so many minutes and at the
 * end. A broken snapshot is set aside and reported; one that cannot be written is reported, and tried again: neither
 * stops the service. Throws a ConfigError where the name is that of something else than a file.
 */
export async function keepMemories(
  memories: Memories,
  config: Config,
  log: Logger,
  metrics: Metrics,
): Promise<MemoryKeeper> {
  const path = config.sessionSnapshot;
  if (path === undefined) return { stop: async () => true };
  const store = together(memories);
  const restored = await restoreSnapshot(store, path, Date.now());
  if (restored.status === 'not_a_file')
    throw new ConfigError('DETRAILS_SESSION_SNAPSHOT is not the name of a file');
  if (restored.status === 'restored') {
    log.info(`restored ${restored.rows} rows of memory`);
    if (restored.leftOut > 0) log.warn(`left out ${restored.leftOut} rows of memory that cannot be read`);
  }
  if (restored.status === 'broken') {
    const done = restored.setAside === undefined ? 'could not be read, nor set aside' : 'was set aside';
    log.error(`the snapshot of the memory ${done}: ${restored.reason}`);
  }

  let writing: Promise<boolean> = Promise.resolve(true);
  const write = (): Promise<boolean> => {
    writing = writing.then(() => saveOnce(store, path, log, metrics));
    return writing;
  };
  const timer = setInterval(write, config.sessionSnapshotMinutes * 60_000);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      return write();
    },
  };
}

async function saveOnce(store: Remembered, path: string, log: Logger, metrics: Metrics): Promise<boolean> {
  try {
    await saveSnapshot(store, path);
    metrics.snapshots.inc({ result: 'success' });
    return true;
  } catch (error) {
    metrics.snapshots.inc({ result: 'failure' });
    log.error(`the snapshot of the memory could not be written: ${codeOfError(error) ?? 'unknown'}`);
    return false;
  }
}

/** Both memories in one file, so that a restart finds them of one moment. */
function together({ sessions, policies }: Memories): Remembered {
  return {
    *dump() {
      for (const row of sessions.dump()) yield ['session', row];
      for (const row of policies.dump()) yield ['policy', row];
    },
    restore(row, now) {
      if (!Array.isArray(row)) return false;
      const [memory, content]: readonly unknown[] = row;
      return memory === 'session' ? sessions.restore(content, now) : policies.restore(content);
    },
  };
}
