import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import manifest from '../../package.json' with { type: 'json' };
import { loadConfig } from '../../src/config.ts';
import { arrayAt, isObject, type JsonObject, objectAt, textAt } from '../../src/event/json.ts';
import { Metrics } from '../../src/observability/metrics.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');

function has(program: string, ...options: string[]): boolean {
  try {
    execFileSync(program, options, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const HAS_KUBECTL = has('kubectl', 'version', '--client');
const HAS_VALIDATOR = has('kubernetes-validate', '--version');
const HAS_PROMTOOL = has('promtool', '--version');

describe('the image', () => {
  test('starts the service with the flags of npm start, as the command does', () => {
    const flagsOf = (text = '') => text.match(/--[a-z-]+(?:=\d+)?/g);
    const [, entry] = read('Dockerfile').split('ENTRYPOINT');
    expect(flagsOf(entry)).toEqual(flagsOf(manifest.scripts.start));
    expect(flagsOf(manifest.scripts.detrails)).toEqual(flagsOf(manifest.scripts.start));
  });
});

describe.each(['single', 'replicated'])('deploy/kubernetes/%s', (overlay) => {
  test.skipIf(!HAS_KUBECTL)('is built by kustomize into what the service and its guards need', () => {
    const objects = built(overlay);
    const names = objects.map(
      (object) => `${textAt(object, 'kind')} ${textAt(objectAt(object, 'metadata'), 'name')}`,
    );
    for (const name of ['ServiceAccount', 'Deployment', 'Service', 'PodDisruptionBudget', 'NetworkPolicy'])
      expect(names).toContain(`${name} detrails`);
    expect(names).toContain('ServiceMonitor detrails');
    expect(names).toContain('PrometheusRule detrails');
    expect(new Set(names).size).toBe(names.length);
  });

  test.skipIf(!HAS_KUBECTL)(
    'every container is bounded, unprivileged and watched, and has an image with a tag',
    () => {
      for (const { pod, containers } of podsOf(built(overlay))) {
        expect(pod['enableServiceLinks']).toBe(false);
        expect(pod['automountServiceAccountToken']).toBe(false);
        expect(objectAt(pod, 'securityContext')).toMatchObject({
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
        });
        for (const container of containers) {
          expect(container['image']).toMatch(/:[\w.-]+$/);
          expect(objectAt(container, 'securityContext')).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          });
          expect(Object.keys(container)).toEqual(
            expect.arrayContaining(['readinessProbe', 'livenessProbe', 'startupProbe']),
          );
          const resources = objectAt(container, 'resources');
          expect(textAt(objectAt(resources, 'requests'), 'cpu')).toBeDefined();
          expect(textAt(objectAt(resources, 'limits'), 'memory')).toBeDefined();
        }
      }
    },
  );

  test.skipIf(!HAS_KUBECTL)('every selector finds the pods that it is for, and no others', () => {
    const objects = built(overlay);
    const pods = podsOf(objects);
    for (const object of objects) {
      const spec = objectAt(object, 'spec');
      const kind = textAt(object, 'kind');
      const selector =
        kind === 'Service'
          ? objectAt(spec, 'selector')
          : objectAt(objectAt(spec, kind === 'NetworkPolicy' ? 'podSelector' : 'selector'), 'matchLabels');
      if (selector === undefined || kind === 'ServiceMonitor') continue;
      const found = pods.filter(({ labels }) =>
        Object.entries(selector).every(([name, value]) => labels?.[name] === value),
      );
      expect(found.length, `${kind} ${textAt(objectAt(object, 'metadata'), 'name')}`).toBe(1);
    }
  });

  test.skipIf(!HAS_KUBECTL)('the settings are ones that the service starts with', () => {
    const deployment = podsOf(built(overlay)).find(({ name }) => name === 'detrails');
    const environment: Record<string, string> = { DETRAILS_HOST: '0.0.0.0' };
    for (const entry of arrayAt(deployment?.containers[0], 'env') ?? []) {
      if (isObject(entry))
        environment[textAt(entry, 'name') ?? ''] = textAt(entry, 'value') ?? 'from a secret';
    }
    expect(() => loadConfig(environment)).not.toThrow();
  });

  test.skipIf(!HAS_KUBECTL || !HAS_VALIDATOR)("every object follows Kubernetes' own schema", () => {
    const directory = mkdtempSync(`${tmpdir()}/manifests-`);
    try {
      execFileSync('sh', [
        '-c',
        `kubectl kustomize "$0" > "$1"`,
        `${root}deploy/kubernetes/${overlay}`,
        `${directory}/all.yaml`,
      ]);
      execFileSync('kubernetes-validate', ['--strict', '--quiet', `${directory}/all.yaml`], {
        stdio: 'pipe',
      });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('deploy/prometheus', () => {
  const rules = parse(read('deploy/prometheus/detrails.rules.yml')) as JsonObject;

  test('the alerts are about metrics that the service has', async () => {
    const known = (await new Metrics('test').registry.getMetricsAsJSON()).map(({ name }) => name);
    const asked = new Set(read('deploy/prometheus/detrails.rules.yml').match(/(?<!:)\bdetrails_\w+/g));
    asked.delete('detrails_failed');
    const unknown = [...asked].filter((name) => !known.includes(name.replace(/_bucket$/, '')));
    expect(unknown).toEqual([]);
    expect(asked.size).toBeGreaterThan(10);
  });

  test('the Prometheus Operator is given the same rules', () => {
    const operator = parse(read('deploy/kubernetes/base/prometheus-rule.yaml')) as JsonObject;
    expect(objectAt(operator, 'spec')).toEqual(rules);
  });

  test.skipIf(!HAS_PROMTOOL)("promtool takes compose's configuration", () => {
    const directory = mkdtempSync(`${tmpdir()}/prometheus-`);
    try {
      copyFileSync(`${root}compose/prometheus.yml`, `${directory}/prometheus.yml`);
      copyFileSync(`${root}deploy/prometheus/detrails.rules.yml`, `${directory}/detrails.rules.yml`);
      execFileSync('promtool', ['check', 'config', 'prometheus.yml'], { cwd: directory });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

function built(overlay: string): JsonObject[] {
  const text = execFileSync('kubectl', ['kustomize', `${root}deploy/kubernetes/${overlay}`], {
    encoding: 'utf8',
  });
  return parseAllDocuments(text).map((document) => document.toJS() as JsonObject);
}

interface Pod {
  readonly name: string | undefined;
  readonly labels: JsonObject | undefined;
  readonly pod: JsonObject;
  readonly containers: readonly JsonObject[];
}

function podsOf(objects: readonly JsonObject[]): Pod[] {
  return objects.flatMap((object) => {
    const template = objectAt(objectAt(object, 'spec'), 'template');
    const pod = objectAt(template, 'spec');
    if (pod === undefined) return [];
    return {
      name: textAt(objectAt(object, 'metadata'), 'name'),
      labels: objectAt(objectAt(template, 'metadata'), 'labels'),
      pod,
      containers: (arrayAt(pod, 'containers') ?? []).filter(isObject),
    };
  });
}
