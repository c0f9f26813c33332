import type { ActionTable } from '../../tables/action-table.ts';
import type { ResourceTypeRow } from '../../tables/policy-tables.ts';

interface RawArn {
  readonly text: string;
  readonly service: string;
  readonly resource: string;
  /** The resource split at colons and slashes; a part that holds a variable is empty. */
  readonly parts: readonly string[];
  /** Those that hold no variable, in lower case. */
  readonly fixed: readonly string[];
  /** Indices of the actions that take a resource of this type. */
  readonly actions: readonly number[];
}

/**
 * Raw resources that a longer ARN of the same service would match too. The first two ask for the same number of
 * slashes, the others for a slash in both or in neither.
 */
const variable = (name: string) => `\${${name}}`;
const BUCKET = variable('BucketName');
const SAME_LENGTH = new Set([`table/${variable('TableName')}`, BUCKET]);
const SAME_SLASH = new Set([
  variable('ObjectName'),
  variable('RepositoryName'),
  `${BUCKET}/${variable('ObjectName')}`,
]);
const NO_RESOURCE_TYPES: readonly RawArn[] = [];

/**
 * Which actions can be limited to a given ARN: policy_sentry's `get_actions_matching_arn`, which Cloudsplaining
 * asks only for an Allow with NotAction. `undefined` where it would raise an error.
 */
export class ArnActions {
  readonly #services = new Map<string, readonly RawArn[]>();

  constructor(table: ActionTable, resourceTypes: readonly ResourceTypeRow[]) {
    const byService = Map.groupBy(resourceTypes, ([service]) => service);
    for (const service of new Set(table.all.map((action) => action.service))) {
      this.#services.set(service, NO_RESOURCE_TYPES);
    }
    const known = new Map(
      resourceTypes.map((row) => [`${row[0]} ${row[2].toLowerCase()}`, row[1]] as const).reverse(),
    );
    for (const [service, rows] of byService) {
      this.#services.set(
        service,
        uniqueArns(rows).map((arn) => readRawArn(arn, table, known)),
      );
    }
    const catalogue = this.#services.get('servicecatalog');
    if (catalogue !== undefined && !this.#services.has('catalog')) this.#services.set('catalog', catalogue);
  }

  find(arn: string): Iterable<number> | undefined {
    const elements = splitArn(arn);
    const service = elements?.[2];
    const raws = service === undefined ? undefined : this.#services.get(service);
    if (elements === undefined || raws === undefined) return undefined;
    if (raws.length > 0 && !isWholeArn(elements)) return undefined;
    const found = new Set<number>();
    const given = readGiven(elements);
    for (const raw of raws) {
      const same = isSameType(given, raw);
      if (same === undefined) return undefined;
      if (same) for (const index of raw.actions) found.add(index);
    }
    return found;
  }
}

function uniqueArns(rows: readonly ResourceTypeRow[]): string[] {
  return [...new Set(rows.map(([, , arn]) => arn))];
}

function readRawArn(text: string, table: ActionTable, types: ReadonlyMap<string, string>): RawArn {
  const elements = splitArn(text);
  const service = elements?.[2] ?? '';
  const resource = elements?.[5] ?? '';
  const type = types
    .get(`${service === 'catalog' ? 'servicecatalog' : service} ${text.toLowerCase()}`)
    ?.toLowerCase();
  // Found under "catalog", the actions would carry that prefix, which no action of the definition has.
  const actions = type === undefined || service === 'catalog' ? [] : actionsOfType(table, service, type);
  const parts = resource.split(/[:/]/).map((part) => (part.includes('${') ? '' : part));
  const fixed = parts.filter((part) => part !== '').map((part) => part.toLowerCase());
  return { text, service, resource, parts, fixed, actions };
}

function actionsOfType(table: ActionTable, service: string, type: string): number[] {
  return [...table.actionsOf(service)]
    .filter((action) => action.resourceTypes.some((name) => name.toLowerCase() === type))
    .map((action) => action.index);
}

/** Python's `arn.split(":", 5)`: the sixth part keeps its own colons. */
function splitArn(arn: string): readonly string[] | undefined {
  const parts = arn.split(':');
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** `^arn:([^:]*):([^:]*):([^:]*):([^:]*):(.+)$`, where a dot is no newline and `$` may stand before a last one. */
function isWholeArn(elements: readonly string[]): boolean {
  return elements[0] === 'arn' && /^[^\n]+\n?$/.test(elements[5] ?? '');
}

/** An ARN of the policy, taken apart once for all resource types that it is held against. */
interface GivenArn {
  readonly service: string;
  readonly resource: string;
  readonly parts: readonly string[];
  readonly lower: ReadonlySet<string>;
}

function readGiven(elements: readonly string[]): GivenArn {
  const resource = elements[5] ?? '';
  const parts = resource.split(/[:/]/);
  return {
    service: elements[2] ?? '',
    resource,
    parts,
    lower: new Set(parts.map((part) => part.toLowerCase())),
  };
}

/** policy_sentry's `same_resource_type`; `undefined` for its IndexError. */
function isSameType({ service, resource, parts, lower }: GivenArn, raw: RawArn): boolean | undefined {
  if (raw.text === '*' || raw.service !== service) return false;
  if (parts.length > 1 && parts[0] === '*') return true;
  if (raw.fixed.some((part) => !lower.has(part))) return false;
  for (const [at, part] of raw.parts.entries()) {
    if (part === '') continue;
    const given = parts[at];
    if (given === undefined) return undefined;
    if (given !== part && given !== '*') return false;
  }
  return hasSameDepth(resource, raw.resource);
}

function hasSameDepth(resource: string, raw: string): boolean {
  if (SAME_LENGTH.has(raw)) return resource.split('/').length === raw.split('/').length;
  if (SAME_SLASH.has(raw)) return resource.includes('/') === raw.includes('/');
  return true;
}
