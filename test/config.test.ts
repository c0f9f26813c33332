import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../src/config.ts';

const TOGETHER = 'DETRAILS_REDIS_CERT_FILE and DETRAILS_REDIS_KEY_FILE must be set together';
const ENCRYPTED = 'DETRAILS_REDIS_CA_FILE and DETRAILS_REDIS_CERT_FILE need a rediss:// URL';

const refused: readonly [name: string, url: string, settings: Record<string, string>, message: string][] = [
  ['a certificate without its key', 'rediss://192.0.2.1', { CERT_FILE: 'c' }, TOGETHER],
  ['a key without its certificate', 'rediss://192.0.2.1', { KEY_FILE: 'k' }, TOGETHER],
  ['an authority for a Redis in clear text', 'redis://192.0.2.1', { CA_FILE: 'ca' }, ENCRYPTED],
  ['a certificate for one', 'redis://192.0.2.1', { CERT_FILE: 'c', KEY_FILE: 'k' }, ENCRYPTED],
  [
    'an authority for a cluster of which a server is in clear text',
    'rediss://192.0.2.1,redis://192.0.2.2',
    { CA_FILE: 'ca', CLUSTER: '1' },
    ENCRYPTED,
  ],
];

test.each(refused)('%s is no configuration of Redis', (_name, url, settings, message) => {
  expect(() => loadConfig({ DETRAILS_REDIS_URL: url, ...ofRedis(settings) })).toThrow(
    new ConfigError(message),
  );
});

test('an authority, a certificate and its key are one where the URL is encrypted', () => {
  const settings = ofRedis({ CA_FILE: 'ca', CERT_FILE: 'c', KEY_FILE: 'k' });
  const { redis, warnings } = loadConfig({ DETRAILS_REDIS_URL: 'rediss://192.0.2.1', ...settings });
  expect(redis).toMatchObject({ caFile: 'ca', certFile: 'c', keyFile: 'k' });
  expect(warnings).toEqual([]);
});

test('how to reach a Redis that is not named is warned of, without what was set', () => {
  const { redis, warnings } = loadConfig(ofRedis({ CLUSTER: '1', PASSWORD: 'CANARY' }));
  expect(redis).toBeUndefined();
  expect(warnings).toEqual([
    'DETRAILS_REDIS_CLUSTER, DETRAILS_REDIS_PASSWORD: without DETRAILS_REDIS_URL no memory is shared',
  ]);
});

function ofRedis(settings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`DETRAILS_REDIS_${name}`, value]),
  );
}
