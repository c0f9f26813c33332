import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigError } from './config.ts';
import { codeOfError } from './thrown.ts';

/** The setting that names a file, and what it says. */
export interface NamedFile {
  readonly setting: string;
  readonly path: string;
}

/** Certificates, as OpenSSL writes them into PEM files. */
const CERTIFICATES =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/** The text of a file. Throws a ConfigError that names the setting and not its value. */
export function readSettingFile({ setting, path }: NamedFile): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${setting} cannot be read: ${codeOfError(error)}`);
  }
}

/**
 * The PEM text of certificate authorities. Throws a ConfigError where one of them is none, or there is none at all:
 * Node would take either for authorities that vouch for nobody, and say nothing.
 */
export function readAuthorities(file: NamedFile): string {
  const text = readSettingFile(file);
  const certificates = text.match(CERTIFICATES) ?? [];
  if (certificates.length === 0 || !certificates.every(isCertificate))
    throw new ConfigError(`${file.setting} does not hold certificates in PEM`);
  return text;
}

/** The PEM texts of a certificate and its key. Throws a ConfigError that says which of them is wrong. */
export function readKeyPair(certFile: NamedFile, keyFile: NamedFile): { cert: string; key: string } {
  const cert = readAuthorities(certFile);
  const key = readSettingFile(keyFile);
  if (!isPrivateKey(key)) throw new ConfigError(`${keyFile.setting} does not hold a private key in PEM`);
  try {
    createSecureContext({ cert, key });
  } catch {
    throw new ConfigError(`${keyFile.setting} is not the key of ${certFile.setting}`);
  }
  return { cert, key };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === 'private';
  } catch {
    return false;
  }
}
