import { loadTables } from '../src/tables/load-tables.ts';
import type { PassedRoleRow } from '../src/tables/passed-roles.ts';
import { DATA_DIRECTORY } from './data-directory.ts';
import { readCurated } from './facts.ts';
import { readSdkModels, type SdkModel, type SdkShape } from './sdk-models.ts';

/**
 * Prints rows for data/curated/passed-roles.json: parameters of AWS's SDK models that name a role, which neither
 * that table nor data/curated/role-parameters-not-passed.json holds yet. A person reads them before they go in.
 */
interface NotPassedRow {
  /** IAM prefix, or `*`. */
  readonly service: string;
  /** The last step of the path, or the whole path. */
  readonly parameter: string;
}

const REFERENCE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html';
/** Calls that only read, or that take a role away, pass none. */
const PASSES_NONE =
  /^(?:Get|List|Describe|Search|BatchGet|Delete|BatchDelete|Head|Lookup|Disassociate|Remove|BatchRemove|Cancel|Count|Check|Converse|Invoke|Validate|Assume|BatchImport)(?![a-z])/;
const ROLE_NAME =
  /role(?:s|_?arns?|_?names?|arnforlogging)?$|roleupdate$|roleoverride$|rolenamearn$|instanceprofile(?:arn|name)?$|secretiamarn$|iamroles?$|rolearn/i;
const DEEPEST = 14;

const tables = loadTables(DATA_DIRECTORY);
const passed = readCurated<PassedRoleRow[]>('passed-roles');
const notPassed = readCurated<NotPassedRow[]>('role-parameters-not-passed');

const proposals = readSdkModels().models.flatMap(proposalsOf);
for (const row of grouped(proposals)) console.log(JSON.stringify(row));

interface Proposal {
  readonly service: string;
  readonly event: string;
  readonly paths: readonly string[];
}

function proposalsOf(model: SdkModel): Proposal[] {
  return Object.entries(model.operations).flatMap(([event, operation]) => {
    if (PASSES_NONE.test(event) || operation.input === undefined) return [];
    const service = serviceOf(model, event);
    if (service === undefined) return [];
    const paths = rolePaths(model, operation.input.shape, [], []).filter((path) =>
      isNew(service, event, path),
    );
    return paths.length === 0 ? [] : [{ service, event, paths }];
  });
}

/** application-autoscaling shares its host with EC2 Auto Scaling: its SDK name is its prefix. */
function serviceOf(model: SdkModel, event: string): string | undefined {
  if (tables.actions.find(model.sdkName, event) !== undefined) return model.sdkName;
  return tables.eventRules.find(model.eventSource, event).rule?.service;
}

function isNew(service: string, event: string, path: string): boolean {
  const leaf = path.split('.').at(-1) ?? '';
  const rejected = notPassed.some(
    (row) =>
      (row.service === '*' || row.service === service) && (row.parameter === leaf || row.parameter === path),
  );
  const known = passed.some(
    (row) => row.service === service && row.events.includes(event) && row.paths.includes(path),
  );
  return !rejected && !known;
}

/** Paths in the camelCase of CloudTrail; `*` stands for the keys of a map. */
function rolePaths(model: SdkModel, shapeName: string, path: string[], above: string[]): string[] {
  const shape = model.shapes[shapeName];
  if (shape === undefined || above.length > DEEPEST || above.includes(shapeName)) return [];
  const deeper = [...above, shapeName];
  switch (shape.type) {
    case 'structure':
      return Object.entries(shape.members ?? {}).flatMap(([name, member]) =>
        rolePaths(model, member.shape, [...path, lowerFirst(name)], deeper),
      );
    case 'list':
      return rolePaths(model, shape.member?.shape ?? '', path, deeper);
    case 'map':
      return rolePaths(model, shape.value?.shape ?? '', [...path, '*'], deeper);
    case 'string':
      return namesRole(path, shape) ? [path.join('.')] : [];
    default:
      return [];
  }
}

function namesRole(path: readonly string[], shape: SdkShape): boolean {
  if ('enum' in shape) return false;
  const name = path.findLast((step) => step !== '*') ?? '';
  return ROLE_NAME.test(name) || (shape.pattern?.includes(':role') ?? false);
}

function grouped(all: readonly Proposal[]): PassedRoleRow[] {
  const rows = new Map<string, PassedRoleRow>();
  for (const { service, event, paths } of all) {
    const key = `${service} ${paths.join(' ')}`;
    const events = [...new Set([...(rows.get(key)?.events ?? []), event])];
    rows.set(key, {
      service,
      events,
      paths,
      reason: 'Names a role that the service takes on.',
      reference: REFERENCE,
    });
  }
  return [...rows.values()].sort((a, b) => (a.service < b.service ? -1 : a.service > b.service ? 1 : 0));
}

function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
