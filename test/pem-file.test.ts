import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { readAuthorities, readKeyPair } from '../src/pem-file.ts';
import { makeCertificates } from './http/certificates.ts';

const certificates = makeCertificates();

describe.skipIf(certificates === undefined)('files of certificates and keys (needs openssl)', () => {
  if (certificates === undefined) return;
  const { directory, ca, server, client } = certificates;
  afterAll(() => rmSync(directory, { recursive: true }));
  const [caText, certText, keyText] = [ca, server.certFile, server.keyFile].map((path) =>
    readFileSync(path, 'utf8'),
  );
  const named = (setting: string, text: string) => {
    const path = `${directory}/${setting}`;
    writeFileSync(path, text);
    return { setting, path };
  };

  test.each([
    ['one authority', `${caText}`],
    ['several, with remarks between them', `the first\n${caText}\n# the second\n${certText}`],
  ])('%s: taken', (_name, text) => {
    expect(readAuthorities(named('CA', text))).toBe(text);
  });

  test.each([
    ['nothing', ''],
    ['a word', 'SECRET'],
    ['a key', `${keyText}`],
    ['half a certificate', `${caText?.slice(0, 200)}`],
    ['a certificate with a slip in it', `${caText?.replace('MII', 'MIX')}`],
    ['a whole one and a broken one', `${caText}${caText?.replace('MII', 'MIX')}`],
  ])('%s: no authority', (_name, text) => {
    expect(() => readAuthorities(named('CA', text))).toThrow(/^CA does not hold certificates in PEM$/);
  });

  test.each([
    ['a pair', certText, keyText, undefined],
    [
      'a chain, and a key behind its parameters',
      `${certText}${caText}`,
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${keyText}`,
      undefined,
    ],
    ['both in one file', `${certText}${keyText}`, `${certText}${keyText}`, undefined],
    ['no certificate', 'SECRET', keyText, 'CERT does not hold certificates in PEM'],
    ['no key', certText, 'SECRET', 'KEY does not hold a private key in PEM'],
    ['the key of another', certText, readFileSync(client.keyFile, 'utf8'), 'KEY is not the key of CERT'],
  ])('%s', (_name, cert = '', key = '', error) => {
    const read = () => readKeyPair(named('CERT', cert), named('KEY', key));
    if (error === undefined) expect(read()).toEqual({ cert, key });
    else expect(read).toThrow(new Error(error));
  });

  test('authorities of Redis are refused at start where there are none', () => {
    const { path } = named('CA', 'SECRET');
    const config = loadConfig({ DETRAILS_REDIS_URL: 'rediss://192.0.2.1', DETRAILS_REDIS_CA_FILE: path });
    expect(() => createContext(config)).toThrow('DETRAILS_REDIS_CA_FILE does not hold certificates in PEM');
  });
});
