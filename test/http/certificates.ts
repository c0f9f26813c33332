import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Paths of PEM files; an authority of the test's own, and what it signed. */
export interface Certificates {
  readonly directory: string;
  readonly ca: string;
  readonly server: KeyPair;
  readonly client: KeyPair;
  readonly expired: KeyPair;
  /** Of another authority. */
  readonly stranger: KeyPair;
}

export interface KeyPair {
  readonly certFile: string;
  readonly keyFile: string;
}

/** `undefined` where the machine has no openssl, or one that makes no certificate that has expired. */
export function makeCertificates(): Certificates | undefined {
  const directory = mkdtempSync(`${tmpdir()}/tls-`);
  const openssl = (...options: string[]) =>
    execFileSync('openssl', options, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const authority = (name: string) =>
    openssl('req', '-x509', ...key, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`);
  const signed = (name: string, ca: string, days: number): KeyPair => {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', '/CN=localhost');
    const signing = ['-CA', `${ca}.pem`, '-CAkey', `${ca}.key`, '-CAcreateserial', '-days', String(days)];
    openssl('x509', '-req', '-in', `${name}.csr`, ...signing, '-out', `${name}.pem`);
    return { certFile: `${directory}/${name}.pem`, keyFile: `${directory}/${name}.key` };
  };
  try {
    authority('ca');
    authority('other');
    return {
      directory,
      ca: `${directory}/ca.pem`,
      server: signed('server', 'ca', 2),
      client: signed('client', 'ca', 2),
      expired: signed('expired', 'ca', -1),
      stranger: signed('stranger', 'other', 2),
    };
  } catch {
    return undefined;
  }
}

export function pemOf({ certFile, keyFile }: KeyPair): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(certFile), key: readFileSync(keyFile) };
}
