import type { ServerOptions } from 'node:https';
import type { TlsConfig } from '../config.ts';
import { readAuthorities, readKeyPair } from '../pem-file.ts';

/**
 * What Node's https server is given; read anew for a reload. Throws a ConfigError that names the setting whose file is
 * wrong.
 *
 * A client without a certificate is let through the handshake and then answered 401: probes need no credential, and an
 * answer that says what is wrong helps more than a broken connection does.
 */
export function tlsOptions({ certFile, keyFile, clientCaFile }: TlsConfig): ServerOptions {
  return {
    ...readKeyPair(
      { setting: 'DETRAILS_TLS_CERT_FILE', path: certFile },
      { setting: 'DETRAILS_TLS_KEY_FILE', path: keyFile },
    ),
    minVersion: 'TLSv1.2',
    ...(clientCaFile !== undefined && {
      ca: readAuthorities({ setting: 'DETRAILS_TLS_CLIENT_CA_FILE', path: clientCaFile }),
      requestCert: true,
      rejectUnauthorized: false,
    }),
  };
}
