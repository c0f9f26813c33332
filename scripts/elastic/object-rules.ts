import { arrayAt, isObject, type JsonObject, objectAt, own, textAt } from '../../src/event/json.ts';

/** What a file of saved objects must keep, whatever the objects are. */
export interface Flavour {
  readonly name: 'kibana' | 'opensearch';
  readonly versions: Readonly<Record<string, string>>;
  /** Attributes that an import accepts; any other is refused. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

const SEARCH = ['title', 'description', 'columns', 'sort', 'kibanaSavedObjectMeta', 'hits', 'version'];
const DASHBOARD = [
  'title',
  'description',
  'version',
  'kibanaSavedObjectMeta',
  'optionsJSON',
  'panelsJSON',
  'timeRestore',
  'timeFrom',
  'timeTo',
  'refreshInterval',
  'hits',
];

export const KIBANA: Flavour = {
  name: 'kibana',
  versions: { 'index-pattern': '8.0.0', dashboard: '8.9.0', search: '8.0.0' },
  attributes: {
    'index-pattern': [
      'title',
      'name',
      'timeFieldName',
      'allowNoIndex',
      'fieldFormatMap',
      'fieldAttrs',
      'runtimeFieldMap',
      'sourceFilters',
    ],
    dashboard: [...DASHBOARD, 'controlGroupInput'],
    search: [...SEARCH, 'grid', 'hideChart', 'rowHeight', 'rowsPerPage', 'breakdownField', 'viewMode'],
  },
};

export const OPENSEARCH: Flavour = {
  name: 'opensearch',
  versions: { 'index-pattern': '7.6.0', dashboard: '7.9.3', search: '7.9.3', visualization: '7.10.0' },
  attributes: {
    'index-pattern': ['title', 'timeFieldName', 'fieldFormatMap', 'sourceFilters'],
    dashboard: DASHBOARD,
    search: SEARCH,
    visualization: [
      'title',
      'description',
      'uiStateJSON',
      'version',
      'visState',
      'kibanaSavedObjectMeta',
      'savedSearchRefName',
    ],
  },
};

export interface ReadFile {
  readonly objects: readonly JsonObject[];
  readonly errors: readonly string[];
}

/** Rule 1: each line is an object, the last is the summary, and no object stands there twice. */
export function readObjects(text: string): ReadFile {
  const errors: string[] = [];
  if (!text.endsWith('\n')) errors.push('the last line does not end');
  const lines = text.trimEnd().split('\n').map(parseLine);
  if (lines.some((line) => line === undefined)) errors.push('a line is no JSON object');
  const objects = lines.slice(0, -1).filter((line) => line !== undefined);
  const summary = lines.at(-1);
  if (summary?.['exportedCount'] !== objects.length)
    errors.push('the summary does not say how many objects there are');
  if (objects.some((object) => 'exportedCount' in object)) errors.push('there is a second summary');
  const names = objects.map(nameOf);
  if (new Set(names).size !== names.length) errors.push('an object stands there twice');
  return { objects, errors };
}

function parseLine(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function nameOf(object: JsonObject): string {
  return `${textAt(object, 'type')}:${textAt(object, 'id')}`;
}

/** Rules 2 to 5: versions, attributes, JSON in strings, and references that name something in the file. */
export function objectErrors(
  object: JsonObject,
  all: readonly JsonObject[],
  flavour: Flavour,
): readonly string[] {
  const errors = [
    ...versionErrors(object, flavour),
    ...attributeErrors(object, flavour),
    ...jsonErrors(object),
    ...referenceErrors(object, all),
  ];
  return errors.map((error) => `${nameOf(object)}: ${error}`);
}

function versionErrors(object: JsonObject, flavour: Flavour): readonly string[] {
  const type = textAt(object, 'type') ?? '';
  const wanted = flavour.versions[type];
  if (wanted === undefined) return [`objects of type ${type} are not for ${flavour.name}`];
  const isRight =
    flavour.name === 'kibana'
      ? textAt(object, 'typeMigrationVersion') === wanted &&
        textAt(object, 'coreMigrationVersion') === '8.8.0' &&
        !('migrationVersion' in object)
      : textAt(objectAt(object, 'migrationVersion'), type) === wanted && !('typeMigrationVersion' in object);
  return isRight ? [] : ['its version is not the oldest that is read everywhere'];
}

function attributeErrors(object: JsonObject, flavour: Flavour): readonly string[] {
  const known = flavour.attributes[textAt(object, 'type') ?? ''] ?? [];
  const attributes = objectAt(object, 'attributes') ?? {};
  const errors = Object.keys(attributes)
    .filter((name) => !known.includes(name))
    .map((name) => `the attribute ${name} is not accepted`);
  if (textAt(attributes, 'title') === undefined) errors.push('it has no title');
  const hasTimes = textAt(attributes, 'timeFrom') !== undefined && textAt(attributes, 'timeTo') !== undefined;
  if (attributes['timeRestore'] === true && !hasTimes) errors.push('timeRestore needs timeFrom and timeTo');
  return errors;
}

/** Every JSON text in an object, with the way to it. */
export function jsonTexts(value: unknown, path = ''): readonly (readonly [path: string, text: unknown])[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => jsonTexts(item, `${path}[${index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return name.endsWith('JSON') || name === 'visState' ? [[at, inner] as const] : jsonTexts(inner, at);
  });
}

function jsonErrors(object: JsonObject): readonly string[] {
  return jsonTexts(object)
    .filter(([, text]) => typeof text !== 'string' || !isJson(text))
    .map(([path]) => `${path} is no JSON text`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export interface NamedReference {
  readonly type: string;
  readonly id: string;
  readonly name: string;
}

export function referencesOf(object: JsonObject): readonly NamedReference[] {
  return (arrayAt(object, 'references') ?? []).filter(isObject).map((reference) => ({
    type: textAt(reference, 'type') ?? '',
    id: textAt(reference, 'id') ?? '',
    name: textAt(reference, 'name') ?? '',
  }));
}

function referenceErrors(object: JsonObject, all: readonly JsonObject[]): readonly string[] {
  if (arrayAt(object, 'references') === undefined) return ['it has no list of references'];
  const references = referencesOf(object);
  const names = references.map(({ name }) => name);
  const targets = new Set(all.map(nameOf));
  const used = usedNames(object);
  return [
    ...(new Set(names).size === names.length ? [] : ['two references have one name']),
    ...references
      .filter(({ type, id }) => !targets.has(`${type}:${id}`))
      .map(({ type, id }) => `it refers to ${type}:${id}, which is not in the file`),
    ...names.filter((name) => !used.has(name)).map((name) => `nothing uses the reference ${name}`),
    ...[...used].filter((name) => !names.includes(name)).map((name) => `the reference ${name} is missing`),
  ];
}

/** The names of references that the object's panels, layers, controls and searches look for. */
export function usedNames(object: JsonObject): ReadonlySet<string> {
  const attributes = objectAt(object, 'attributes') ?? {};
  const names = new Set<string>();
  for (const [, text] of jsonTexts(attributes)) {
    if (typeof text !== 'string' || !isJson(text)) continue;
    collectRefNames(JSON.parse(text), names);
  }
  for (const panel of panelsOf(attributes)) {
    const id = textAt(panel, 'panelIndex') ?? '';
    const name = textAt(panel, 'panelRefName');
    // Kibana looks for the panel's id in front of the name; OpenSearch Dashboards for the bare name.
    if (name !== undefined) names.add(textAt(panel, 'type') === undefined ? name : `${id}:${name}`);
    const lens = objectAt(objectAt(panel, 'embeddableConfig'), 'attributes');
    for (const { name } of lens === undefined ? [] : referencesOf(lens)) names.add(`${id}:${name}`);
  }
  for (const { id, type } of controlsOf(attributes)) {
    names.add(`controlGroup_${id}:${type === 'rangeSliderControl' ? 'rangeSlider' : 'optionsList'}DataView`);
  }
  return names;
}

function collectRefNames(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collectRefNames(item, names);
  if (!isObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const isName = key === 'indexRefName' || key === 'indexPatternRefName' || key === 'savedSearchRefName';
    if (isName && typeof inner === 'string') names.add(inner);
    else collectRefNames(inner, names);
  }
}

export function panelsOf(attributes: JsonObject): readonly JsonObject[] {
  const panels: unknown = JSON.parse(textAt(attributes, 'panelsJSON') ?? '[]');
  return Array.isArray(panels) ? panels.filter(isObject) : [];
}

export interface ReadControl {
  readonly id: string;
  readonly type: string;
  readonly control: JsonObject;
}

export function controlsOf(attributes: JsonObject): readonly ReadControl[] {
  const group = objectAt(attributes, 'controlGroupInput');
  if (group === undefined) return [];
  const controls: unknown = JSON.parse(textAt(group, 'panelsJSON') ?? '{}');
  if (!isObject(controls)) return [];
  return Object.keys(controls).flatMap((id) => {
    const control = own(controls, id);
    return isObject(control) ? [{ id, type: textAt(control, 'type') ?? '', control }] : [];
  });
}
