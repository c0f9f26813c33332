import type { CloudTrailRecord } from '../../event/cloudtrail-record.ts';
import { isObject, own } from '../../event/json.ts';
import type { FieldPath } from '../../tables/policy-events.ts';

export interface Field {
  readonly path: FieldPath;
  readonly value: unknown;
}

/** The first of the fields that the record has with something in it. */
export function firstField(
  record: CloudTrailRecord,
  paths: readonly FieldPath[] | undefined,
): Field | undefined {
  for (const path of paths ?? []) {
    const value = fieldAt(record, path);
    if (!isNothing(value)) return { path, value };
  }
  return undefined;
}

export function firstText(
  record: CloudTrailRecord,
  paths: readonly FieldPath[] | undefined,
): string | undefined {
  for (const path of paths ?? []) {
    const value = fieldAt(record, path);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/** Whether one of the fields is there as a text with nothing in it. */
export function isEmptyText(record: CloudTrailRecord, paths: readonly FieldPath[] | undefined): boolean {
  return paths?.some((path) => fieldAt(record, path) === '') === true;
}

/** The texts of a field that is a text or a list of texts; what is neither is left out. */
export function textsAt(record: CloudTrailRecord, paths: readonly FieldPath[] | undefined): string[] {
  const value = firstField(record, paths)?.value;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((item): item is string => typeof item === 'string' && item !== '');
}

/** `""` and `[""]` are markers of an S3 sub-resource, not content. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return Array.isArray(value) && value.every(isNothing);
}

function fieldAt(record: CloudTrailRecord, path: FieldPath): unknown {
  let value: unknown;
  let isFirst = true;
  for (const step of stepsOf(path)) {
    if (isFirst) value = step.key === 'responseElements' ? record.responseElements : record.requestParameters;
    else value = isObject(value) ? own(value, step.key) : undefined;
    isFirst = false;
    const { pick } = step;
    if (pick !== undefined && Array.isArray(value)) {
      value = value.find((item) => isObject(item) && own(item, pick.key) === pick.value);
    }
    if (value === undefined) return undefined;
  }
  return value;
}

interface Step {
  readonly key: string;
  readonly pick?: { readonly key: string; readonly value: string };
}

const STEPS = new Map<FieldPath, readonly Step[]>();

/** Paths come from a table, so that there are no more of them than its rows name. */
function stepsOf(path: FieldPath): readonly Step[] {
  const known = STEPS.get(path);
  if (known !== undefined) return known;
  const steps = path.split('.').map(readStep);
  STEPS.set(path, steps);
  return steps;
}

function readStep(text: string): Step {
  const bracket = text.indexOf('[');
  if (bracket < 0) return { key: text };
  const [key = '', value = ''] = text.slice(bracket + 1, -1).split('=');
  return { key: text.slice(0, bracket), pick: { key, value } };
}
