import { type Problem, problem } from '../../errors.ts';
import { isObject, type JsonObject, own } from '../../event/json.ts';
import type { PolicyKind } from '../../tables/policy-events.ts';
import { asPattern, readValue } from './literals.ts';

/**
 * A statement as IAM reads it: in what its lists hold, `*` and `?` are wildcards and `${` begins a variable, and what
 * only looks so has been put away. Lists are never empty where the element is present.
 */
export interface PolicyStatement {
  /** Its place in the document. */
  readonly index: number;
  readonly allow: boolean;
  /** Patterns of Action, or of NotAction where `otherActions` is true. */
  readonly actions: readonly string[];
  readonly otherActions: boolean;
  /** The prefixes of the only actions that a NotAction can leave, where they are known of the resource. */
  readonly within?: readonly string[];
  /** Patterns of Resource, or of NotResource where `otherResources` is true. */
  readonly resources: readonly string[];
  readonly otherResources: boolean;
  readonly principals: readonly Principal[];
  /** NotPrincipal: everyone but `principals`. */
  readonly otherPrincipals: boolean;
  readonly conditions: readonly Condition[];
}

export interface Principal {
  readonly type: 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';
  readonly name: string;
}

/** One key below one operator; operator and key are in lower case. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
  /** Another condition of the statement asks for the key to be there: `Null` of `false`. */
  readonly present?: true;
}

export interface ReadDocument {
  readonly statements: readonly PolicyStatement[];
  /** Elements that IAM would refuse; the rest is read all the same. */
  readonly problems: readonly Problem[];
}

/**
 * IAM User Guide, "Grammar of the IAM JSON policy language". `path` is put before the places of problems.
 * Element names and Effect are compared as they are written, as IAM does.
 */
export function readDocument(document: JsonObject, path: string, kind: PolicyKind): ReadDocument {
  const problems: Problem[] = [];
  if (!Object.hasOwn(document, 'Statement'))
    return { statements: [], problems: [problem('policy_invalid', join(path, 'Statement'))] };
  const variables = own(document, 'Version') === WITH_VARIABLES;
  const statements: PolicyStatement[] = [];
  for (const { entry, index, place } of statementsIn(document, path)) {
    const statement = readStatement(entry, { index, path: place, variables }, problems);
    if (statement === undefined) continue;
    statements.push(statement);
    // A role has no resources to be named in its trust, and some services let their resource policies leave them out.
    if (kind === 'identity' && statement.resources.length === 0) {
      problems.push(problem('policy_invalid', `${place}.Resource`));
    }
  }
  return { statements, problems };
}

/** The first version of the policy language with variables, and the newest. */
const WITH_VARIABLES = '2012-10-17';

/**
 * Principals of Allow statements, which have no place in an identity policy: most often it is a resource or trust
 * policy whose kind was not told. Those of a Deny are left alone, as resource control policies have them.
 */
export function misplacedPrincipals(document: JsonObject, path: string): Problem[] {
  return statementsIn(document, path).flatMap(({ entry, place }) => {
    if (!isObject(entry) || own(entry, 'Effect') !== 'Allow') return [];
    return PRINCIPAL_ELEMENTS.filter((element) => Object.hasOwn(entry, element)).map((element) =>
      problem('policy_invalid', `${place}.${element}`),
    );
  });
}

const PRINCIPAL_ELEMENTS = ['Principal', 'NotPrincipal'] as const;

/**
 * Its statements as they are written: a list, one alone, or none. `place` is the path of each, behind that of the
 * document.
 */
function statementsIn(
  document: JsonObject,
  path: string,
): readonly { readonly entry: unknown; readonly index: number; readonly place: string }[] {
  const place = join(path, 'Statement');
  const raw = own(document, 'Statement');
  if (Array.isArray(raw)) return raw.map((entry, index) => ({ entry, index, place: `${place}[${index}]` }));
  return Object.hasOwn(document, 'Statement') ? [{ entry: raw, index: 0, place }] : [];
}

function join(path: string, element: string): string {
  return path === '' ? element : `${path}.${element}`;
}

