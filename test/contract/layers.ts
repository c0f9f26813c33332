import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** What each room of src may import besides itself: the layers of docs/architecture.md, from the bottom up. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  thrown: [],
  'json-schema': [],
  scopes: [],
  'account-id': [],
  settings: ['json-schema', 'scopes'],
  config: ['settings', 'scopes', 'account-id'],
  'pem-file': ['config', 'thrown'],
  line: [],
  'shared-rows': ['generations', 'line'],
  redis: ['shared-rows'],
  'memory-snapshot': ['thrown'],
  generations: [],
  event: ['thrown', 'errors'],
  tables: ['config', 'thrown'],
  action: ['account-id', 'event', 'tables'],
  session: ['account-id', 'generations', 'shared-rows', 'event', 'tables', 'errors'],
  policy: ['account-id', 'shared-rows', 'event', 'tables', 'errors'],
  enrichment: ['generations', 'json-schema', 'action', 'session', 'policy', 'event', 'tables', 'errors'],
  observability: ['enrichment', 'tables', 'errors'],
  http: [
    'json-schema',
    'pem-file',
    'observability',
    'enrichment',
    'session',
    'policy',
    'event',
    'tables',
    'errors',
    'config',
    'scopes',
    'account-id',
    'line',
  ],
  report: ['enrichment', 'event', 'tables'],
  app: ['http'],
};

/** The same within `policy/`, from the bottom up. */
const MAY_IMPORT_IN_POLICY: Readonly<Record<string, readonly string[]>> = {
  'policy-findings': [],
  patterns: [],
  'newly-trusted': ['policy-findings', 'patterns'],
  'policy-summary': ['newly-trusted', 'policy-findings'],
  document: ['patterns'],
  effective: ['document', 'patterns', 'policy-summary', 'policy-findings'],
  cloudsplaining: ['patterns'],
  'analyzed-documents': ['effective', 'document', 'policy-summary'],
  'policy-analyzer': [
    'analyzed-documents',
    'effective',
    'cloudsplaining',
    'policy-summary',
    'policy-findings',
  ],
  memory: ['policy-summary'],
  events: ['policy-analyzer', 'memory', 'effective', 'document', 'policy-summary', 'policy-findings'],
};

/** The processes, and what puts them together, may import everything below them. */
const PROCESSES = [
  'server',
  'cli',
  'service',
  'context',
  'enrichment-context',
  'share-memory',
  'keep-memories',
  'reload-tables',
  'reload-access',
  'drain',
];

/** The directories of code, each of which may import those before it: what is shipped knows nothing of its tests. */
export const DIRECTORIES = ['src', 'harness', 'scripts', 'bench', 'test'];

/** Packages that belong to the door and to storage, not to the domain. */
export const DOOR_PACKAGES = [
  'fastify',
  '@fastify/',
  'prom-client',
  'pino',
  'ioredis',
  'commander',
  '@elastic/',
];
const DOMAIN = ['errors', 'shared-rows', 'event', 'tables', 'action', 'session', 'policy', 'enrichment'];

export interface Import {
  readonly from: string;
  readonly to: string;
}

/** Every static import and re-export below `root`, as paths relative to it; packages by their names. */
export function importsBelow(root: string): Import[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.flatMap((from) => {
    const text = readFileSync(join(root, from), 'utf8');
    const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
    return targets.map((target) => ({
      from,
      to: target.startsWith('.') ? relative(root, join(root, dirname(from), target)) : target,
    }));
  });
}

/** The same of all directories of code below `root`. */
export function importsOfAll(root: string): Import[] {
  return DIRECTORIES.flatMap((directory) =>
    importsBelow(join(root, directory)).map(({ from, to }) => ({
      from: join(directory, from),
      to: join(directory, to),
    })),
  );
}

/**
 * Imports between directories of code that go the wrong way, or to code in a directory without a place among them; both
 * as paths relative to what holds these.
 */
export function importsUpward(imports: readonly Import[]): string[] {
  const level = (path: string) => DIRECTORIES.indexOf(roomOf(path));
  return imports
    .filter(({ from, to }) => level(to) > level(from) || (to.endsWith('.ts') && level(to) === -1))
    .map(({ from, to }) => `${from} imports ${to}`);
}

/** What a room may import and does not: a permission that nobody uses says nothing about the code. */
export function unusedPermissions(imports: readonly Import[]): string[] {
  const used = new Set(imports.map(({ from, to }) => `${roomOf(from)} ${roomOf(to)}`));
  const usedInPolicy = new Set(
    imports
      .filter(({ from, to }) => from.startsWith('policy/') && to.startsWith('policy/'))
      .map(({ from, to }) => `policy/${roomInPolicy(from)} ${roomInPolicy(to)}`),
  );
  const all = (allowed: typeof MAY_IMPORT, before: string) =>
    Object.entries(allowed).flatMap(([room, targets]) =>
      targets.map((target) => `${before}${room} ${target}`),
    );
  return [
    ...all(MAY_IMPORT, '').filter((one) => !used.has(one)),
    ...all(MAY_IMPORT_IN_POLICY, 'policy/').filter((one) => !usedInPolicy.has(one)),
  ];
}

export function forbiddenImports(imports: readonly Import[]): string[] {
  return imports.filter((entry) => !isAllowed(entry)).map(({ from, to }) => `${from} imports ${to}`);
}

function isAllowed({ from, to }: Import): boolean {
  const room = roomOf(from);
  if (!to.endsWith('.ts'))
    return !(DOMAIN.includes(room) && DOOR_PACKAGES.some((name) => to.startsWith(name)));
  const target = roomOf(to);
  if (target === room) return room !== 'policy' || isAllowedInPolicy(from, to);
  return PROCESSES.includes(room) || (MAY_IMPORT[room]?.includes(target) ?? false);
}

function isAllowedInPolicy(from: string, to: string): boolean {
  const [room, target] = [roomInPolicy(from), roomInPolicy(to)];
  return target === room || (MAY_IMPORT_IN_POLICY[room]?.includes(target) ?? false);
}

/** What loading a file loads of ours, and the packages that these import; itself among them. */
export function loadedBy(file: string, imports: readonly Import[]): Set<string> {
  const loaded = new Set([file]);
  for (const one of loaded) for (const { from, to } of imports) if (from === one) loaded.add(to);
  return loaded;
}

/** The first cycle found, as the files along it; empty where there is none. */
export function importCycle(imports: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (finished.has(file)) return [];
    for (const target of next.get(file) ?? []) {
      const cycle = visit(target, [...path, file]);
      if (cycle.length > 0) return cycle;
    }
    finished.add(file);
    return [];
  };
  for (const file of next.keys()) {
    const cycle = visit(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

function roomInPolicy(path: string): string {
  return roomOf(path.slice('policy/'.length));
}

function roomOf(path: string): string {
  return (path.split('/')[0] ?? '').replace(/\.ts$/, '');
}
