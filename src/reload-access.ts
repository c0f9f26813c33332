import { unwatchFile, watchFile } from 'node:fs';
import { Server as SecureServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { ServiceContext } from './http/service-context.ts';
import { tlsOptions } from './http/tls.ts';
import { reasonOf } from './thrown.ts';

/**
 * Reads tokens and certificates again. Where one of them is broken the old ones stay: a slip of an editor must not
 * lock everybody out. Connections that are open keep the certificate they began with.
 */
export function reloadAccess(app: FastifyInstance, context: ServiceContext): boolean {
  const { access, config, log, metrics } = context;
  if (access === undefined && config.tls === undefined) return true;
  try {
    const secured = config.tls === undefined ? undefined : tlsOptions(config.tls);
    access?.reload();
    if (secured !== undefined && app.server instanceof SecureServer) app.server.setSecureContext(secured);
    metrics.accessReloads.inc({ result: 'success' });
    const tokens = access?.tokens;
    log.info(`${tokens === undefined ? 'certificates' : `${tokens} tokens`} are in use`);
    warnWithoutTokens(context);
    return true;
  } catch (error) {
    metrics.accessReloads.inc({ result: 'failure' });
    log.error(`tokens and certificates were not reloaded, the old ones stay: ${reasonOf(error)}`);
    return false;
  }
}

/** An empty file may be meant, as the end of all tokens; more often a command that was to fill it has failed. */
export function warnWithoutTokens({ access, log }: Pick<ServiceContext, 'access' | 'log'>): void {
  if (access?.tokens === 0) log.warn('the tokens file names no token: whoever shows one is refused');
}

/** Polled, since Kubernetes swaps a mounted file by a link, which no watcher of the file sees. */
const POLL_MILLISECONDS = 2_000;

/** Calls `changed` when the file is another; returns what ends that. */
export function watchTokens(path: string | undefined, changed: () => void): () => void {
  if (path === undefined) return () => undefined;
  watchFile(path, { interval: POLL_MILLISECONDS, persistent: false }, (now, before) => {
    if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino || now.size !== before.size) changed();
  });
  return () => unwatchFile(path);
}
