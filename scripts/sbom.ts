import { readFileSync, writeFileSync } from 'node:fs';
import manifest from '../package.json' with { type: 'json' };

/**
 * The software bill of materials of what runs, as CycloneDX 1.5, out of the lock file: to standard output, or to a
 * file. `npm sbom --omit dev` leaves out what a tool needs as well as the service (ajv, yaml, semver), so this does
 * not. The same lock file makes the same bytes. `npm run --silent sbom > sbom.json`
 */
interface LockedPackage {
  readonly version: string;
  readonly license: string;
  /** `sha512-` and base64. */
  readonly integrity: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};
const FOLDER = 'node_modules/';
const running = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true);

const bom = {
  $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: {
    component: {
      'bom-ref': purlOf(manifest.name, manifest.version),
      type: 'application',
      name: manifest.name,
      version: manifest.version,
      description: manifest.description,
      licenses: [{ license: { id: manifest.license } }],
      purl: purlOf(manifest.name, manifest.version),
    },
  },
  components: unique(running.map(([path, locked]) => componentOf(path, locked))),
  dependencies: [
    { ref: purlOf(manifest.name, manifest.version), dependsOn: refsOf('', manifest.dependencies) },
    ...running.map(([path, locked]) => ({
      ref: refOf(path),
      dependsOn: refsOf(path, locked.dependencies ?? {}),
    })),
  ],
};
const text = `${JSON.stringify(bom, null, 2)}\n`;
const [path] = process.argv.slice(2);
if (path === undefined) process.stdout.write(text);
else writeFileSync(path, text);

function componentOf(path: string, { version, license, integrity, optional }: LockedPackage) {
  const name = nameOf(path);
  const isExpression = license.includes(' ');
  return {
    'bom-ref': purlOf(name, version),
    type: 'library',
    name,
    version,
    scope: optional === true ? 'optional' : 'required',
    licenses: [isExpression ? { expression: license } : { license: { id: license } }],
    purl: purlOf(name, version),
    hashes: [
      { alg: 'SHA-512', content: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex') },
    ],
  };
}

/** The same version may lie in several folders. */
function unique<T extends { readonly purl: string }>(components: readonly T[]): T[] {
  return [...new Map(components.map((component) => [component.purl, component])).values()];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);
}

/** Package URL: the @ of a scope is written %40. */
function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function refOf(path: string): string {
  return purlOf(nameOf(path), lock.packages[path]?.version ?? '');
}

/** Node's way of finding a package: in the own folder, and in each above it. */
function refsOf(from: string, dependencies: Readonly<Record<string, string>>): string[] {
  return Object.keys(dependencies).flatMap((name) => {
    for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf(FOLDER) - 1))) {
      const candidate = `${folder === '' ? '' : `${folder}/`}${FOLDER}${name}`;
      if (lock.packages[candidate] !== undefined) return [refOf(candidate)];
      if (folder === '') return [];
    }
  });
}
