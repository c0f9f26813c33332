import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const json = (path: string) => JSON.parse(readFileSync(root + path, 'utf8'));
const manifest = json('package.json') as { dependencies: Record<string, string> };
const lock = json('package-lock.json') as {
  packages: Record<string, { version?: string; license?: string; integrity?: string; dev?: boolean }>;
};
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

/** Whoever links to these must be under them as well; MPL-2.0 asks that of its own files only. */
const NOT_TAKEN = /\b(A|L)?GPL\b|\bSSPL\b|\bBUSL\b|Elastic-|UNLICENSED|SEE LICENSE/i;

describe('dependencies', () => {
  test('docs/dependencies.md has each that runs, with its licence and a reason, and no other', () => {
    const rows = [
      ...readFileSync(`${root}docs/dependencies.md`, 'utf8').matchAll(
        /^\| `([^`]+)` \| ([^|]+) \| (.+) \|$/gm,
      ),
    ];
    expect(rows.map(([, name]) => name).sort()).toEqual(Object.keys(manifest.dependencies).sort());
    for (const [, name = '', licence, reason = ''] of rows) {
      expect(licence, name).toBe(lock.packages[`node_modules/${name}`]?.license);
      expect(reason.length, name).toBeGreaterThan(30);
    }
  });

  test('no package, tools included, is under a licence that would bind the project', () => {
    expect(packages.length).toBeGreaterThan(200);
    const bad = packages
      .filter(([, { license = 'UNLICENSED' }]) => NOT_TAKEN.test(license))
      .map(([path]) => path);
    expect(bad).toEqual([]);
    expect(
      ['AGPL-3.0-only', 'GPL-2.0', 'LGPL-3.0-or-later'].every((licence) => NOT_TAKEN.test(licence)),
    ).toBe(true);
  });

  test('none of the AGPL packages of the field is anywhere in the tree', () => {
    const names = packages.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 13));
    const agpl = ['iam-policy', 'iam-expand', 'iam-simulate', 'iam-utils'].map(
      (name) => `@cloud-copilot/${name}`,
    );
    expect(names.filter((name) => agpl.includes(name))).toEqual([]);
  });

  test('the lock file pins each by its hash', () => {
    expect(packages.filter(([, { integrity }]) => integrity === undefined).map(([path]) => path)).toEqual([]);
  });

  test('src imports nothing that is not a dependency of its own', () => {
    const files = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const imported = new Set<string>();
    for (const file of files) {
      for (const [, name = ''] of readFileSync(`${root}src/${file}`, 'utf8').matchAll(
        /^import (?!type).*?from '([^.'][^']*)'/gm,
      )) {
        const parts = name.split('/');
        if (!name.startsWith('node:')) imported.add(parts.slice(0, name.startsWith('@') ? 2 : 1).join('/'));
      }
    }
    expect([...imported].filter((name) => !Object.hasOwn(manifest.dependencies, name))).toEqual([]);
    expect(imported.size).toBeGreaterThan(8);
  });

  test('the bill of materials is CycloneDX, names what runs with its licence, and is the same each time', () => {
    const write = () => execFileSync(process.execPath, ['scripts/sbom.ts'], { cwd: root, encoding: 'utf8' });
    const text = write();
    const bom = JSON.parse(text) as {
      bomFormat: string;
      metadata: { component: { name: string } };
      components: { 'bom-ref': string; name: string; version: string; licenses?: unknown[] }[];
      dependencies: { dependsOn: string[] }[];
    };
    expect([bom.bomFormat, bom.metadata.component.name]).toEqual(['CycloneDX', 'detrails']);
    const names = bom.components.map(({ name }) => name);
    const running = packages.filter(([, { dev }]) => dev !== true);
    const expected = running.map(
      ([path, { version }]) => `${path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`,
    );
    expect(bom.components.map(({ name, version }) => `${name}@${version}`).sort()).toEqual(
      [...new Set(expected)].sort(),
    );
    for (const name of Object.keys(manifest.dependencies)) expect(names).toContain(name);
    const refs = new Set(bom.components.map((component) => component['bom-ref']));
    for (const { dependsOn } of bom.dependencies) for (const ref of dependsOn) expect(refs).toContain(ref);
    expect(names).not.toContain('vitest');
    expect(bom.components.every(({ licenses = [] }) => licenses.length > 0)).toBe(true);
    expect(write()).toBe(text);
  });
});
