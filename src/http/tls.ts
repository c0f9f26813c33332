import { readFileSync } from 'node:fs';
import type { ServerOptions } from 'node:https';
import type { TlsConfig } from '../config.ts';

/**
 * What Node's https server is given; read anew for a reload. Throws where a file cannot be read.
 *
 * A client without a certificate is let through the handshake and then answered 401: probes need no credential, and
 * an answer that says what is wrong helps more than a broken connection does.
 */
export function tlsOptions({ certFile, keyFile, clientCaFile }: TlsConfig): ServerOptions {
  return {
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    minVersion: 'TLSv1.2',
    ...(clientCaFile !== undefined && {
      ca: readFileSync(clientCaFile),
      requestCert: true,
      rejectUnauthorized: false,
    }),
  };
}
