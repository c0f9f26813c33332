import { isObject, own } from '../../src/event/json.ts';

/**
 * What a field of the answer must hold: a plain value equals the field, or is an element of it where it is a list.
 * `starts_with` also looks into lists; `absent` says that the field is left out.
 */
export type Matcher =
  | string
  | number
  | boolean
  | { readonly any_of: readonly (string | number | boolean)[] }
  | { readonly all_of: readonly (string | number | boolean)[] }
  | { readonly at_least: number }
  | { readonly at_most: number }
  | { readonly starts_with: string }
  | { readonly absent: true };

/** Path in the answer, such as `risk.level`, and what stands there. */
export type Expectation = Readonly<Record<string, Matcher>>;

export interface ExpectedEvent {
  readonly event_id: string;
  readonly event_name: string;
  readonly expect: Expectation;
}

export interface ExpectedStep {
  readonly step: string;
  readonly title: string;
  /** File names under elastic/detections, without the ending, of the rules that must fire in this step. */
  readonly detections: readonly string[];
  readonly events: readonly ExpectedEvent[];
}

/** The sidecar of a file of events: what the answers to them must say. */
export interface Expected {
  readonly scenario: string;
  readonly title: string;
  /** Whether no detection at all may fire on the file, except in steps that name one. */
  readonly controls: boolean;
  /** Who stands behind every step. */
  readonly root?: string;
  readonly steps: readonly ExpectedStep[];
}

/** The expectations that an answer misses, each as a sentence; none where all is as it must be. */
export function missed(answer: unknown, expect: Expectation): readonly string[] {
  return Object.entries(expect).flatMap(([path, matcher]) => {
    const found = valueAt(answer, path);
    return fits(found, matcher)
      ? []
      : [`${path} is ${JSON.stringify(found) ?? 'absent'}, not ${JSON.stringify(matcher)}`];
  });
}

export function valueAt(answer: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (isObject(value) ? own(value, name) : undefined), answer);
}

function fits(found: unknown, matcher: Matcher): boolean {
  if (typeof matcher !== 'object') return listOf(found).includes(matcher);
  if ('absent' in matcher) return found === undefined;
  if ('any_of' in matcher) return listOf(found).some((value) => matcher.any_of.some((one) => one === value));
  if ('all_of' in matcher) return matcher.all_of.every((one) => listOf(found).includes(one));
  if ('starts_with' in matcher) {
    return listOf(found).some((value) => typeof value === 'string' && value.startsWith(matcher.starts_with));
  }
  if (typeof found !== 'number') return false;
  return 'at_least' in matcher ? found >= matcher.at_least : found <= matcher.at_most;
}

function listOf(found: unknown): readonly unknown[] {
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found];
}