interface Place {
  readonly index: number;
  readonly path: string;
  /** Whether the document is of a version with variables. */
  readonly variables: boolean;
}

function readStatement(
  raw: unknown,
  { index, path, variables }: Place,
  problems: Problem[],
): PolicyStatement | undefined {
  if (!isObject(raw)) {
    problems.push(problem('policy_invalid', path));
    return undefined;
  }
  const effect = own(raw, 'Effect');
  if (effect !== 'Allow' && effect !== 'Deny') {
    problems.push(problem('policy_invalid', `${path}.Effect`));
    return undefined;
  }
  const read = (element: string) => texts(own(raw, element), `${path}.${element}`, problems);
  const actions = read('Action');
  const readResources = (element: string) => read(element).map((text) => asPattern(text, variables));
  const resources = readResources('Resource');
  const otherActions = actions.length === 0 && Object.hasOwn(raw, 'NotAction');
  const otherResources = resources.length === 0 && Object.hasOwn(raw, 'NotResource');
  const statement = {
    index,
    allow: effect === 'Allow',
    actions: otherActions ? read('NotAction') : actions,
    otherActions,
    resources: otherResources ? readResources('NotResource') : resources,
    otherResources,
    ...readPrincipals(raw, path, problems),
    conditions: readConditions(own(raw, 'Condition'), variables, `${path}.Condition`, problems),
  };
  if (statement.actions.length > 0) return statement;
  problems.push(problem('policy_invalid', `${path}.Action`));
  return undefined;
}

function texts(value: unknown, path: string, problems: Problem[]): string[] {
  if (value === undefined || value === null || value === '') return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const found: string[] = [];
  for (const [at, item] of list.entries()) {
    if (typeof item === 'string' && item !== '') found.push(item);
    else problems.push(problem('policy_invalid', Array.isArray(value) ? `${path}[${at}]` : path));
  }
  return found;
}

const PRINCIPAL_TYPES = ['AWS', 'Service', 'Federated', 'CanonicalUser'] as const;

function readPrincipals(raw: JsonObject, path: string, problems: Problem[]) {
  const otherPrincipals = !Object.hasOwn(raw, 'Principal') && Object.hasOwn(raw, 'NotPrincipal');
  const element = otherPrincipals ? 'NotPrincipal' : 'Principal';
  const value = own(raw, element);
  const principals: Principal[] = [];
  if (isObject(value)) {
    for (const type of PRINCIPAL_TYPES) {
      for (const name of texts(own(value, type), `${path}.${element}.${type}`, problems)) {
        principals.push({ type, name });
      }
    }
  } else
    for (const name of texts(value, `${path}.${element}`, problems)) principals.push({ type: 'AWS', name });
  return { principals, otherPrincipals };
}

function readConditions(value: unknown, variables: boolean, path: string, problems: Problem[]): Condition[] {
  const conditions: Condition[] = [];
  if (value === undefined || value === null || value === '') return conditions;
  if (!isObject(value)) {
    problems.push(problem('policy_invalid', path));
    return conditions;
  }
  for (const [name, keys] of Object.entries(value)) {
    if (!isObject(keys)) {
      problems.push(problem('policy_invalid', `${path}.${name}`));
      continue;
    }
    const operator = name.toLowerCase();
    for (const [key, values] of Object.entries(keys)) {
      const list: readonly unknown[] = Array.isArray(values) ? values : [values];
      conditions.push({
        operator,
        key: key.toLowerCase(),
        values: list
          .filter((item) => typeof item !== 'object')
          .map((item) => readValue(String(item), operator, variables)),
      });
    }
  }
  return markPresent(conditions);
}

function markPresent(conditions: Condition[]): Condition[] {
  const asked = conditions.filter(({ operator, values }) => operator === 'null' && saysFalse(values));
  if (asked.length === 0) return conditions;
  const present = new Set(asked.map(({ key }) => key));
  return conditions.map((condition) =>
    present.has(condition.key) ? { ...condition, present: true } : condition,
  );
}

function saysFalse(values: readonly string[]): boolean {
  return values.length > 0 && values.every((value) => value.toLowerCase() === 'false');
}
